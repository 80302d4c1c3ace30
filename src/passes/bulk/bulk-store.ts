import { and, asc, desc, eq, gt, lt, or, sql } from "drizzle-orm";
import type { Queries } from "../../db/database.ts";
import { given, prepared } from "../../db/prepared.ts";
import { bulkJobs, bulkRows } from "../../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../../page.ts";
import type { BulkJob, LineError, LineResult, ReadLine } from "./bulk.ts";

type JobRow = typeof bulkJobs.$inferSelect;

/** A line that is still to be done. */
export interface PendingLine {
  readonly line: number;
  readonly input: string;
}

export type NewBulkJob = Pick<BulkJob, "id" | "accountId" | "mode" | "templateId" | "createdAt">;

/** A job whose lines are still coming. */
export async function insertBulkJob(query: Queries, job: NewBulkJob): Promise<void> {
  await query.insert(bulkJobs).values({ ...job, state: "receiving" });
}

const insertLine = prepared((query) =>
  query
    .insert(bulkRows)
    .values({
      jobId: given("jobId"),
      line: given("line"),
      state: given("state"),
      input: given("input"),
      error: given("error"),
    })
    .prepare(),
);

export async function insertLines(query: Queries, jobId: string, lines: readonly ReadLine[]): Promise<void> {
  for (const one of lines) {
    const { line } = one;
    await insertLine(query).execute(
      "refused" in one
        ? { jobId, line, state: "failed", input: null, error: JSON.stringify(one.refused) }
        : { jobId, line, state: "pending", input: one.input, error: null },
    );
  }
}

/** All lines are there: from now on they are worked on. */
export async function startBulkJob(
  query: Queries,
  id: string,
  received: Pick<BulkJob, "total" | "failed" | "unusedColumns"> & { readonly idempotencyKey: string | null },
): Promise<void> {
  await query
    .update(bulkJobs)
    .set({ ...received, unusedColumns: JSON.stringify(received.unusedColumns), state: "running" })
    .where(and(eq(bulkJobs.id, id), eq(bulkJobs.state, "receiving")));
}

/** A job that was received whole. */
export async function findBulkJob(
  query: Queries,
  accountId: string,
  by: { readonly id: string } | { readonly idempotencyKey: string },
): Promise<BulkJob | undefined> {
  const isMeant = "id" in by ? eq(bulkJobs.id, by.id) : eq(bulkJobs.idempotencyKey, by.idempotencyKey);
  const [row] = await query
    .select()
    .from(bulkJobs)
    .where(and(eq(bulkJobs.accountId, accountId), isMeant, sql`${bulkJobs.state} <> 'receiving'`));
  return row && toJob(row);
}

/** Those that were received whole, the newest first. */
export async function listBulkJobs(query: Queries, accountId: string, page: PageRequest): Promise<Page<BulkJob>> {
  const after = /^(\d+)\.(.+)$/.exec(page.after ?? "");
  const rows = await query
    .select()
    .from(bulkJobs)
    .where(
      and(
        eq(bulkJobs.accountId, accountId),
        sql`${bulkJobs.state} <> 'receiving'`,
        after ? sql`(${bulkJobs.createdAt}, ${bulkJobs.id}) < (${Number(after[1])}, ${after[2] ?? ""})` : undefined,
      ),
    )
    .orderBy(desc(bulkJobs.createdAt), desc(bulkJobs.id))
    .limit(page.limit + 1);
  return pageOf(rows.map(toJob), page.limit, ({ createdAt, id }) => `${createdAt}.${id}`);
}

export interface FailedLine {
  readonly line: number;
  readonly error: LineError;
}

export async function failedLines(query: Queries, jobId: string, limit: number): Promise<FailedLine[]> {
  const rows = await query
    .select({ line: bulkRows.line, error: bulkRows.error })
    .from(bulkRows)
    .where(and(eq(bulkRows.jobId, jobId), eq(bulkRows.state, "failed")))
    .orderBy(asc(bulkRows.line))
    .limit(limit);
  return rows.map(({ line, error }) => ({ line, error: JSON.parse(error ?? "{}") }));
}

const nextLines = prepared((query) =>
  query
    .select({ line: bulkRows.line, input: bulkRows.input })
    .from(bulkRows)
    .where(and(eq(bulkRows.jobId, given("jobId")), sql`${bulkRows.state} = 'pending'`))
    .orderBy(asc(bulkRows.line))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/** The next lines to be done, in their order. */
export async function pendingLines(query: Queries, jobId: string, limit: number): Promise<PendingLine[]> {
  const rows = await nextLines(query).execute({ jobId, limit });
  return rows.map(({ line, input }) => ({ line, input: input ?? "" }));
}

const openLine = prepared((query) =>
  query
    .select({ line: bulkRows.line })
    .from(bulkRows)
    .innerJoin(bulkJobs, eq(bulkJobs.id, bulkRows.jobId))
    .where(
      and(
        eq(bulkRows.jobId, given("jobId")),
        eq(bulkRows.line, given("line")),
        sql`${bulkRows.state} = 'pending'`,
        sql`${bulkJobs.state} = 'running'`,
      ),
    )
    .prepare(),
);

/** Whether the line is still to be done. */
export async function isOpen(query: Queries, jobId: string, line: number): Promise<boolean> {
  return (await openLine(query).execute({ jobId, line })).length > 0;
}

const setResult = prepared((query) =>
  query
    .update(bulkRows)
    .set({
      input: null,
      state: sql`${given("state")}`,
      outcome: sql`${given("outcome")}`,
      serial: sql`${given("serial")}`,
      error: sql`${given("error")}`,
    })
    .where(
      and(eq(bulkRows.jobId, given("jobId")), eq(bulkRows.line, given("line")), sql`${bulkRows.state} = 'pending'`),
    )
    .returning({ line: bulkRows.line })
    .prepare(),
);
const countDone = prepared((query) =>
  query
    .update(bulkJobs)
    .set({ done: sql`${bulkJobs.done} + 1` })
    .where(eq(bulkJobs.id, given("jobId")))
    .prepare(),
);
const countFailed = prepared((query) =>
  query
    .update(bulkJobs)
    .set({ failed: sql`${bulkJobs.failed} + 1` })
    .where(eq(bulkJobs.id, given("jobId")))
    .prepare(),
);

/** Stores what became of a line, once; what it said is forgotten. */
export async function settleLine(
  query: Queries,
  jobId: string,
  line: number,
  result: Extract<LineResult, { state: "done" | "failed" }>,
): Promise<void> {
  const { state } = result;
  const settled = await setResult(query).execute({
    ...{ jobId, line, state },
    outcome: state === "done" ? result.outcome : null,
    serial: state === "done" ? result.serial : null,
    error: state === "failed" ? JSON.stringify(result.error) : null,
  });
  if (settled.length > 0) await (state === "done" ? countDone : countFailed)(query).execute({ jobId });
}

/** Ends a job that runs; answers whether it did. Its lines are dropped by `dropPending`. */
export async function cancelBulkJob(query: Queries, accountId: string, id: string, now: number): Promise<boolean> {
  const rows = await query
    .update(bulkJobs)
    .set({ state: "cancelled", finishedAt: now })
    .where(and(eq(bulkJobs.accountId, accountId), eq(bulkJobs.id, id), eq(bulkJobs.state, "running")))
    .returning({ id: bulkJobs.id });
  return rows.length > 0;
}

/** Cancels up to `limit` lines that were not done; answers how many. */
export async function dropPending(query: Queries, jobId: string, limit: number): Promise<number> {
  const dropped = await query
    .update(bulkRows)
    .set({ state: "cancelled", input: null })
    .where(
      and(
        eq(bulkRows.jobId, jobId),
        sql`${bulkRows.line} in (select line from bulk_rows where job_id = ${jobId} and state = 'pending' order by line limit ${limit})`,
      ),
    )
    .returning({ line: bulkRows.line });
  await query
    .update(bulkJobs)
    .set({ cancelled: sql`${bulkJobs.cancelled} + ${dropped.length}` })
    .where(eq(bulkJobs.id, jobId));
  return dropped.length;
}

/** A job without a line to be done is done. */
export async function finishBulkJob(query: Queries, id: string, now: number): Promise<void> {
  await query
    .update(bulkJobs)
    .set({ state: "done", finishedAt: now })
    .where(and(eq(bulkJobs.id, id), eq(bulkJobs.state, "running")));
}

/** What became of up to `limit` lines after `line`. */
export async function lineResults(
  query: Queries,
  jobId: string,
  after: number,
  limit: number,
): Promise<{ line: number; result: LineResult }[]> {
  const rows = await query
    .select()
    .from(bulkRows)
    .where(and(eq(bulkRows.jobId, jobId), gt(bulkRows.line, after)))
    .orderBy(asc(bulkRows.line))
    .limit(limit);
  return rows.map(({ line, state, outcome, serial, error }) => {
    if (outcome !== null && serial !== null) return { line, result: { state: "done", outcome, serial } };
    if (error !== null) return { line, result: { state: "failed", error: JSON.parse(error) } };
    return { line, result: { state: state === "cancelled" ? "cancelled" : "pending" } };
  });
}

/** Ids of jobs made before `before`, and of those whose lines stopped coming before `abandonedBefore`. */
export async function oldBulkJobs(query: Queries, before: number, abandonedBefore: number): Promise<string[]> {
  const rows = await query
    .select({ id: bulkJobs.id })
    .from(bulkJobs)
    .where(
      or(lt(bulkJobs.createdAt, before), and(lt(bulkJobs.createdAt, abandonedBefore), eq(bulkJobs.state, "receiving"))),
    );
  return rows.map(({ id }) => id);
}

/** Removes up to `limit` of a job's lines, and the job with the last of them; answers whether it is gone. */
export async function removeSome(query: Queries, jobId: string, limit: number): Promise<boolean> {
  const removed = await query
    .delete(bulkRows)
    .where(
      and(
        eq(bulkRows.jobId, jobId),
        sql`${bulkRows.line} in (select line from bulk_rows where job_id = ${jobId} order by line limit ${limit})`,
      ),
    )
    .returning({ line: bulkRows.line });
  if (removed.length === limit) return false;
  await query.delete(bulkJobs).where(eq(bulkJobs.id, jobId));
  return true;
}

function toJob({ idempotencyKey: _, unusedColumns, ...row }: JobRow): BulkJob {
  return { ...row, unusedColumns: JSON.parse(unusedColumns) };
}

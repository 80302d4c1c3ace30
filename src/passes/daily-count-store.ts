import { and, eq, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { dailyCounts } from "../db/schema.ts";
import type { LifecycleEventKind, Pass } from "./pass.ts";

type CountedKind = (typeof dailyCounts.$inferSelect)["kind"];

const DAY_MS = 86_400_000;

const countOne = prepared((query) =>
  query
    .insert(dailyCounts)
    .values({ ...givenRow(dailyCounts, "count"), count: 1 })
    .onConflictDoUpdate({
      target: [dailyCounts.accountId, dailyCounts.templateId, dailyCounts.kind, dailyCounts.day],
      set: { count: sql`${dailyCounts.count} + 1` },
    })
    .prepare(),
);

/** Counts what happened to a pass at that time; `pass` is as it is after it. */
export async function countEvent(query: Queries, pass: Pass, kind: LifecycleEventKind, at: number): Promise<void> {
  const { accountId, templateId, installedAt } = pass;
  const counted: CountedKind[] = [kind];
  // An uninstalled pass has lost its time of installation; a deleted one keeps it.
  if (kind === "deleted" && installedAt !== null) counted.push("deleted_installed");
  const day = Math.floor(at / DAY_MS);
  for (const each of counted) await countOne(query).execute({ accountId, templateId, kind: each, day });
}

/** Passes of a template: all that were ever issued, and those that sit in a wallet now. */
export interface TemplateCounts {
  readonly issued: number;
  readonly installed: number;
}

const { kind, count } = dailyCounts;
const sums = {
  issued: sql<number>`coalesce(sum(iif(${kind} = 'created', ${count}, 0)), 0)`,
  installed: sql<number>`coalesce(sum(case ${kind} when 'installed' then ${count} when 'uninstalled' then -${count} when 'deleted_installed' then -${count} end), 0)`,
};

const byTemplate = prepared((query) =>
  query
    .select({ templateId: dailyCounts.templateId, ...sums })
    .from(dailyCounts)
    .where(eq(dailyCounts.accountId, given("accountId")))
    .groupBy(dailyCounts.templateId)
    .prepare(),
);

/** Of all the account's templates that a pass was ever issued of. */
export async function countsByTemplate(
  query: Queries,
  accountId: string,
): Promise<ReadonlyMap<string, TemplateCounts>> {
  const rows = await byTemplate(query).execute({ accountId });
  return new Map(rows.map(({ templateId, ...counts }) => [templateId, counts]));
}

const ofTemplate = prepared((query) =>
  query
    .select(sums)
    .from(dailyCounts)
    .where(and(eq(dailyCounts.accountId, given("accountId")), eq(dailyCounts.templateId, given("templateId"))))
    .prepare(),
);

export async function countsOfTemplate(query: Queries, accountId: string, templateId: string): Promise<TemplateCounts> {
  return (await ofTemplate(query).execute({ accountId, templateId }))[0] ?? NO_COUNTS;
}

export const NO_COUNTS: TemplateCounts = { issued: 0, installed: 0 };

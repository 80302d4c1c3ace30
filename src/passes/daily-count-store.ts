import { and, eq, gte, sql } from "drizzle-orm";
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
  for (const each of counted) await countOne(query).execute({ accountId, templateId, kind: each, day: dayOf(at) });
}

/** Counts that a person got a pass for the first time. */
export async function countFetched(query: Queries, { accountId, templateId }: Pass, at: number): Promise<void> {
  await countOne(query).execute({ accountId, templateId, kind: "fetched", day: dayOf(at) });
}

/** Days since 1970-01-01, in UTC. */
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

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

export interface DayCount {
  readonly day: number;
  readonly kind: CountedKind;
  readonly count: number;
}

/** What happened on each day from `fromDay` on, to passes of one template or of all the account's. */
export async function countsByDay(
  query: Queries,
  wanted: { readonly accountId: string; readonly templateId?: string | undefined; readonly fromDay: number },
): Promise<DayCount[]> {
  const { accountId, templateId, fromDay } = wanted;
  return query
    .select({ day: dailyCounts.day, kind, count: sql<number>`sum(${count})` })
    .from(dailyCounts)
    .where(
      and(
        eq(dailyCounts.accountId, accountId),
        templateId === undefined ? undefined : eq(dailyCounts.templateId, templateId),
        gte(dailyCounts.day, fromDay),
      ),
    )
    .groupBy(dailyCounts.day, kind);
}

export const NO_COUNTS: TemplateCounts = { issued: 0, installed: 0 };

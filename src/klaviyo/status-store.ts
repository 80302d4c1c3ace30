import { and, asc, desc, eq, ne, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { outbox } from "../db/schema.ts";
import type { JobState } from "../outbox/job.ts";
import { CHANNEL } from "./jobs.ts";
import { RESYNC_JOB } from "./resync.ts";

export interface BacklogEntry {
  readonly kind: string;
  readonly state: JobState;
  readonly jobs: number;
}

/** How many jobs of each kind and state an account has for Klaviyo, and since when the oldest living one is there (ms). */
export async function readBacklog(
  query: Queries,
  accountId: string,
): Promise<{ readonly entries: readonly BacklogEntry[]; readonly oldestSince: number | null }> {
  // Everything asked for is in the index `outbox_due`, so that a long backlog is not read row by row.
  const groups = await query
    .select({
      kind: outbox.kind,
      state: outbox.state,
      jobs: sql<number>`count(*)`,
      firstId: sql<number>`min(${outbox.id})`,
    })
    .from(outbox)
    .where(and(eq(outbox.accountId, accountId), eq(outbox.channel, CHANNEL)))
    .groupBy(outbox.kind, outbox.state);
  const living = groups.filter(({ state }) => state !== "dead").map(({ firstId }) => firstId);
  const [oldest] =
    living.length === 0
      ? []
      : await query
          .select({ createdAt: outbox.createdAt })
          .from(outbox)
          .where(eq(outbox.id, Math.min(...living)));
  return {
    entries: groups.map(({ kind, state, jobs }) => ({ kind, state, jobs })),
    oldestSince: oldest?.createdAt ?? null,
  };
}

/** The jobs that failed for good last. */
export const latestDeadJobs = (query: Queries, accountId: string, limit: number) =>
  query
    .select({
      id: outbox.id,
      kind: outbox.kind,
      serial: outbox.orderingKey,
      attempts: outbox.attempts,
      error: outbox.lastError,
    })
    .from(outbox)
    .where(and(eq(outbox.accountId, accountId), eq(outbox.channel, CHANNEL), eq(outbox.state, "dead")))
    .orderBy(desc(outbox.id))
    .limit(limit);

/** The payloads of resyncs that are not through, in the order in which they are done. */
export async function listResyncPayloads(
  query: Queries,
  accountId: string,
): Promise<Record<string, string | number>[]> {
  const rows = await query
    .select({ payload: outbox.payload })
    .from(outbox)
    .where(and(eq(outbox.accountId, accountId), eq(outbox.kind, RESYNC_JOB), ne(outbox.state, "dead")))
    .orderBy(asc(outbox.id));
  // Written by the outbox.
  return rows.map(({ payload }) => JSON.parse(payload) as Record<string, string | number>);
}

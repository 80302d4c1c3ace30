import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { outbox, outboxLanes } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import type { JobState } from "./job.ts";
import type { JobRow } from "./outbox-store.ts";

export interface JobFilter {
  readonly accountId: string;
  readonly state?: JobState | undefined;
  readonly kind?: string | undefined;
}

export interface JobCount {
  readonly kind: string;
  readonly state: JobState;
  readonly count: number;
}

export type JobList = ReturnType<typeof createJobList>;

/** The outbox as people look at it: how much of what, and the newest first. */
export function createJobList(db: Database) {
  return {
    /** Reads nothing but an index, whatever waits. */
    async counts(accountId: string): Promise<JobCount[]> {
      return db.read
        .select({ kind: outbox.kind, state: outbox.state, count: sql<number>`count(*)` })
        .from(outbox)
        .where(eq(outbox.accountId, accountId))
        .groupBy(outbox.kind, outbox.state)
        .orderBy(outbox.kind, outbox.state);
    },

    /** A state is looked for lane by lane, so that a few dead ones behind a million others are found at once. */
    async list({ accountId, state, kind }: JobFilter, { limit, after }: PageRequest): Promise<Page<JobRow>> {
      const inLane = db.read
        .select({ id: outbox.id })
        .from(outboxLanes)
        .innerJoin(
          outbox,
          and(
            eq(outbox.accountId, outboxLanes.accountId),
            eq(outbox.kind, outboxLanes.kind),
            eq(outbox.channel, outboxLanes.channel),
          ),
        )
        .where(
          and(
            eq(outboxLanes.accountId, accountId),
            kind ? eq(outboxLanes.kind, kind) : undefined,
            state ? eq(outbox.state, state) : undefined,
          ),
        );
      const rows = await db.read
        .select()
        .from(outbox)
        .where(
          and(
            state || kind ? sql`${outbox.id} in ${inLane}` : eq(outbox.accountId, accountId),
            after ? lt(outbox.id, Number(after)) : undefined,
          ),
        )
        .orderBy(desc(outbox.id))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ id }) => String(id));
    },
  };
}

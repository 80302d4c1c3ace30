import { and, asc, eq, gt, inArray, isNotNull, ne, sql } from "drizzle-orm";
import type { Database, Queries, Transaction } from "../db/database.ts";
import { outbox, outboxLanes } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import { createClaims, type Lane } from "./claims.ts";
import type { JobState, LeasedJob, NewJob } from "./job.ts";
import { laneOf } from "./lanes.ts";
import { deleteHeld, insertJob, insertLane, laneOfJob, promoteNext, siblingsOf } from "./queries.ts";

export type JobRow = typeof outbox.$inferSelect;
export interface KindDepth {
  readonly kind: string;
  readonly state: JobState;
  readonly count: number;
}

export type OutboxStore = ReturnType<typeof createOutboxStore>;

const NOT_LEASED = { leaseToken: null, leaseUntil: null };

/** The queue's rows. Every method is one step of the state machine waiting → ready → leased → gone or dead. */
export function createOutboxStore(db: Database) {
  const listeners: (() => void)[] = [];
  const announce = () => {
    for (const listener of listeners) listener();
  };

  /** Lets the next job of a key go, once the one before it is gone or dead. */
  async function promote(query: Queries, orderingKey: string): Promise<void> {
    await promoteNext(query).execute({ orderingKey });
  }

  /** Gives a leased job another state, if the lease is still held; the answer says whether it was. */
  async function settle(
    query: Queries,
    job: LeasedJob,
    change: Partial<JobRow> & { state: JobState },
  ): Promise<boolean> {
    const rows = await query
      .update(outbox)
      .set({ ...NOT_LEASED, ...change })
      .where(heldBy(job))
      .returning({ id: outbox.id });
    return rows.length > 0;
  }

  return {
    /** Tells of new jobs, once they are on disk. */
    onEnqueued(listener: () => void): void {
      listeners.push(listener);
    },

    /**
     * Promises jobs, in the transaction of the change they tell of. The row that the jobs are about must have been
     * written before in the same transaction: on a database with several writers that lock is what keeps their order.
     */
    async enqueue(tx: Transaction, jobs: readonly NewJob[], now: number): Promise<void> {
      for (const { nature, payload, runAt = now, alone = false, ...job } of jobs) {
        const { accountId, kind, channel } = job;
        await insertLane(tx.query).execute({ accountId, kind, channel, closedUntil: 0 });
        const siblings = await siblingsOf(tx.query).execute({ orderingKey: job.orderingKey });
        const alive = siblings.filter(({ state }) => state !== "dead");
        if (nature === "state") {
          const sameKind = siblings.filter(({ kind }) => kind === job.kind);
          const dead = sameKind.filter(({ state }) => state === "dead").map(({ id }) => id);
          if (dead.length > 0) await tx.query.delete(outbox).where(inArray(outbox.id, dead));
          if (sameKind.some(({ state }) => state === "waiting" || state === "ready")) continue;
        }
        await insertJob(tx.query).execute({
          ...job,
          payload: JSON.stringify(payload),
          alone,
          state: alive.length > 0 ? "waiting" : "ready",
          attempts: 0,
          runAt,
          createdAt: now,
        });
      }
      if (jobs.length > 0) tx.afterCommit(announce);
    },

    ...createClaims(db),

    /** The job is done: its row goes, what it brought is stored, the next of its key may run. */
    async finish(job: LeasedJob, record?: (tx: Transaction) => Promise<void>): Promise<void> {
      await db.transaction(async (tx) => {
        const gone = await deleteHeld(tx.query).execute({ id: job.id, leaseToken: job.leaseToken });
        if (gone.length === 0) return; // The lease was lost; whoever has it now finishes the job.
        await record?.(tx);
        await promote(tx.query, job.orderingKey);
      });
    },

    /** The try may have had its effect, or been refused for the sake of others: the next one is made alone. */
    async retryLater(job: LeasedJob, lastError: string, failingSince: number, runAt: number): Promise<void> {
      await db.transaction(({ query }) =>
        settle(query, job, { state: "ready", alone: true, attempts: job.attempts + 1, lastError, failingSince, runAt }),
      );
    },

    async bury(job: LeasedJob, lastError: string): Promise<void> {
      await db.transaction(async ({ query }) => {
        const held = await settle(query, job, { state: "dead", attempts: job.attempts + 1, lastError });
        if (held) await promote(query, job.orderingKey);
      });
    },

    /** Puts jobs back without counting an attempt; `change` is what is to be noted with them. */
    async release(
      jobs: readonly LeasedJob[],
      change: Partial<Pick<JobRow, "lastError" | "runAt" | "alone">> = {},
    ): Promise<void> {
      await db.transaction(async ({ query }) => {
        for (const job of jobs) await settle(query, job, { state: "ready", ...change });
      });
    },

    /** Notes how a lane fares, for people. */
    async noteLane(
      job: LeasedJob,
      facts: Partial<Pick<Lane, "lastDoneAt" | "lastError" | "lastErrorAt">>,
    ): Promise<void> {
      await db.transaction(({ query }) => query.update(outboxLanes).set(facts).where(laneOf(job)));
    },

    /**
     * Closes one lane, or every lane of its channel in the account. An alarm says what a person must do; the answer says
     * whether the lane did not have it before.
     */
    async closeLanes(job: LeasedJob, scope: "kind" | "channel", until: number, alarm: string | null): Promise<boolean> {
      return db.transaction(async ({ query }) => {
        const { accountId, kind, channel } = job;
        const [before] = await laneOfJob(query).execute({ accountId, kind, channel });
        await query
          .update(outboxLanes)
          .set({
            closedUntil: sql`max(${outboxLanes.closedUntil}, ${until})`,
            // Being asked to wait does not end what a person must act on.
            ...(alarm === null ? {} : { alarm }),
          })
          .where(
            scope === "kind"
              ? laneOf(job)
              : and(eq(outboxLanes.accountId, job.accountId), eq(outboxLanes.channel, job.channel)),
          );
        return alarm !== null && before?.alarm !== alarm;
      });
    },

    /** Opens every lane of a channel, and tries again what failed, for a fresh seven days: whoever had to act has acted. */
    async openLanes(query: Queries, accountId: string, channel: string, now: number): Promise<void> {
      await query
        .update(outboxLanes)
        .set({ closedUntil: 0, alarm: null })
        .where(and(eq(outboxLanes.accountId, accountId), eq(outboxLanes.channel, channel)));
      await query
        .update(outbox)
        .set({ ...dueAt(now), failingSince: null })
        .where(failedIn(accountId, channel));
    },

    /** What failed in a channel is due at once, and its waits begin anew: the target was down, and works again. */
    async tryAgain(query: Queries, accountId: string, channel: string, now: number): Promise<void> {
      await query.update(outbox).set(dueAt(now)).where(failedIn(accountId, channel));
    },

    /** A lane works again: its alarm is over, in all lanes of the channel that stopped for the same reason. */
    async clearAlarm(job: LeasedJob): Promise<void> {
      const { accountId, kind, channel } = job;
      const [lane] = await laneOfJob(db.read).execute({ accountId, kind, channel });
      if (!lane?.alarm) return;
      const { alarm } = lane;
      await db.transaction(({ query }) =>
        query
          .update(outboxLanes)
          .set({ alarm: null, closedUntil: 0 })
          .where(
            and(eq(outboxLanes.accountId, accountId), eq(outboxLanes.channel, channel), eq(outboxLanes.alarm, alarm)),
          ),
      );
    },

    lanes: (accountId: string): Promise<Lane[]> =>
      db.read.select().from(outboxLanes).where(eq(outboxLanes.accountId, accountId)).orderBy(outboxLanes.kind),

    async list(filter: { accountId: string; state?: JobState | undefined }, page: PageRequest): Promise<Page<JobRow>> {
      const rows = await db.read
        .select()
        .from(outbox)
        .where(
          and(
            eq(outbox.accountId, filter.accountId),
            filter.state ? eq(outbox.state, filter.state) : undefined,
            page.after ? gt(outbox.id, Number(page.after)) : undefined,
          ),
        )
        .orderBy(asc(outbox.id))
        .limit(page.limit + 1);
      return pageOf(rows, page.limit, (row) => String(row.id));
    },

    /** Jobs that still have something to do with a pass, oldest first. */
    ofOrderingKey: (orderingKey: string): Promise<JobRow[]> =>
      db.read.select().from(outbox).where(eq(outbox.orderingKey, orderingKey)).orderBy(asc(outbox.id)),

    /** Rows per state, for `readyz` and status pages. */
    async depths(): Promise<Record<JobState, number>> {
      const rows = await db.read
        .select({ state: outbox.state, n: sql<number>`count(*)` })
        .from(outbox)
        .groupBy(outbox.state);
      const depths = { waiting: 0, ready: 0, leased: 0, dead: 0 };
      for (const { state, n } of rows) depths[state] = n;
      return depths;
    },

    /** Rows per kind and state, of all accounts: reads nothing but an index. */
    depthsByKind: (): Promise<KindDepth[]> =>
      db.read
        .select({ kind: outbox.kind, state: outbox.state, count: sql<number>`count(*)` })
        .from(outbox)
        .groupBy(outbox.kind, outbox.state),

    /** When the oldest job that is not dead was promised; nothing when all is done. */
    async oldest(): Promise<number | undefined> {
      const [row] = await db.read
        .select({ createdAt: outbox.createdAt })
        .from(outbox)
        .where(ne(outbox.state, "dead"))
        .orderBy(asc(outbox.id))
        .limit(1);
      return row?.createdAt;
    },

    /** Takes promises back that nobody is at work on; answers how many. */
    async drop(query: Queries, orderingKeys: readonly string[], channel: string): Promise<number> {
      let dropped = 0;
      for (const orderingKey of orderingKeys) {
        const gone = await query
          .delete(outbox)
          .where(and(eq(outbox.orderingKey, orderingKey), eq(outbox.channel, channel), ne(outbox.state, "leased")))
          .returning({ id: outbox.id });
        if (gone.length > 0) await promote(query, orderingKey);
        dropped += gone.length;
      }
      return dropped;
    },

    /** Makes dead jobs (one, those of a kind, or all of the account) run again, with a fresh seven days. Answers which. */
    async redrive(
      { accountId, id, kind }: { accountId: string; id?: number | undefined; kind?: string | undefined },
      now: number,
    ): Promise<JobRow[]> {
      return db.transaction(async (tx) => {
        const { query } = tx;
        const revived = await query
          .update(outbox)
          .set({ state: "waiting", attempts: 0, failingSince: null, runAt: now })
          .where(
            and(
              eq(outbox.accountId, accountId),
              eq(outbox.state, "dead"),
              id === undefined ? undefined : eq(outbox.id, id),
              kind === undefined ? undefined : eq(outbox.kind, kind),
            ),
          )
          .returning();
        for (const { orderingKey } of revived) await promote(query, orderingKey);
        tx.afterCommit(announce);
        return revived;
      });
    },
  };
}

const dueAt = (now: number) => ({ runAt: sql`min(${outbox.runAt}, ${now})`, attempts: 0 });

const failedIn = (accountId: string, channel: string) =>
  and(
    eq(outbox.accountId, accountId),
    eq(outbox.channel, channel),
    eq(outbox.state, "ready"),
    isNotNull(outbox.failingSince),
  );

const heldBy = (job: LeasedJob) => and(eq(outbox.id, job.id), eq(outbox.leaseToken, job.leaseToken));

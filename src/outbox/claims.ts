import { randomUUID } from "node:crypto";
import { and, eq, lte, sql } from "drizzle-orm";
import type { Database, Queries } from "../db/database.ts";
import { outbox, type outboxLanes } from "../db/schema.ts";
import type { LeasedJob } from "./job.ts";
import {
  countTogether,
  dueInLane,
  dueTogether,
  firstExpired,
  leaseReady,
  newestInLane,
  openLanes,
  renewLeases,
} from "./queries.ts";

export type Lane = typeof outboxLanes.$inferSelect;

/** How much of each lane may be taken now, and from which end. */
export interface PacedLanes {
  readonly roomOf: (lane: Lane) => number;
  readonly first: "newest" | "longest due";
}

/** As many rows as one turn of the event loop may be held up for. */
const ROWS_PER_TURN = 250;

/** Taking jobs: each is leased, so that a worker that dies with it loses nothing. */
export function createClaims(db: Database) {
  /**
   * Jobs of a worker that is gone are ready again; that counts as an attempt, for they may be what ended it. They may
   * have had their effect, so they do not go together with others any more.
   */
  async function recoverExpired(now: number): Promise<void> {
    // Looked for on the reading connection first: an idle queue costs no write.
    if ((await firstExpired(db.read).execute({ now })).length === 0) return;
    await db.transaction(({ query }) =>
      query
        .update(outbox)
        .set({
          state: "ready",
          leaseToken: null,
          leaseUntil: null,
          alone: true,
          attempts: sql`${outbox.attempts} + 1`,
          failingSince: sql`coalesce(${outbox.failingSince}, ${now})`,
          lastError: "The program stopped while it was doing this.",
        })
        .where(and(eq(outbox.state, "leased"), lte(outbox.leaseUntil, now))),
    );
  }

  async function lease(
    now: number,
    leaseMs: number,
    find: (query: Queries) => Promise<readonly number[]>,
    leaseToken = randomUUID(),
  ): Promise<LeasedJob[]> {
    const rows = await db.transaction(async ({ query }) => {
      const ids = JSON.stringify(await find(query));
      return leaseReady(query).execute({ ids, leaseToken, leaseUntil: now + leaseMs });
    });
    // RETURNING has no order of its own (SQLite documentation).
    return rows.sort((a, b) => a.id - b.id).map((row) => ({ ...row, payload: JSON.parse(row.payload), leaseToken }));
  }

  return {
    /** Lanes of these kinds that are not closed. */
    lanesOpenAt: (kinds: readonly string[], now: number): Promise<Lane[]> =>
      openLanes(db.read).execute({ now, kinds: JSON.stringify(kinds) }),

    /** Up to `limit` due jobs of these kinds, leased for `leaseMs`; lanes take turns, so that none starves another. */
    async claim(
      kinds: readonly string[],
      now: number,
      limit: number,
      leaseMs: number,
      paced?: PacedLanes,
    ): Promise<LeasedJob[]> {
      await recoverExpired(now);
      if ((await findDue(db.read, kinds, now, 1, paced)).length === 0) return [];
      // Once more: since the first look a lane may have closed, or another worker may have been here.
      return lease(now, leaseMs, (query) => findDue(query, kinds, now, limit, paced));
    },

    /** How many due jobs of a lane may go together, counted up to `limit`. */
    async countTogether({ accountId, kind, channel }: Lane, now: number, limit: number): Promise<number> {
      const [row] = await countTogether(db.read).execute({ accountId, kind, channel, now, limit });
      return row?.count ?? 0;
    },

    /** Up to `limit` due jobs of one lane that may go together, the oldest first, all under one lease. */
    async claimTogether(lane: Lane, now: number, limit: number, leaseMs: number): Promise<LeasedJob[]> {
      const { accountId, kind, channel } = lane;
      const leaseToken = randomUUID();
      const jobs: LeasedJob[] = [];
      while (jobs.length < limit) {
        const wanted = Math.min(ROWS_PER_TURN, limit - jobs.length);
        const find = async (query: Queries) => {
          const rows = await dueTogether(query).execute({ accountId, kind, channel, now, limit: wanted });
          return rows.map(({ id }) => id);
        };
        const some = await lease(now, leaseMs, find, leaseToken);
        jobs.push(...some);
        if (some.length < wanted) break;
      }
      return jobs;
    },

    /** Holds jobs of one lease for longer. */
    async renew(jobs: readonly LeasedJob[], leaseUntil: number): Promise<void> {
      for (let at = 0; at < jobs.length; at += ROWS_PER_TURN) {
        const some = jobs.slice(at, at + ROWS_PER_TURN);
        const ids = JSON.stringify(some.map(({ id }) => id));
        const leaseToken = some[0]?.leaseToken ?? "";
        await db.transaction(({ query }) => renewLeases(query).execute({ ids, leaseToken, leaseUntil }));
      }
    },
  };
}

/** One from each open lane in turn; within a lane the longest due first, unless it is paced in another way. */
async function findDue(
  query: Queries,
  kinds: readonly string[],
  now: number,
  limit: number,
  paced?: PacedLanes,
): Promise<number[]> {
  const open = await openLanes(query).execute({ now, kinds: JSON.stringify(kinds) });
  const perLane: number[][] = [];
  for (const lane of open) {
    const { accountId, kind, channel } = lane;
    const room = Math.min(limit, paced?.roomOf(lane) ?? limit);
    if (room <= 0) continue;
    const find = paced?.first === "newest" ? newestInLane(query) : dueInLane(query);
    const rows = await find.execute({ accountId, kind, channel, now, limit: room });
    perLane.push(rows.map(({ id }) => id));
  }
  const turns: number[] = [];
  for (let round = 0; turns.length < limit && perLane.some((lane) => lane.length > round); round++) {
    for (const lane of perLane) {
      const id = lane[round];
      if (id !== undefined) turns.push(id);
    }
  }
  return turns.slice(0, limit);
}

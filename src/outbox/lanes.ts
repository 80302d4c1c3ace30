import { and, eq, inArray, isNull, lte, notExists, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { outbox, outboxLanes } from "../db/schema.ts";
import { GIVE_UP_AFTER_MS } from "./backoff.ts";
import type { LeasedJob } from "./job.ts";
import { promoteNext } from "./queries.ts";

/** Which lane is meant: what is done here is done to all of its jobs at once. */
export type LaneId = Pick<LeasedJob, "accountId" | "kind" | "channel">;

export const laneOf = (lane: LaneId) =>
  and(
    eq(outboxLanes.accountId, lane.accountId),
    eq(outboxLanes.kind, lane.kind),
    eq(outboxLanes.channel, lane.channel),
  );
const jobsOf = (lane: LaneId) =>
  and(eq(outbox.accountId, lane.accountId), eq(outbox.kind, lane.kind), eq(outbox.channel, lane.channel));
const pendingOf = (lane: LaneId) => and(jobsOf(lane), inArray(outbox.state, ["ready", "waiting"]));

/**
 * Nothing is done in this lane until then. The jobs in it count as failing from now on, though none of them was tried,
 * and those that have done so for seven days are kept as dead: a target that never comes back does not gather jobs for
 * ever.
 */
export async function suspendLane(
  query: Queries,
  lane: LaneId,
  { now, until, reason }: { readonly now: number; readonly until: number; readonly reason: string },
): Promise<void> {
  // The target may have asked for more time than that.
  const closedUntil = sql`max(${outboxLanes.closedUntil}, ${until})`;
  await query.update(outboxLanes).set({ closedUntil }).where(laneOf(lane));
  await query
    .update(outbox)
    .set({ failingSince: now, lastError: reason })
    .where(and(pendingOf(lane), isNull(outbox.failingSince)));
  const dead = await query
    .update(outbox)
    .set({ state: "dead", lastError: `${reason} (waited for seven days)` })
    .where(and(pendingOf(lane), lte(outbox.failingSince, now - GIVE_UP_AFTER_MS)))
    .returning({ orderingKey: outbox.orderingKey });
  for (const { orderingKey } of dead) await promoteNext(query).execute({ orderingKey });
}

/** The lane works again: every job in it is due, and those that were never tried have seven days of their own. */
export async function resumeLane(query: Queries, lane: LaneId, now: number): Promise<void> {
  await query.update(outboxLanes).set({ closedUntil: 0 }).where(laneOf(lane));
  await query
    .update(outbox)
    .set({ runAt: now, failingSince: sql`case ${outbox.attempts} when 0 then null else ${outbox.failingSince} end` })
    .where(pendingOf(lane));
}

/** Removes what waits in the lane. A job that is under way ends by itself; dead ones stay to be seen. */
export async function emptyLane(query: Queries, lane: LaneId): Promise<void> {
  await query.delete(outbox).where(pendingOf(lane));
}

/** Removes the lane with everything in it, once nobody is meant any more. */
export async function removeLane(query: Queries, lane: LaneId): Promise<void> {
  await query.delete(outbox).where(and(jobsOf(lane), inArray(outbox.state, ["ready", "waiting", "dead"])));
  // A job that is under way may come back to be ended, and is found by its lane.
  const left = query.select({ id: outbox.id }).from(outbox).where(jobsOf(lane));
  await query.delete(outboxLanes).where(and(laneOf(lane), notExists(left)));
}

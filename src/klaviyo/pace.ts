import type { Clock } from "../clock.ts";
import { laneKey } from "../outbox/lane-key.ts";
import type { Pace } from "../outbox/pace.ts";
import type { ConnectionStore } from "./connection-store.ts";
import type { Gates } from "./gates.ts";
import { EVENT_JOB, PROFILE_JOB, RECORD_JOB } from "./jobs.ts";
import { LIMITS, type LimitFamily, shareOf } from "./limits.ts";

export interface PaceDependencies {
  readonly clock: Clock;
  readonly gates: Gates;
  readonly connections: ConnectionStore;
}

interface Manner {
  readonly family: LimitFamily;
  /** How many jobs go together at most, and by which operation. */
  readonly together?: { readonly family: LimitFamily; readonly jobs: number };
}

/**
 * Klaviyo takes 10,000 profiles, 1,000 events or 500 records in one request. Fewer profiles keep a request small in
 * memory, and are no slower: after it come the records, of which Klaviyo takes least.
 */
const MANNERS: Readonly<Record<string, Manner>> = {
  [PROFILE_JOB]: { family: "profile", together: { family: "profileImport", jobs: 2_000 } },
  [EVENT_JOB]: { family: "event", together: { family: "eventBulk", jobs: 1_000 } },
  [RECORD_JOB]: { family: "record", together: { family: "recordBulk", jobs: 500 } },
};
/** Klaviyo works on an import for seconds: meanwhile the next may be on its way. */
const MAX_IN_FLIGHT = 3;
/** Counting what waits costs a look at every job up to the limit. */
const COUNTED_EVERY_MS = 500;

/**
 * Single requests while they can clear within a minute what waits; beyond that there is a backlog, which goes through
 * the bulk operations, while single requests go on with the newest changes.
 */
export function createPace({ clock, gates, connections }: PaceDependencies): Pace {
  const counted = new Map<string, { at: number; hasBacklog: boolean }>();

  return async (lane, waiting, inFlight) => {
    const { accountId, kind } = lane;
    const row = await connections.find(accountId);
    const manner = MANNERS[kind];
    // A sandbox sends nothing, and where there is no key the first job finds that out.
    if (!manner || row?.mode !== "live") return { singly: Number.POSITIVE_INFINITY, together: 0 };
    const { sharePercent, connectedAt } = row;
    gates.connected(accountId, connectedAt);
    const { family, together } = manner;
    const hasBacklog = together !== undefined && (await isBacklog());
    const single = gates.pacedRoom(accountId, family, sharePercent, hasBacklog);
    if (!hasBacklog) return { singly: single.now, together: 0, ...(single.now === 0 ? { moreAt: single.nextAt } : {}) };
    const bulk = gates.room(accountId, together.family, sharePercent);
    // One job finds out whether Klaviyo answers again: a batch that fails leaves each of its jobs to be done singly.
    const maySend = bulk.now > 0 && !bulk.isDown && inFlight < MAX_IN_FLIGHT;
    if (maySend) counted.delete(laneKey(lane));
    const moreAt = Math.min(single.nextAt, bulk.now > 0 ? Number.POSITIVE_INFINITY : bulk.nextAt);
    return { singly: single.now, together: maySend ? together.jobs : 0, moreAt: Math.max(moreAt, clock.now()) };

    async function isBacklog(): Promise<boolean> {
      const now = clock.now();
      const key = laneKey(lane);
      const known = counted.get(key);
      if (known && Math.abs(now - known.at) < COUNTED_EVERY_MS) return known.hasBacklog;
      const { perMinute } = shareOf(LIMITS[family], sharePercent);
      const hasBacklog = (await waiting(perMinute + 1)) > perMinute;
      counted.set(key, { at: now, hasBacklog });
      return hasBacklog;
    }
  };
}

import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { backoffMs, GIVE_UP_AFTER_MS } from "./backoff.ts";
import type { LeasedJob, Outcome } from "./job.ts";
import { laneKey } from "./lane-key.ts";
import type { OutboxStore } from "./outbox-store.ts";

/** A lane that was refused by the target is tried again with one round of jobs this much later. */
const BLOCKED_MS = 15 * 60_000;
/** How finely a lane's last success is noted. */
const NOTED_EVERY_MS = 10_000;

export interface SettlerDependencies {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Stores what became of a try: gone, later, dead, or its lane closed. */
export function createSettler({ store, clock, log }: SettlerDependencies) {
  const noted = new Map<string, number>();

  const noteFailure = (job: LeasedJob, reason: string, now: number): Promise<void> =>
    store.noteLane(job, { lastError: reason, lastErrorAt: now });

  async function noteSuccess(job: LeasedJob, now: number): Promise<void> {
    const key = laneKey(job);
    if (now - (noted.get(key) ?? 0) < NOTED_EVERY_MS) return;
    noted.set(key, now);
    await store.noteLane(job, { lastDoneAt: now });
  }

  return async (job: LeasedJob, outcome: Outcome): Promise<void> => {
    const now = clock.now();
    switch (outcome.type) {
      case "done":
        await store.finish(job, outcome.record);
        await store.clearAlarm(job);
        return noteSuccess(job, now);
      case "later":
        return store.release([job], { lastError: outcome.reason, runAt: outcome.runAt });
      case "retry": {
        const failingSince = job.failingSince ?? now;
        const failingForMs = now - failingSince;
        await noteFailure(job, outcome.reason, now);
        if (failingForMs >= GIVE_UP_AFTER_MS) return store.bury(job, `${outcome.reason} (tried for seven days)`);
        const delayMs = backoffMs(job.attempts, failingForMs, clock.random());
        const runAt = now + Math.max(delayMs, outcome.notBeforeMs ?? 0);
        return store.retryLater(job, outcome.reason, failingSince, runAt);
      }
      case "bury":
        log.warn("A job cannot be done and is kept as dead.", { job: job.id, kind: job.kind, reason: outcome.reason });
        await noteFailure(job, outcome.reason, now);
        return store.bury(job, outcome.reason);
      case "throttled":
        await store.closeLanes(job, "channel", now + outcome.retryAfterMs, null);
        return store.release([job], { lastError: outcome.reason });
      case "blocked": {
        await noteFailure(job, outcome.reason, now);
        const isNew = await store.closeLanes(job, outcome.scope, now + BLOCKED_MS, outcome.reason);
        // Many jobs find out at once, and again every quarter of an hour.
        if (isNew) {
          log.error("A person must act before these jobs can go on.", { kind: job.kind, reason: outcome.reason });
        }
        return store.release([job], { lastError: outcome.reason });
      }
      default:
        outcome satisfies never;
    }
  };
}

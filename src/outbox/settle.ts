import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { nextTurn } from "../next-turn.ts";
import { backoffMs, GIVE_UP_AFTER_MS } from "./backoff.ts";
import type { LeasedJob, Outcome } from "./job.ts";
import { laneKey } from "./lane-key.ts";
import type { OutboxStore } from "./outbox-store.ts";

/** A lane that was refused by the target is tried again with one round of jobs this much later. */
const BLOCKED_MS = 15 * 60_000;
/** How finely a lane's last success is noted. */
const NOTED_EVERY_MS = 10_000;
/** Jobs whose outcome is stored in one turn of the event loop. */
const SETTLED_PER_TURN = 32;

export interface SettlerDependencies {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Stores what became of a try: of one job, or of many of a lane that went together. */
export function createSettler({ store, clock, log }: SettlerDependencies) {
  const noted = new Map<string, number>();

  async function noteSuccess(job: LeasedJob, now: number): Promise<void> {
    const key = laneKey(job);
    if (now - (noted.get(key) ?? 0) < NOTED_EVERY_MS) return;
    noted.set(key, now);
    await store.noteLane(job, { lastDoneAt: now });
  }

  /** What it means for the lane: told once, and at once, since what is told late may be true no longer. */
  async function settleLane(job: LeasedJob, outcome: Outcome, now: number): Promise<void> {
    if (outcome.type === "retry" || outcome.type === "bury" || outcome.type === "blocked") {
      await store.noteLane(job, { lastError: outcome.reason, lastErrorAt: now });
    }
    if (outcome.type === "throttled") await store.closeLanes(job, "channel", now + outcome.retryAfterMs, null);
    if (outcome.type === "blocked") {
      const isNew = await store.closeLanes(job, outcome.scope, now + BLOCKED_MS, outcome.reason);
      // Many jobs find out at once, and again every quarter of an hour.
      if (isNew) {
        log.error("A person must act before these jobs can go on.", { kind: job.kind, reason: outcome.reason });
      }
    }
    if (outcome.type === "done") {
      await store.clearAlarm(job);
      await noteSuccess(job, now);
    }
  }

  /** Gone, later or dead. */
  async function settleJob(job: LeasedJob, outcome: Outcome, now: number): Promise<void> {
    switch (outcome.type) {
      case "done":
        return store.finish(job, outcome.record);
      case "later":
        return store.release([job], { lastError: outcome.reason, runAt: outcome.runAt });
      case "throttled":
      case "blocked":
        return store.release([job], { lastError: outcome.reason });
      case "retry": {
        const failingSince = job.failingSince ?? now;
        const failingForMs = now - failingSince;
        if (failingForMs >= GIVE_UP_AFTER_MS) return store.bury(job, `${outcome.reason} (tried for seven days)`);
        const delayMs = backoffMs(job.attempts, failingForMs, clock.random());
        const runAt = now + Math.max(delayMs, outcome.notBeforeMs ?? 0);
        return store.retryLater(job, outcome.reason, failingSince, runAt);
      }
      case "bury":
        log.warn("A job cannot be done and is kept as dead.", { job: job.id, kind: job.kind, reason: outcome.reason });
        return store.bury(job, outcome.reason);
      default:
        outcome satisfies never;
    }
  }

  return async (jobs: readonly LeasedJob[], outcomeOf: (job: LeasedJob) => Outcome): Promise<void> => {
    const now = clock.now();
    const settled = jobs.map((job) => ({ job, outcome: outcomeOf(job) }));
    for (const [one] of Map.groupBy(settled, ({ outcome }) => outcome.type).values()) {
      if (one) await settleLane(one.job, one.outcome, now);
    }
    for (let at = 0; at < settled.length; at += SETTLED_PER_TURN) {
      if (at > 0) await nextTurn();
      const some = settled.slice(at, at + SETTLED_PER_TURN);
      await Promise.all(some.map(({ job, outcome }) => settleJob(job, outcome, now)));
    }
  };
}

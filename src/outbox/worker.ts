import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { backoffMs, GIVE_UP_AFTER_MS } from "./backoff.ts";
import type { JobHandler, LeasedJob, Outcome } from "./job.ts";
import type { LaneKey } from "./lanes.ts";
import type { OutboxStore } from "./outbox-store.ts";

export interface Worker {
  start(): void;
  /** Stops claiming, waits up to `graceMs` for what is running, and puts back what is not finished by then. */
  drain(graceMs: number): Promise<void>;
  /** Resolves when nothing is running and nothing is due. */
  idle(): Promise<void>;
}

export interface WorkerOptions {
  readonly store: OutboxStore;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrency?: number;
  /** Of these, as many as one lane may have at once; all of them where it is left out. */
  readonly placesPerLane?: number;
}

const LEASE_MS = 30_000;
/** A handler is told to stop this long before its lease ends, so that two workers never send the same job. */
const LEASE_MARGIN_MS = 5_000;
/** New jobs announce themselves; this finds those of other processes, and those whose time has come. */
const POLL_MS = 1_000;
/** A lane that was refused by the target is tried again with one round of jobs this much later. */
const BLOCKED_MS = 15 * 60_000;

/** Several workers as one: each has its own places, so that a slow target takes none from the others. */
export const joinWorkers = (workers: readonly Worker[]): Worker => ({
  start() {
    for (const worker of workers) worker.start();
  },
  async drain(graceMs) {
    await Promise.all(workers.map((worker) => worker.drain(graceMs)));
  },
  async idle() {
    // Twice: what one did last may have made work for another.
    for (const worker of [...workers, ...workers]) await worker.idle();
  },
});

/** Takes due jobs of the kinds it has handlers for, some at a time. All its state is in the store: it may be killed at any moment. */
export function createWorker(options: WorkerOptions): Worker {
  const { store, handlers, clock, log, concurrency = 16, placesPerLane = concurrency } = options;
  const kinds = Object.keys(handlers);
  const running = new Map<LeasedJob, AbortController>();
  let stopped = true;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;
  let cancelPoll = () => {};
  let waiters: (() => void)[] = [];

  async function claim(): Promise<void> {
    do {
      claimAgain = false;
      const free = concurrency - running.size;
      if (stopped || free <= 0) break;
      const jobs = await store.claim(kinds, clock.now(), free, LEASE_MS, roomOf);
      for (const job of jobs) void run(job);
    } while (claimAgain);
  }

  function roomOf(lane: LaneKey): number {
    const busy = [...running.keys()].filter(
      (job) => job.accountId === lane.accountId && job.kind === lane.kind && job.channel === lane.channel,
    );
    return placesPerLane - busy.length;
  }

  function nudge(): void {
    if (stopped) return;
    claimAgain = true;
    claiming ??= claim()
      .catch((error) => log.error("The outbox could not be read; trying again.", { error: messageOf(error) }))
      .finally(() => {
        claiming = undefined;
        tellWaiters();
      });
  }

  async function run(job: LeasedJob): Promise<void> {
    const abort = new AbortController();
    running.set(job, abort);
    const cancel = clock.after(LEASE_MS - LEASE_MARGIN_MS, () => abort.abort(new Error("took too long")));
    try {
      await settle(job, await attempt(job, abort.signal));
    } catch (error) {
      // The store is in trouble: the lease runs out and the job is found again.
      log.error("The outcome of a job could not be stored.", { job: job.id, kind: job.kind, error: messageOf(error) });
    } finally {
      cancel();
      running.delete(job);
      nudge();
      tellWaiters();
    }
  }

  async function attempt(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const handler = handlers[job.kind];
    if (!handler)
      return { type: "bury", reason: `This version of the program does not know jobs of kind ${job.kind}.` };
    try {
      return await handler(job, signal);
    } catch (error) {
      log.error("A job failed unexpectedly.", { job: job.id, kind: job.kind, error: messageOf(error) });
      return { type: "retry", reason: messageOf(error) };
    }
  }

  async function settle(job: LeasedJob, outcome: Outcome): Promise<void> {
    const now = clock.now();
    switch (outcome.type) {
      case "done":
        await store.finish(job, outcome.record);
        return store.clearAlarm(job);
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
      case "throttled":
        await store.closeLanes(job, "channel", now + outcome.retryAfterMs, null);
        return store.release([job], outcome.reason);
      case "blocked":
        log.error("A person must act before these jobs can go on.", { kind: job.kind, reason: outcome.reason });
        await store.closeLanes(job, outcome.scope, now + BLOCKED_MS, outcome.reason);
        return store.release([job], outcome.reason);
      default:
        outcome satisfies never;
    }
  }

  function poll(): void {
    nudge();
    cancelPoll = clock.after(POLL_MS, poll);
  }

  const isIdle = () => running.size === 0 && claiming === undefined;

  function tellWaiters(): void {
    if (!isIdle()) return;
    const told = waiters;
    waiters = [];
    for (const tell of told) tell();
  }

  store.onEnqueued(nudge);
  return {
    start() {
      stopped = false;
      poll();
    },
    async drain(graceMs) {
      stopped = true;
      cancelPoll();
      await claiming;
      if (running.size === 0) return;
      const left = Promise.withResolvers<void>();
      waiters.push(left.resolve);
      const cancel = clock.after(graceMs, left.resolve);
      await left.promise;
      cancel();
      const unfinished = [...running];
      for (const [, abort] of unfinished) abort.abort(new Error("shutting down"));
      await store.release(unfinished.map(([job]) => job));
    },
    async idle() {
      nudge();
      while (!isIdle()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

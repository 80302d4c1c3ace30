import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { PacedLanes } from "./claims.ts";
import type { JobHandler, LeasedJob, Outcome, TogetherHandler } from "./job.ts";
import { laneKey } from "./lane-key.ts";
import type { OutboxStore } from "./outbox-store.ts";
import type { Pace } from "./pace.ts";
import { createSettler } from "./settle.ts";

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
  /** For kinds whose jobs can also go many in one request, where `pace` wants it. */
  readonly together?: Readonly<Record<string, TogetherHandler>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrency?: number;
  /** Without it every due job goes as soon as there is a place, the longest due first. */
  readonly pace?: Pace;
  /** Where there is no `pace`: how many places one lane may have at once. */
  readonly placesPerLane?: number;
}

/** What is under way. */
interface Try {
  readonly abort: AbortController;
  readonly manner: "singly" | "together";
}

const LEASE_MS = 30_000;
/** A handler is told to stop this long before its lease ends, so that two workers never send the same job. */
const LEASE_MARGIN_MS = 5_000;
/** Leases of many jobs in one request are prolonged, up to this long: the target may work on them for long. */
const TOGETHER_MS = 90 * 60_000;
/** After a stop, the target may be at work for so long on what went together: what is sent singly meanwhile it would overwrite. */
const STILL_AT_WORK_MS = 5 * 60_000;
/** New jobs announce themselves; this finds those of other processes, and those whose time has come. */
const POLL_MS = 1_000;

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
  const { store, handlers, together = {}, clock, log, concurrency = 16, pace, placesPerLane = concurrency } = options;
  const kinds = Object.keys(handlers);
  const running = new Map<readonly LeasedJob[], Try>();
  /** Requests of many jobs on their way, per lane; they take no place from single ones. */
  const inFlight = new Map<string, number>();
  const settle = createSettler({ store, clock, log });
  let singles = 0;
  let stopped = true;
  let claiming: Promise<void> | undefined;
  let claimAgain = false;
  let cancelPoll = () => {};
  let cancelNudge = () => {};
  let waiters: (() => void)[] = [];

  async function claim(): Promise<void> {
    do {
      claimAgain = false;
      const paced = pace ? await planLanes(pace) : placesLeft();
      const free = concurrency - singles;
      if (stopped || free <= 0) break;
      const jobs = await store.claim(kinds, clock.now(), free, LEASE_MS, paced);
      for (const job of jobs) void runSingle(job);
    } while (claimAgain);
  }

  /** Asks how each lane may go on, and starts what may go together. */
  async function planLanes(pace: Pace): Promise<PacedLanes> {
    const now = clock.now();
    const rooms = new Map<string, number>();
    let moreAt = Number.POSITIVE_INFINITY;
    for (const lane of await store.lanesOpenAt(kinds, now)) {
      const key = laneKey(lane);
      const plan = await pace(lane, (limit) => store.countTogether(lane, now, limit), inFlight.get(key) ?? 0);
      rooms.set(key, plan.singly);
      moreAt = Math.min(moreAt, plan.moreAt ?? moreAt);
      const handler = together[lane.kind];
      if (!handler || plan.together === 0 || stopped) continue;
      const jobs = await store.claimTogether(lane, now, plan.together, LEASE_MS);
      if (jobs.length > 0) void runTogether(jobs, handler);
    }
    cancelNudge();
    if (Number.isFinite(moreAt)) cancelNudge = clock.after(Math.max(1, moreAt - now), nudge);
    return { first: "newest", roomOf: (lane) => rooms.get(laneKey(lane)) ?? 0 };
  }

  function placesLeft(): PacedLanes {
    const taken = Map.groupBy([...running.keys()].flat(), laneKey);
    return { first: "longest due", roomOf: (lane) => placesPerLane - (taken.get(laneKey(lane))?.length ?? 0) };
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

  /** Runs `work` as something that a shutdown waits for, and then puts back. */
  async function run(
    jobs: readonly LeasedJob[],
    manner: Try["manner"],
    work: (abort: AbortController) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController();
    running.set(jobs, { abort, manner });
    try {
      await work(abort);
    } catch (error) {
      // The store is in trouble: the lease runs out and the job is found again.
      const [first] = jobs;
      log.error("The outcome of a job could not be stored.", {
        job: first?.id,
        kind: first?.kind,
        error: messageOf(error),
      });
    } finally {
      running.delete(jobs);
    }
  }

  async function runSingle(job: LeasedJob): Promise<void> {
    singles++;
    await run([job], "singly", async (abort) => {
      const cancel = clock.after(LEASE_MS - LEASE_MARGIN_MS, () => abort.abort(new Error("took too long")));
      try {
        const outcome = await attempt(job, abort.signal);
        await settle([job], () => outcome);
      } finally {
        cancel();
      }
    });
    singles--;
    nudge();
    tellWaiters();
  }

  async function runTogether(jobs: readonly LeasedJob[], handler: TogetherHandler): Promise<void> {
    const key = laneKey(jobs[0] ?? { accountId: "", kind: "", channel: "" });
    inFlight.set(key, (inFlight.get(key) ?? 0) + 1);
    await run(jobs, "together", async (abort) => {
      const begunAt = clock.now();
      let cancel = () => {};
      const hold = (): void => {
        cancel = clock.after(LEASE_MS / 3, () => {
          if (clock.now() - begunAt > TOGETHER_MS) return abort.abort(new Error("took too long"));
          store
            .renew(jobs, clock.now() + LEASE_MS)
            .catch((error) => log.warn("Leases could not be prolonged.", { error: messageOf(error) }));
          hold();
        });
      };
      hold();
      try {
        const outcomes = await attemptTogether(jobs, handler, abort.signal);
        if (abort.signal.aborted && stopped) return;
        await settle(jobs, outcomes);
      } finally {
        cancel();
      }
    });
    inFlight.set(key, (inFlight.get(key) ?? 1) - 1);
    nudge();
    tellWaiters();
  }

  async function attemptTogether(
    jobs: readonly LeasedJob[],
    handler: TogetherHandler,
    signal: AbortSignal,
  ): Promise<(job: LeasedJob) => Outcome> {
    try {
      const outcomes = await handler(jobs, signal);
      return ({ id }) =>
        outcomes.get(id) ?? { type: "retry", reason: "It went together with others, and nothing came back for it." };
    } catch (error) {
      log.error("Jobs failed unexpectedly.", { jobs: jobs.length, kind: jobs[0]?.kind, error: messageOf(error) });
      return () => ({ type: "retry", reason: messageOf(error) });
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
      cancelNudge();
      await claiming;
      if (running.size === 0) return;
      const left = Promise.withResolvers<void>();
      waiters.push(left.resolve);
      const cancel = clock.after(graceMs, left.resolve);
      await left.promise;
      cancel();
      const unfinished = [...running];
      for (const [, { abort }] of unfinished) abort.abort(new Error("shutting down"));
      // Whether they had their effect cannot be told.
      const runAt = clock.now() + STILL_AT_WORK_MS;
      await Promise.all(
        unfinished.map(([jobs, { manner }]) =>
          store.release(jobs, { alone: true, ...(manner === "together" ? { runAt } : {}) }),
        ),
      );
    },
    async idle() {
      nudge();
      while (!isIdle()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
  };
}

import type { Transaction } from "../db/database.ts";

/** A promise to have an effect on the outside, made in the transaction of the change that causes it. */
export interface NewJob {
  readonly accountId: string;
  /** Which handler does it: `klaviyo.profile`. */
  readonly kind: string;
  /** Jobs of one channel share a target and its limits. */
  readonly channel: string;
  /** Jobs with the same key are done one after the other, in the order in which they were enqueued. */
  readonly orderingKey: string;
  /** Derived from what the job is about, never random: enqueuing the same promise again does nothing. */
  readonly idempotencyKey: string;
  /**
   * `state`: the handler sends what is true when it runs, so a waiting job of the same kind and key already covers a
   * newer change. `event`: each one is sent.
   */
  readonly nature: "state" | "event";
  readonly payload: Readonly<Record<string, string | number>>;
  /** Not before this time; at once where it is left out. A time in the past lets newer changes go first. */
  readonly runAt?: number;
  /** Goes in a request of its own, never together with others: it may have been sent before. */
  readonly alone?: boolean;
}

/** A job in the hands of a worker. `leaseToken` fences: a worker that lost its lease cannot finish the job. */
export interface LeasedJob {
  readonly id: number;
  readonly accountId: string;
  readonly kind: string;
  readonly channel: string;
  readonly orderingKey: string;
  readonly payload: Readonly<Record<string, string | number>>;
  readonly attempts: number;
  readonly createdAt: number;
  readonly failingSince: number | null;
  readonly leaseToken: string;
}

/** What became of a try. */
export type Outcome =
  /** `record` is stored in the transaction that removes the job. */
  | { readonly type: "done"; readonly record?: (tx: Transaction) => Promise<void> }
  /** Trouble that may pass: tried again later, for seven days, and alone. */
  | { readonly type: "retry"; readonly reason: string; readonly notBeforeMs?: number }
  /** No fault, only not its turn yet: as if it had not been taken. */
  | { readonly type: "later"; readonly reason: string; readonly runAt: number }
  /** Can never work: kept as dead, with the reason. */
  | { readonly type: "bury"; readonly reason: string }
  /** The target asked everybody of this channel to wait. Does not count as an attempt. */
  | { readonly type: "throttled"; readonly retryAfterMs: number; readonly reason: string }
  /** A person must act (a key was refused): the lane or the whole channel stops. Does not count as an attempt. */
  | { readonly type: "blocked"; readonly scope: "kind" | "channel"; readonly reason: string };

/** Does one kind of job. `signal` fires before the lease ends; what it throws counts as `retry`. */
export type JobHandler = (job: LeasedJob, signal: AbortSignal) => Promise<Outcome>;

/**
 * Does many jobs of one lane in one request; answers what became of each, by its id. Their lease is prolonged while it
 * works. A job without an answer, and all of them when it throws, count as `retry`.
 */
export type TogetherHandler = (
  jobs: readonly LeasedJob[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<number, Outcome>>;

export type JobState = "waiting" | "ready" | "leased" | "dead";
export const JOB_STATES: readonly JobState[] = ["waiting", "ready", "leased", "dead"];

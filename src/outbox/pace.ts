import type { Lane } from "./claims.ts";

/** What a lane may start now. */
export interface Plan {
  /** Jobs that may start, each in a request of its own; the newest go first, so that a fresh change is not behind a backlog. */
  readonly singly: number;
  /** Jobs that may start in one request, the oldest first; 0 where the lane has no backlog. */
  readonly together: number;
  /** When more may start, if nothing happens before; milliseconds since the epoch. */
  readonly moreAt?: number;
}

/**
 * Decides how fast and in what manner the jobs of a lane go. `waiting` counts its due jobs that may go together, up to a
 * limit; `inFlight` says how many requests of many jobs are on their way.
 */
export type Pace = (lane: Lane, waiting: (limit: number) => Promise<number>, inFlight: number) => Plan | Promise<Plan>;

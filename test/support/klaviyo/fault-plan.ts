import type { Fault } from "./faults.ts";
import { matchesRequest, type RequestFacts, type RequestMatch } from "./request-log.ts";

export interface FaultTiming extends RequestMatch {
  /** How many matching requests pass before the fault; default 0. */
  readonly skip?: number;
  /** How many requests it hits then; default 1. */
  readonly times?: number;
}

export interface RandomFaults extends RequestMatch {
  /** One of them is drawn for each request that is hit. */
  readonly faults: readonly Fault[];
  /** The part of the matching requests that is hit, from 0 to 1. */
  readonly share: number;
  /** Numbers in [0, 1); seeded, so that a run can be repeated. */
  readonly random: () => number;
}

interface Planned {
  readonly fault: Fault;
  readonly match: RequestMatch;
  skip: number;
  left: number;
}

interface Standing {
  readonly match: RequestMatch;
  readonly take: () => Fault | undefined;
}

/** Faults that wait for their request: first the queue, in order, then the standing ones, the latest first. */
export class FaultPlan {
  #queue: Planned[] = [];
  #standing: Standing[] = [];

  queue(fault: Fault, { skip = 0, times = 1, ...match }: FaultTiming): void {
    this.#queue.push({ fault, match, skip, left: times });
  }

  always(fault: Fault, match: RequestMatch): void {
    this.#standing.unshift({ match, take: () => fault });
  }

  atRandom({ faults, share, random, ...match }: RandomFaults): void {
    const take = () => (random() < share ? faults[Math.floor(random() * faults.length)] : undefined);
    this.#standing.unshift({ match, take });
  }

  clear(): void {
    this.#queue = [];
    this.#standing = [];
  }

  take(request: RequestFacts): Fault | undefined {
    const matching = this.#queue.filter(({ match }) => matchesRequest(match, request));
    const due = matching.find(({ skip }) => skip === 0);
    for (const planned of matching) if (planned.skip > 0) planned.skip -= 1;
    if (due !== undefined) {
      due.left -= 1;
      if (due.left <= 0) this.#queue = this.#queue.filter((planned) => planned !== due);
      return due.fault;
    }
    for (const { match, take } of this.#standing) {
      const fault = matchesRequest(match, request) ? take() : undefined;
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

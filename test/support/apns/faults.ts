import { matchesPush, type PushMatch } from "./push-log.ts";
import type { Refusal } from "./rules.ts";

/**
 * What happens instead of the answer. A refusal is sent as it is. `reset` ends the one stream (RST_STREAM, by default
 * with INTERNAL_ERROR), `drop` the whole connection (TCP reset), `hang` never answers, `slow` holds the answer until its
 * promise is settled.
 */
export type PushFault =
  | Refusal
  | { readonly kind: "reset"; readonly code?: number }
  | { readonly kind: "hang" | "drop" }
  | { readonly kind: "slow"; readonly until: () => Promise<unknown> };

/** Token and topic select; the status is not known yet. */
export type FaultMatch = Omit<PushMatch, "status">;

interface Planned {
  readonly fault: PushFault;
  readonly match: FaultMatch;
  left: number;
}

/** Faults that wait for their push: first the queue, in order, then the latest standing one. */
export class FaultPlan {
  #planned: Planned[] = [];
  #standing: Planned[] = [];

  queue(fault: PushFault, match: FaultMatch, times: number): void {
    this.#planned.push({ fault, match, left: times });
  }

  always(fault: PushFault, match: FaultMatch): void {
    this.#standing.unshift({ fault, match, left: Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#planned = [];
    this.#standing = [];
  }

  take(push: { readonly token: string | undefined; readonly topic: string | undefined }): PushFault | undefined {
    const isDue = ({ match }: Planned) => matchesPush(match, push);
    const planned = this.#planned.find(isDue) ?? this.#standing.find(isDue);
    if (planned === undefined) return undefined;
    planned.left -= 1;
    if (planned.left <= 0) this.#planned = this.#planned.filter((other) => other !== planned);
    return planned.fault;
  }
}

/** Requests per second and per minute, both per account and operation. */
export interface RateLimits {
  readonly burst: number;
  readonly steady: number;
}

export interface RateVerdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Set when the request is over a limit. */
  readonly retryAfterSeconds: number | undefined;
}

const SECOND = 1_000;
const MINUTE = 60_000;

interface Window {
  readonly number: number;
  readonly used: number;
}

/**
 * Klaviyo's fixed windows of one second and one minute, shared by all keys of the account. The remaining count follows the
 * burst window (recorded).
 */
export class RateWindows {
  readonly #windows = new Map<string, Window>();
  readonly #now: () => number;
  readonly #enforced: boolean;
  #othersShare = 0;

  constructor(now: () => number, enforced: boolean) {
    this.#now = now;
    this.#enforced = enforced;
  }

  /** The part of every window, from 0 to 1, that other users of the account have used up. */
  set othersShare(share: number) {
    this.#othersShare = share;
  }

  take(operationId: string, limits: RateLimits): RateVerdict {
    const now = this.#now();
    const second = this.#used(`${operationId}:second`, Math.floor(now / SECOND));
    const minute = this.#used(`${operationId}:minute`, Math.floor(now / MINUTE));
    const burst = limits.burst - Math.floor(limits.burst * this.#othersShare);
    const steady = limits.steady - Math.floor(limits.steady * this.#othersShare);
    if (this.#enforced && minute >= steady) return refused(MINUTE - (now % MINUTE));
    if (this.#enforced && second >= burst) return refused(SECOND - (now % SECOND));
    this.#windows.set(`${operationId}:second`, { number: Math.floor(now / SECOND), used: second + 1 });
    this.#windows.set(`${operationId}:minute`, { number: Math.floor(now / MINUTE), used: minute + 1 });
    const headers = {
      "ratelimit-limit": `${limits.burst}, ${limits.burst};w=1, ${limits.steady};w=60`,
      "ratelimit-remaining": String(Math.max(0, burst - second - 1)),
      "ratelimit-reset": "0",
    };
    return { headers, retryAfterSeconds: undefined };
  }

  #used(key: string, number: number): number {
    const window = this.#windows.get(key);
    return window?.number === number ? window.used : 0;
  }
}

function refused(millisecondsLeft: number): RateVerdict {
  return { headers: {}, retryAfterSeconds: Math.max(1, Math.ceil(millisecondsLeft / SECOND)) };
}

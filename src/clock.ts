/** Time and chance as parameters, so that tests advance them instead of waiting. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `callback` once, `delayMs` from now; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** A number in [0, 1) for jitter; never for secrets. */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Whole seconds since the epoch: the grain of HTTP dates and of a signature's signing time. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1000);

/** ISO 8601 in UTC with milliseconds, as PassNinja's API writes times. */
export const toIso = (ms: number): string => new Date(ms).toISOString();

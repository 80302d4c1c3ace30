const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** A job that has failed for this long is kept as dead. */
export const GIVE_UP_AFTER_MS = 7 * DAY;
/**
 * After fewer tries than this, it is not the job that has failed for days: the program was off since, or the lane closed.
 * By then the waits have grown to an hour.
 */
const TELLING_TRIES = 12;

/**
 * How long to wait before the next try: full jitter over 1 s · 2ⁿ, at most an hour; from the second day on, half a day
 * to a day. Full jitter spreads what failed together (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
export function backoffMs(attempts: number, failingForMs: number, random: number): number {
  // Whole milliseconds: a STRICT table refuses anything else.
  if (attempts >= TELLING_TRIES && failingForMs >= DAY) return Math.round(DAY / 2 + random * (DAY / 2));
  return Math.max(100, Math.round(random * Math.min(HOUR, SECOND * 2 ** Math.min(attempts, 20))));
}

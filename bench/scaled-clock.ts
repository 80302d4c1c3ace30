import type { Clock } from "../src/clock.ts";

/** The system's time, `factor` times as fast: minutes of somebody else's limits pass in seconds. */
export function scaledClock(factor: number): Clock {
  const [startedAt, origin] = [performance.now(), Date.now()];
  return {
    now: () => Math.floor(origin + (performance.now() - startedAt) * factor),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs / factor);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}

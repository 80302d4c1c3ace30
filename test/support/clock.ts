import type { Clock } from "../../src/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time on and runs what is due, in order. */
  advance(ms: number): void;
  set(now: number): void;
  /** The time of day is corrected by `ms`: timers that are running keep what they have left. */
  correct(ms: number): void;
}

/** 2026-11-21T12:00:00Z, so that tests read the same on every day. */
export const TEST_NOW = Date.UTC(2026, 10, 21, 12);

/** Time that stands still until a test moves it; chance is always one half. */
export function createFakeClock(start = TEST_NOW): FakeClock {
  let now = start;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    random: () => 0.5,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    set(to) {
      now = to;
    },
    correct(ms) {
      now += ms;
      for (const timer of timers) timer.at += ms;
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        now = Math.max(now, next.at);
        next.callback();
      }
      now = until;
    },
  };
}

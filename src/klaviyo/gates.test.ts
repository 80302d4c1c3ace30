import { beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createFakeClock, type FakeClock } from "../../test/support/clock.ts";
import type { KlaviyoAnswer } from "./client.ts";
import { createGates, type Gates } from "./gates.ts";
import { LIMITS, shareOf } from "./limits.ts";

const SHARE = 70;
const OK: KlaviyoAnswer = { type: "answered", status: 200, body: null, retryAfterMs: undefined };
const DOWN: KlaviyoAnswer = { type: "unreachable", reason: "reset" };

let clock: FakeClock;
let gates: Gates;
beforeEach(() => {
  clock = createFakeClock();
  gates = createGates(clock);
});

const room = (family: "profile" | "event" | "recordBulk" = "profile", account = "a") =>
  gates.room(account, family, SHARE);

/** Takes places until none is free, and says how many there were. */
async function fill(family: "profile" | "event" | "recordBulk" = "profile"): Promise<number> {
  let taken = 0;
  while (room(family).now > 0 && (await gates.enter("a", family, SHARE))) taken++;
  return taken;
}

describe("within Klaviyo's limits", () => {
  test("the share of a second, then of a minute", async () => {
    expect(await fill()).toBe(52); // 70 % of 75
    expect(room()).toEqual({ now: 0, nextAt: clock.now() + 1_000, isDown: false });
    let total = 52;
    for (let second = 1; second < 60; second++) {
      clock.advance(1_000);
      total += await fill();
    }
    expect(total).toBe(525); // 70 % of 750
    clock.advance(1_000);
    expect(await fill()).toBe(52);
  });

  test("families and accounts have windows of their own", async () => {
    await fill("profile");
    expect(room("event").now).toBe(245);
    expect(gates.room("b", "profile", SHARE).now).toBe(52);
  });

  test("the smallest limit leaves at least one", () => {
    expect(gates.room("a", "recordBulk", 1)).toEqual({ now: 1, nextAt: clock.now(), isDown: false });
  });

  test("no window of a second or a minute, wherever it begins, holds more than the share", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 2_500 }), { minLength: 50, maxLength: 400 }),
        async (steps) => {
          const time = createFakeClock();
          const some = createGates(time);
          const starts: number[] = [];
          for (const step of steps) {
            time.advance(step);
            while (some.room("a", "recordBulk", SHARE).now > 0) {
              await some.enter("a", "recordBulk", SHARE);
              starts.push(time.now());
            }
          }
          const share = shareOf(LIMITS.recordBulk, SHARE);
          for (const begin of starts) {
            const within = (ms: number) => starts.filter((start) => start >= begin && start < begin + ms).length;
            expect(within(1_000)).toBeLessThanOrEqual(share.perSecond);
            expect(within(60_000)).toBeLessThanOrEqual(share.perMinute);
          }
        },
      ),
      { numRuns: 30 },
    ));

  test("single jobs: half of a minute at once; with a backlog none, and never so much that a fresh change must wait", async () => {
    for (const hasBacklog of [false, true]) {
      gates = createGates(clock);
      const paced = () => gates.pacedRoom("a", "profile", SHARE, hasBacklog);
      let taken = 0;
      let longestWaitMs = 0;
      const perMinute: number[] = [];
      for (let ms = 0; ms < 300_000; ms += 10) {
        const { now, nextAt } = paced();
        if (now > 0 && (await gates.enter("a", "profile", SHARE))) taken++;
        else longestWaitMs = Math.max(longestWaitMs, nextAt - clock.now());
        if (ms % 60_000 === 50_000) perMinute.push(taken);
        clock.advance(10);
      }
      expect(longestWaitMs).toBeLessThan(2_000);
      expect(taken / 5).toBeGreaterThan(0.65 * 525);
      if (!hasBacklog) expect(perMinute[0]).toBeGreaterThan(0.8 * 525);
    }
  });

  test("waits a moment for a place, and no longer than a job may", async () => {
    await fill();
    const soon = gates.enter("a", "profile", SHARE);
    clock.advance(1_000);
    expect(await soon).toBe(true);
    for (let second = 0; second < 20; second++) {
      clock.advance(1_000);
      await fill();
    }
    expect(await gates.enter("a", "profile", SHARE)).toBe(false);
    const abort = new AbortController();
    abort.abort();
    expect(await gates.enter("a", "event", SHARE, abort.signal)).toBe(false);
  });
});

test("a clock that is set back by an hour opens what would have been closed until then", async () => {
  for (let second = 0; second < 20; second++) {
    await fill();
    clock.advance(1_000);
  }
  gates.close("a", "recordBulk", clock.now() + 60_000);
  expect([room().now, room("recordBulk").now]).toEqual([0, 0]);
  clock.correct(-3_600_000);
  expect([room().now, room("recordBulk").now]).toEqual([52, 2]);
});

describe("what answers teach", () => {
  test("Klaviyo's own limits, where they differ from the published ones", () => {
    const rateLimit = { limit: { perSecond: 10, perMinute: 100 }, remaining: 9, resetMs: 0 };
    gates.learn("a", "profile", { ...OK, rateLimit });
    expect(room().now).toBe(7);
  });

  test("a window that others have used up", () => {
    gates.learn("a", "profile", { ...OK, rateLimit: { limit: {}, remaining: 0, resetMs: 0 } });
    expect(room()).toEqual({ now: 0, nextAt: clock.now() + 1_000, isDown: false });
    expect(room("event").now).toBe(245);
  });

  test("429 closes every family of the account for as long as it says", () => {
    gates.learn("a", "event", { ...OK, status: 429, retryAfterMs: 60_000 });
    expect(room()).toEqual({ now: 0, nextAt: clock.now() + 60_000, isDown: false });
    expect(room("profile", "b").now).toBe(52);
    clock.advance(60_000);
    expect(room().now).toBe(52);
  });
});

describe("while Klaviyo is down", () => {
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) gates.learn("a", "profile", DOWN);
  };

  test("single failures are no outage", () => {
    fail(4);
    gates.learn("a", "profile", OK);
    fail(4);
    expect(room().now).toBe(52);
  });

  test("one request at a time tries again, after longer and longer pauses of at most a minute; a success opens the gate", async () => {
    fail(20); // Those on their way when it closes count once.
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const { nextAt } = room();
      pauses.push(nextAt - clock.now());
      clock.set(nextAt);
      expect(room().now).toBe(1);
      expect(await gates.enter("a", "profile", SHARE)).toBe(true);
      expect(room().now).toBe(0);
      if (i < 7) gates.learn("a", "profile", DOWN);
    }
    expect(pauses).toEqual([750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000]);
    gates.learn("a", "profile", OK);
    expect(room().now).toBe(51);
  });

  test("that it lasts, and that it is over, is told once", async () => {
    const told: string[] = [];
    gates = createGates(clock, (account, state) => told.push(`${account} ${state}`));
    fail(5);
    for (let i = 0; i < 20; i++) {
      clock.set(room().nextAt);
      await gates.enter("a", "profile", SHARE);
      if (i === 2) expect(told).toEqual([]);
      fail(1);
    }
    expect(told).toEqual(["a begun"]);
    gates.learn("a", "profile", OK);
    gates.learn("a", "profile", OK);
    expect(told).toEqual(["a begun", "a over"]);
    fail(5);
    gates.learn("a", "profile", OK);
    expect(told).toHaveLength(2);
  });

  test("a probe of which nothing is heard is given up", async () => {
    fail(5);
    clock.set(room().nextAt);
    await gates.enter("a", "profile", SHARE);
    clock.advance(30_000);
    expect(room().now).toBe(1);
  });
});

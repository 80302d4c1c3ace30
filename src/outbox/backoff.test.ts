import { expect, test } from "bun:test";
import fc from "fast-check";
import { backoffMs } from "./backoff.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const expectShort = (wait: number, attempts: number) => {
  expect(wait).toBeGreaterThanOrEqual(100);
  expect(wait).toBeLessThanOrEqual(Math.min(HOUR, Math.max(100, 1_000 * 2 ** attempts)));
  expect(Number.isInteger(wait)).toBe(true);
};

test("on the first day: between a tenth of a second and an hour, and at most 1 s · 2ⁿ", () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(DAY - 1), chance, (attempts, failingForMs, random) => {
      expectShort(backoffMs(attempts, failingForMs, random), attempts);
    }),
  );
});

test("the same after days in which it was hardly tried", () => {
  fc.assert(
    fc.property(fc.nat(11), fc.nat(8 * DAY), chance, (attempts, failingForMs, random) => {
      expectShort(backoffMs(attempts, failingForMs, random), attempts);
    }),
  );
});

test("after that: half a day to a day", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 12, max: 1_000 }),
      fc.integer({ min: DAY, max: 8 * DAY }),
      chance,
      (attempts, failingForMs, random) => {
        const wait = backoffMs(attempts, failingForMs, random);
        expect(wait).toBeGreaterThanOrEqual(DAY / 2);
        expect(wait).toBeLessThanOrEqual(DAY);
        expect(Number.isInteger(wait)).toBe(true);
      },
    ),
  );
});

test("chance spreads what failed together", () => {
  const waits = Array.from({ length: 100 }, (_, i) => backoffMs(10, 0, i / 100));
  expect(new Set(waits).size).toBeGreaterThan(90);
});

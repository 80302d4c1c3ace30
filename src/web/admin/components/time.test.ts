import { expect, test } from "bun:test";
import { relative } from "./time.tsx";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test.each([
  [0, "just now"],
  [-59_999, "just now"],
  [30_000, "just now"],
  [-MINUTE, "1 minute ago"],
  [-59 * MINUTE, "59 minutes ago"],
  [-60 * MINUTE, "1 hour ago"],
  [-DAY, "yesterday"],
  [-29 * DAY, "29 days ago"],
  [-30 * DAY, "last month"],
  [-364 * DAY, "12 months ago"],
  [-365 * DAY, "last year"],
  [90 * MINUTE, "in 1 hour"],
  [7 * DAY, "in 7 days"],
])("%d ms is %s", (ms, words) => {
  expect(relative(ms)).toBe(words);
});

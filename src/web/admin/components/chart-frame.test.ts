import { expect, test } from "bun:test";
import { ticksUpTo } from "./chart-frame.tsx";

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [4, [0, 1, 2, 3, 4]],
  [5, [0, 2, 4, 6]],
  [11, [0, 5, 10, 15]],
  [40, [0, 10, 20, 30, 40]],
  [41, [0, 20, 40, 60]],
  [123_456, [0, 50_000, 100_000, 150_000]],
])("the scale of numbers up to %p", (max, ticks) => {
  expect(ticksUpTo(max)).toEqual(ticks);
});

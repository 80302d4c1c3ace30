import { fasterThan } from "./fast-time.ts";

// Loaded before the program by `fastTime`: the program's clock is made of these two functions.
const factor = Number(process.env["TEST_TIME_FACTOR"]);
const origin = Number(process.env["TEST_TIME_ORIGIN"]);
const realNow = Date.now;
const realSetTimeout = globalThis.setTimeout;

Date.now = () => fasterThan(realNow(), origin, factor);
globalThis.setTimeout = Object.assign(
  (callback: () => void, delayMs = 0) => realSetTimeout(callback, delayMs / factor),
  realSetTimeout,
);

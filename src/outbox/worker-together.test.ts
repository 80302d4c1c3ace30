import { afterEach, beforeEach, expect, test } from "bun:test";
import { createFakeClock, type FakeClock } from "../../test/support/clock.ts";
import { ACCOUNT, createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { silentLog } from "../log.ts";
import type { JobHandler, LeasedJob, NewJob, Outcome, TogetherHandler } from "./job.ts";
import { createOutboxStore, type OutboxStore } from "./outbox-store.ts";
import type { Pace, Plan } from "./pace.ts";
import { createWorker, type Worker } from "./worker.ts";

let opened: TestDatabase;
let clock: FakeClock;
let store: OutboxStore;
let worker: Worker | undefined;
beforeEach(async () => {
  opened = await createTestDatabase();
  clock = createFakeClock();
  store = createOutboxStore(opened.db);
});
afterEach(async () => {
  await worker?.drain(0);
  opened[Symbol.dispose]();
});

const together: TogetherHandler = async (jobs) => new Map(jobs.map(({ id }) => [id, { type: "done" } as const]));
const singly: JobHandler = async () => ({ type: "done" });

/** Starts a worker for jobs of kind `k`. */
function work(options: { handler?: TogetherHandler; single?: JobHandler; pace: Pace }): Worker {
  const { handler = together, single = singly, pace } = options;
  worker = createWorker({ store, handlers: { k: single }, together: { k: handler }, clock, log: silentLog, pace });
  worker.start();
  return worker;
}

const enqueue = (...jobs: readonly (string | Partial<NewJob>)[]) =>
  opened.db.transaction((tx) =>
    store.enqueue(
      tx,
      jobs.map((job, i): NewJob => {
        const given = typeof job === "string" ? { orderingKey: job } : job;
        const idempotencyKey = `${given.orderingKey}:${clock.now()}:${i}`;
        const shared = { accountId: ACCOUNT, channel: "c", kind: "k", nature: "event", payload: {} } as const;
        return { ...shared, idempotencyKey, orderingKey: "", ...given };
      }),
      clock.now(),
    ),
  );
const rows = async () => (await store.list({ accountId: ACCOUNT }, { limit: 1_000 })).items;
const keysOf = (jobs: readonly LeasedJob[]) => jobs.map(({ orderingKey }) => orderingKey);
const plan = (singlyRoom: number, togetherRoom: number): Plan => ({ singly: singlyRoom, together: togetherRoom });
const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);

test("many jobs go in one request, the oldest first, and each is finished", async () => {
  const seen: string[][] = [];
  const running = work({
    async handler(jobs, signal) {
      seen.push(keysOf(jobs));
      return together(jobs, signal);
    },
    pace: () => plan(0, 400),
  });
  await enqueue(...names(700));
  await running.idle();
  expect(seen.map(({ length }) => length)).toEqual([400, 300]);
  expect(seen.flat()).toEqual(names(700));
  expect(await rows()).toEqual([]);
});

test("of the single ones, the newest change goes first", async () => {
  const order: string[] = [];
  await enqueue("old", "older");
  clock.advance(10);
  await enqueue("fresh");
  const running = work({
    single: async ({ orderingKey }) => {
      order.push(orderingKey);
      return { type: "done" };
    },
    pace: () => plan(1, 0),
  });
  await running.idle();
  expect(order[0]).toBe("fresh");
  expect(order.toSorted()).toEqual(["fresh", "old", "older"]);
});

test("what is to go alone does not go together, and is not counted", async () => {
  const counts: number[] = [];
  const alone: string[] = [];
  const seen: string[][] = [];
  const running = work({
    async handler(jobs, signal) {
      seen.push(keysOf(jobs));
      return together(jobs, signal);
    },
    single: async ({ orderingKey }) => {
      alone.push(orderingKey);
      return { type: "done" };
    },
    pace: async (_, waiting) => {
      const count = await waiting(10);
      counts.push(count);
      return plan(count > 0 ? 0 : 1, 10);
    },
  });
  await enqueue({ orderingKey: "A", alone: true }, "B", "C");
  await running.idle();
  expect(seen).toEqual([["B", "C"]]);
  expect(alone).toEqual(["A"]);
  expect(Math.max(...counts)).toBe(2);
});

test.each<[string, Outcome, object]>([
  ["retry", { type: "retry", reason: "refused" }, { state: "ready", alone: true, attempts: 1, lastError: "refused" }],
  ["later", { type: "later", reason: "full", runAt: 5 }, { state: "ready", alone: false, attempts: 0, runAt: 5 }],
  [
    "throttled",
    { type: "throttled", retryAfterMs: 60_000, reason: "429" },
    { state: "ready", alone: false, attempts: 0 },
  ],
])("what becomes of one among many: %s", async (_, outcome, expected) => {
  let requests = 0;
  const running = work({
    async handler(jobs) {
      requests++;
      return new Map(jobs.map(({ id, orderingKey }) => [id, orderingKey === "B" ? outcome : { type: "done" }]));
    },
    pace: () => plan(0, requests === 0 ? 10 : 0),
  });
  await enqueue("A", "B", "C");
  await running.idle();
  expect(await rows()).toMatchObject([{ orderingKey: "B", ...expected }]);
});

test.each<[string, TogetherHandler]>([
  ["throws", () => Promise.reject(new Error("defect"))],
  ["says nothing of a job", async () => new Map()],
])("a handler that %s loses nothing: each is tried again alone", async (_, handler) => {
  let begun = false;
  const running = work({
    handler: (jobs, signal) => {
      begun = true;
      return handler(jobs, signal);
    },
    pace: () => plan(0, begun ? 0 : 10),
  });
  await enqueue("A", "B");
  await running.idle();
  expect((await rows()).map(({ state, alone, attempts }) => ({ state, alone, attempts }))).toEqual([
    { state: "ready", alone: true, attempts: 1 },
    { state: "ready", alone: true, attempts: 1 },
  ]);
});

test("a request that takes minutes keeps its jobs: their lease is prolonged", async () => {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const running = work({
    async handler(jobs, signal) {
      begun.resolve();
      await ended.promise;
      return together(jobs, signal);
    },
    pace: () => plan(0, 10),
  });
  await enqueue("A", "B");
  await begun.promise;
  for (let i = 0; i < 12; i++) {
    clock.advance(10_000);
    // As many turns as a shared commit needs.
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await rows()).every(({ leaseUntil }) => (leaseUntil ?? 0) > clock.now())).toBe(true);
  ended.resolve();
  await running.idle();
  expect(await rows()).toEqual([]);
});

test("what is on its way at a shutdown is put back, to go alone", async () => {
  const begun = Promise.withResolvers<void>();
  const running = work({
    handler: (_, signal) => {
      begun.resolve();
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Map())));
    },
    pace: () => plan(0, 10),
  });
  await enqueue("A", "B");
  await begun.promise;
  const stopped = running.drain(0);
  // The wait of no time begins once what is being claimed is claimed.
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(0);
  await stopped;
  expect((await rows()).map(({ state, alone, attempts }) => ({ state, alone, attempts }))).toEqual([
    { state: "ready", alone: true, attempts: 0 },
    { state: "ready", alone: true, attempts: 0 },
  ]);
});

test("a lane without room is asked again when it said so", async () => {
  const free = clock.now() + 300;
  let done = 0;
  const running = work({
    single: async () => {
      done++;
      return { type: "done" };
    },
    pace: () => (clock.now() < free ? { singly: 0, together: 0, moreAt: free } : plan(10, 0)),
  });
  await enqueue("A");
  await running.idle();
  expect(done).toBe(0);
  clock.advance(300);
  await running.idle();
  expect(done).toBe(1);
});

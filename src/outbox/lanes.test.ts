import { afterEach, beforeEach, expect, test } from "bun:test";
import { TEST_NOW } from "../../test/support/clock.ts";
import { ACCOUNT, createTestDatabase, OTHER_ACCOUNT, type TestDatabase } from "../../test/support/database.ts";
import type { NewJob } from "./job.ts";
import { emptyLane, removeLane, resumeLane, suspendLane } from "./lanes.ts";
import { createOutboxStore, type OutboxStore } from "./outbox-store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LANE = { accountId: ACCOUNT, kind: "told", channel: "shop" };

let opened: TestDatabase;
let store: OutboxStore;
beforeEach(async () => {
  opened = await createTestDatabase();
  store = createOutboxStore(opened.db);
});
afterEach(() => opened[Symbol.dispose]());

let made = 0;
const enqueue = (orderingKey: string, at = TEST_NOW, lane: typeof LANE = LANE) => {
  const job: NewJob = { ...lane, orderingKey, idempotencyKey: `${++made}`, nature: "event", payload: {} };
  return opened.db.transaction((tx) => store.enqueue(tx, [job], at));
};
const suspend = (now: number) =>
  opened.db.transaction(({ query }) => suspendLane(query, LANE, { now, until: now + HOUR, reason: "Closed." }));
const resume = (now: number) => opened.db.transaction(({ query }) => resumeLane(query, LANE, now));
const claim = (now: number) => store.claim([LANE.kind], now, 10, 30_000);
const states = async (accountId = ACCOUNT) =>
  (await store.list({ accountId }, { limit: 100 })).items.map((job) => `${job.orderingKey} ${job.state}`);

test("a suspended lane rests until its time, and no other does", async () => {
  for (const lane of [LANE, { ...LANE, channel: "till" }, { ...LANE, accountId: OTHER_ACCOUNT }])
    await enqueue(`${lane.accountId} ${lane.channel}`, TEST_NOW, lane);
  await suspend(TEST_NOW);
  expect((await claim(TEST_NOW)).map(({ orderingKey }) => orderingKey).sort()).toEqual([
    ...[`${ACCOUNT} till`, `${OTHER_ACCOUNT} shop`],
  ]);
  expect((await claim(TEST_NOW + HOUR)).map(({ orderingKey }) => orderingKey)).toContain(`${ACCOUNT} shop`);
});

test("a target that asked for more time gets it", async () => {
  await enqueue("A");
  const [job] = await claim(TEST_NOW);
  if (!job) throw new Error("nothing was claimed");
  await store.closeLanes(job, "channel", TEST_NOW + 2 * HOUR, null);
  await store.release([job]);
  await suspend(TEST_NOW);
  expect(await claim(TEST_NOW + HOUR)).toEqual([]);
  expect(await claim(TEST_NOW + 2 * HOUR)).toHaveLength(1);
});

test("what waits for seven days of it is dead, and what came later is not", async () => {
  await enqueue("A");
  await enqueue("A");
  await suspend(TEST_NOW);
  await enqueue("A", TEST_NOW + DAY);
  await enqueue("B", TEST_NOW + DAY);
  await suspend(TEST_NOW + DAY);
  await suspend(TEST_NOW + 7 * DAY - 1);
  expect(await states()).toEqual(["A ready", "A waiting", "A waiting", "B ready"]);
  await suspend(TEST_NOW + 7 * DAY);
  // The next of the same key takes their place.
  expect(await states()).toEqual(["A dead", "A dead", "A ready", "B ready"]);
  const [first] = (await store.list({ accountId: ACCOUNT, state: "dead" }, { limit: 1 })).items;
  expect(first?.lastError).toBe("Closed. (waited for seven days)");
});

test("a lane that works again is open, and what was never tried begins its seven days anew", async () => {
  await enqueue("never tried");
  await enqueue("tried");
  await suspend(TEST_NOW);
  const [job, tried] = await claim(TEST_NOW + HOUR);
  if (!job || !tried) throw new Error("nothing was claimed");
  await store.release([job]);
  await store.retryLater(tried, "No.", TEST_NOW, TEST_NOW + DAY);
  await resume(TEST_NOW + 2 * HOUR);
  const { items } = await store.list({ accountId: ACCOUNT }, { limit: 2 });
  expect(items.map(({ failingSince, runAt }) => ({ failingSince, runAt }))).toEqual([
    { failingSince: null, runAt: TEST_NOW + 2 * HOUR },
    { failingSince: TEST_NOW, runAt: TEST_NOW + 2 * HOUR },
  ]);
  expect(await claim(TEST_NOW + 2 * HOUR)).toHaveLength(2);
});

test("an emptied lane keeps what is under way or dead; a removed one only what is under way, until that ends", async () => {
  for (const key of ["A", "B", "C", "C"]) await enqueue(key);
  const [a, b, c] = await claim(TEST_NOW);
  if (!a || !b || !c) throw new Error("nothing was claimed");
  await store.bury(a, "No.");
  await store.release([b]);
  await opened.db.transaction(({ query }) => emptyLane(query, LANE));
  expect(await states()).toEqual(["A dead", "C leased"]);
  await opened.db.transaction(({ query }) => removeLane(query, LANE));
  expect(await states()).toEqual(["C leased"]);
  await store.retryLater(c, "No.", TEST_NOW, TEST_NOW);
  expect(await claim(TEST_NOW)).toHaveLength(1);
  await opened.db.transaction(({ query }) => removeLane(query, LANE));
  expect(await store.lanes(ACCOUNT)).toHaveLength(1);
});

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createConnectionStore } from "../src/klaviyo/connection-store.ts";
import { createDelivery } from "../src/klaviyo/delivery.ts";
import { createGates } from "../src/klaviyo/gates.ts";
import { createIngestionLog, ingestionLogJob } from "../src/klaviyo/ingestion-log.ts";
import { silentLog } from "../src/log.ts";
import { createWorker, type Worker } from "../src/outbox/worker.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { type KlaviyoObjects, refused, startKlaviyoObjects } from "./support/klaviyo-objects.ts";

const MINUTE = 60_000;
let shop: TestApp;
let klaviyo: KlaviyoObjects;
let worker: Worker;
let passTemplate: string;

beforeEach(async () => {
  shop = await startTestApp();
  passTemplate = await shop.pushGallery("points-card");
  klaviyo = startKlaviyoObjects();
  const schema = { id: "01SC", status: "active", properties: [], relationshipId: "01RL", pollsUntilActive: 0 } as const;
  klaviyo.types.push({
    id: "01OT",
    title: "WalletPass",
    schema: { ...schema, mapping: { id: "01MP", attributes: {} } },
  });
  const { app, accountId, clock } = shop;
  const store = createConnectionStore(app.db, app.vault);
  await app.db.transaction(async ({ query }) => {
    const live = { accountId, klaviyoAccountId: "AbCd12", organizationName: null, connectedAt: clock.now() };
    await store.setLive(query, { ...live, apiKey: "pk_test" });
    await store.setObjects(query, live, { objectsState: "active", dataSourceId: "01DS", objectTypeId: "01OT" });
  });
  const gates = createGates(clock);
  const deliver = createDelivery({ clock, client: klaviyo.client, gates, connections: store });
  const handlers = createIngestionLog({ clock, deliver, store, outbox: app.outbox });
  worker = createWorker({ store: app.outbox, clock, log: silentLog, handlers });
  worker.start();
});
afterEach(async () => {
  await worker.drain(0);
  await shop[Symbol.asyncDispose]();
});

const issue = async (email: string) =>
  (await shop.issue({ passTemplate, pass: {}, recipient: { email } })).serialNumber;
const notesOf = async (serial: string) => (await shop.app.links.load(serial)).pass.notes;
/** As after a record was sent. */
const promise = () => {
  const now = shop.clock.now();
  return shop.app.db.transaction((tx) => shop.app.outbox.enqueue(tx, [ingestionLogJob(shop.accountId, now)], now));
};
const advance = async (ms: number) => {
  shop.clock.advance(ms);
  await worker.idle();
};
const waiting = async () =>
  (await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 100 })).items.filter(
    ({ kind }) => kind === "klaviyo.ingestion",
  );

/** Newer entries go first, as Klaviyo lists them. */
function log(serial: string, attributes: Record<string, string> = {}): void {
  klaviyo.logs.unshift({
    type: "object-ingestion-log",
    attributes: {
      status: "error",
      event_type: "validation_error",
      timestamp: new Date(shop.clock.now()).toISOString(),
      summary: `1 validation error for ${serial}`,
      errors: [
        { code: "string_type", message: "Input should be a valid string", property: "template", invalid_value: "7" },
      ],
      ...attributes,
    },
    relationships: { "object-record": { data: { type: "object-record", id: `01OT:::${serial}` } } },
  });
}

test("notes at the pass what Klaviyo did not take, once", async () => {
  const [bad, good] = [await issue("bad@example.com"), await issue("good@example.com")];
  log(bad);
  await promise();
  await advance(20 * MINUTE);
  const note = "Klaviyo did not take the WalletPass record. template: Input should be a valid string (it was 7)";
  expect(await notesOf(bad)).toEqual([note]);
  expect(await notesOf(good)).toEqual([]);
  expect(await waiting()).toEqual([]);

  await promise();
  await advance(20 * MINUTE);
  expect(await notesOf(bad)).toEqual([note]);
});

test("finds the pass also where only the summary names it, and tells a warning from a failure", async () => {
  const serial = await issue("a@example.com");
  log(serial, { status: "warning" });
  log(serial, { status: "info" });
  const [info, warning] = klaviyo.logs as { relationships: object }[];
  for (const entry of [info, warning]) if (entry) entry.relationships = {};
  await promise();
  await advance(20 * MINUTE);
  expect(await notesOf(serial)).toEqual([expect.stringContaining("has a warning about the WalletPass record")]);
});

test("another account's pass is left alone", async () => {
  const other = await shop.app.accounts.create("Another shop");
  const { apiKey } = await shop.app.accounts.createKey(other.id, "test");
  const { definition, images } = await shop.app.templates.current(shop.accountId, passTemplate);
  const { id } = await shop.app.templates.push(other.id, { definition, images });
  const { serialNumber } = await shop.issue(
    { passTemplate: id, pass: {}, recipient: {} },
    { "x-api-key": apiKey, "x-account-id": other.id },
  );
  log(serialNumber);
  await promise();
  await advance(20 * MINUTE);
  expect(klaviyo.requests).toHaveLength(1);
  expect(await notesOf(serialNumber)).toEqual([]);
});

test("is one look for ten minutes of records, ten minutes later", async () => {
  for (let i = 0; i < 5; i++) await promise();
  expect(await waiting()).toHaveLength(1);
  await advance(10 * MINUTE - 1);
  expect(klaviyo.requests).toEqual([]);
  await advance(10 * MINUTE + 1);
  expect(klaviyo.requests).toHaveLength(1);
});

test("reads page after page, a minute apart, back to what it has seen", async () => {
  const first = await issue("first@example.com");
  log(first);
  await promise();
  await advance(20 * MINUTE);
  const serials = await Promise.all(Array.from({ length: 60 }, (_, i) => issue(`p${i}@example.com`)));
  for (const serial of serials) log(serial);
  await promise();
  await advance(20 * MINUTE);
  expect(klaviyo.requests).toHaveLength(2);
  const noted = async () => (await Promise.all(serials.map(notesOf))).filter((notes) => notes.length > 0).length;
  expect(await noted()).toBe(50);
  // What comes meanwhile is for the look after this one.
  const late = await issue("late@example.com");
  log(late);
  await advance(MINUTE);
  expect(await noted()).toBe(60);
  expect(await waiting()).toEqual([]);
  expect(await notesOf(late)).toEqual([]);

  await promise();
  await advance(20 * MINUTE);
  expect(await notesOf(late)).toHaveLength(1);
  expect(klaviyo.requests).toHaveLength(4);
});

describe("trouble", () => {
  const lane = async () =>
    (await shop.app.connections.status(shop.accountId)).lanes.find(({ kind }) => kind === "klaviyo.ingestion");

  test("a missing scope stops this kind, with an alarm", async () => {
    klaviyo.failures.push(refused(403, "permission_denied", "You do not have permission."));
    await promise();
    await advance(20 * MINUTE);
    expect(await lane()).toMatchObject({ open: false, alarm: expect.stringContaining("lacks a scope") as unknown });
    expect((await waiting())[0]).toMatchObject({ state: "ready", attempts: 0 });
  });

  test("429 is waited for", async () => {
    klaviyo.failures.push({ type: "answered", status: 429, body: null, retryAfterMs: 30_000 });
    const serial = await issue("a@example.com");
    log(serial);
    await promise();
    await advance(20 * MINUTE);
    expect(await notesOf(serial)).toEqual([]);
    await advance(31_000);
    expect(await notesOf(serial)).toHaveLength(1);
  });

  test("an object type that was deleted in Klaviyo stops the records, and says what to do", async () => {
    klaviyo.types.length = 0;
    await promise();
    await advance(20 * MINUTE);
    expect((await shop.app.connections.status(shop.accountId)).objects).toMatchObject({
      state: "incomplete",
      note: expect.stringContaining("passhook klaviyo setup") as unknown,
    });
    expect(await waiting()).toEqual([]);
  });
});

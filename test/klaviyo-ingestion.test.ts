import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type ConnectedShop, startConnectedShop } from "./support/connected-shop.ts";
import { createTestClient } from "./support/klaviyo/test-client.ts";

const MINUTE = 60_000;
const LOGS = /object-ingestion-logs$/;
let here: ConnectedShop;

beforeEach(async () => {
  here = await startConnectedShop();
});
afterEach(() => here[Symbol.asyncDispose]());

/** As `klaviyo setup` does; the clock goes on while Klaviyo publishes. */
async function setUp(): Promise<void> {
  const { app, accountId, clock } = here.shop;
  await app.klaviyo.setup.run(accountId, ({ text }) => {
    if (text === "Klaviyo is publishing it") setImmediate(() => clock.advance(6_000));
  });
  await app.worker.idle();
}

const issue = async (email: string) => (await here.issue({ email })).serialNumber;
const notesOf = async (serial: string) => (await here.shop.app.links.load(serial)).pass.notes;
const looks = () => here.klaviyo.requests.filter(({ path }) => LOGS.test(path));
const waiting = async () => (await here.jobs()).filter(({ kind }) => kind === "klaviyo.ingestion");

/** Records that Klaviyo does not take: as if one of ours were wrong. Judged when this resolves. */
async function sendBadRecords(...serials: readonly string[]): Promise<void> {
  const data = serials.map((serial) => ({
    type: "data-source-record",
    attributes: { record: { serial, template: 7 } },
  }));
  const [source] = here.klaviyo.dataSources.keys();
  await createTestClient(here.klaviyo).post("/api/data-source-record-bulk-create-jobs", {
    data: {
      type: "data-source-record-bulk-create-job",
      attributes: { "data-source-records": { data } },
      relationships: { "data-source": { data: { type: "data-source", id: source } } },
    },
  });
  await here.advance(11_000);
}

const NOTE = "Klaviyo did not take the WalletPass record. template: 'template' is not a string. (it was 7)";

test("records of old and new passes arrive at their profiles", async () => {
  const before = await here.issue({ email: "before@example.com" });
  await setUp();
  const after = await here.issue({ email: "after@example.com" }, "80");
  await here.advance(11_000);
  for (const [email, pass, points] of [
    ["before@example.com", before, "70"],
    ["after@example.com", after, "80"],
  ] as const) {
    const profile = here.klaviyo.findProfile({ email });
    const records = here.klaviyo.recordsOfProfile(profile?.id ?? "");
    expect(records.map(({ properties }) => properties)).toMatchObject([
      {
        serial: pass.serialNumber,
        state: "active",
        fields: expect.stringContaining(`points-balance: ${points}`) as unknown,
      },
    ]);
  }
  await here.shop.app.updater.remove({ accountId: here.shop.accountId, serial: after.serialNumber });
  await here.shop.app.worker.idle();
  await here.advance(11_000);
  const states = [...here.klaviyo.objectRecords.values()].map(({ properties }) => properties["state"]);
  expect(states.toSorted()).toEqual(["active", "deleted"]);
  expect(here.klaviyo.ingestionLog).toEqual([]);
});

describe("what Klaviyo did not take", () => {
  beforeEach(setUp);

  test("is noted at the pass, once", async () => {
    const [bad, good] = [await issue("bad@example.com"), await issue("good@example.com")];
    await sendBadRecords(bad);
    await here.advance(20 * MINUTE);
    expect(await notesOf(bad)).toEqual([NOTE]);
    expect(await notesOf(good)).toEqual([]);
    expect(await waiting()).toEqual([]);

    await issue("another@example.com");
    await here.advance(20 * MINUTE);
    expect(looks()).toHaveLength(2);
    expect(await notesOf(bad)).toEqual([NOTE]);
  });

  test("names the pass in its summary at least; a warning is told from a failure, and what is neither is not told", async () => {
    const serial = await issue("a@example.com");
    const entry = (status: string) => ({
      type: "object-ingestion-log",
      attributes: {
        status,
        timestamp: "2026-11-21T12:05:00+00:00",
        summary: `1 validation error for ${serial}`,
        errors: [],
      },
    });
    const body = JSON.stringify({ data: ["warning", "info"].map(entry), links: { next: null } });
    here.klaviyo.failNext({ status: 200, body }, { path: "/api/object-types", method: "GET" });
    await here.advance(20 * MINUTE);
    expect(await notesOf(serial)).toEqual([
      `Klaviyo has a warning about the WalletPass record. 1 validation error for ${serial}`,
    ]);
  });

  test("about another account's pass is left alone", async () => {
    const other = await here.shop.app.accounts.create("Another shop");
    const { apiKey } = await here.shop.app.accounts.createKey(other.id, "test");
    const { definition, images } = await here.shop.app.templates.current(here.shop.accountId, here.template);
    const { id } = await here.shop.app.templates.push(other.id, { definition, images });
    const headers = { "x-api-key": apiKey, "x-account-id": other.id };
    const { serialNumber } = await here.shop.issue({ passTemplate: id, pass: {}, recipient: {} }, headers);
    await issue("a@example.com");
    await sendBadRecords(serialNumber);
    await here.advance(20 * MINUTE);
    expect(looks()).toHaveLength(1);
    expect(await notesOf(serialNumber)).toEqual([]);
  });

  test("is looked for once in ten minutes, ten minutes later", async () => {
    for (let i = 0; i < 5; i++) await issue(`p${i}@example.com`);
    expect(await waiting()).toHaveLength(1);
    await here.advance(9 * MINUTE);
    expect(looks()).toEqual([]);
    await here.advance(11 * MINUTE);
    expect(looks()).toHaveLength(1);
  });

  test("is read page after page, a minute apart, back to what was seen", async () => {
    await sendBadRecords(await issue("first@example.com"));
    await here.advance(20 * MINUTE);
    expect(looks()).toHaveLength(1);

    const serials: string[] = [];
    for (let i = 0; i < 60; i++) {
      serials.push(await issue(`p${i}@example.com`));
      await here.advance(2_000);
    }
    await sendBadRecords(...serials);
    await here.advance(20 * MINUTE);
    expect(looks()).toHaveLength(2);
    const noted = async () => (await Promise.all(serials.map(notesOf))).filter((notes) => notes.length > 0).length;
    expect(await noted()).toBe(50);
    await here.advance(MINUTE);
    expect(looks()).toHaveLength(3);
    expect(await noted()).toBe(60);
    expect(await waiting()).toEqual([]);
  });

  const lane = async () =>
    (await here.shop.app.connections.status(here.shop.accountId)).lanes.find(
      ({ kind }) => kind === "klaviyo.ingestion",
    );

  test("cannot be read without the scope: that stops this kind alone, with an alarm", async () => {
    await issue("a@example.com");
    here.klaviyo.withholdScope("custom-objects:read");
    await here.advance(20 * MINUTE);
    expect(await lane()).toMatchObject({ open: false, alarm: expect.stringContaining("lacks a scope") as unknown });
    expect((await waiting())[0]).toMatchObject({ state: "ready", attempts: 0 });
  });

  test("is read after the wait that Klaviyo asks for", async () => {
    const serial = await issue("a@example.com");
    await sendBadRecords(serial);
    here.klaviyo.failNext({ status: 429, retryAfterSeconds: 30 });
    await here.advance(20 * MINUTE);
    expect(await notesOf(serial)).toEqual([]);
    await here.advance(31_000);
    expect(await notesOf(serial)).toEqual([NOTE]);
  });

  test("is everything once the object type was deleted in Klaviyo: records stop, and it is said what to do", async () => {
    await issue("a@example.com");
    here.klaviyo.respondAlways({ status: 404 }, { path: "/api/object-types" });
    await here.advance(20 * MINUTE);
    expect((await here.shop.app.connections.status(here.shop.accountId)).objects).toMatchObject({
      state: "incomplete",
      note: expect.stringContaining("passhook klaviyo setup") as unknown,
    });
    expect(await waiting()).toEqual([]);
    await here.issue({ email: "b@example.com" });
    expect((await here.jobs()).map(({ kind }) => kind)).toEqual([]);
  });
});

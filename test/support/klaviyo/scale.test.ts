import { expect, test } from "bun:test";
import { startFakeKlaviyo } from "./fake-klaviyo.ts";
import { setUpObjectType } from "./objects/set-up.ts";
import { createTestClient } from "./test-client.ts";

const COUNT = 40_000;
/** Ten times what it takes on a quiet machine, and far below what searching through everything would. */
const LIMIT_MS = 20_000;

test(`${COUNT} profiles, events and records`, async () => {
  let now = Date.UTC(2026, 6, 15, 12);
  await using fake = await startFakeKlaviyo({ now: () => now, keptRequests: 0 });
  const client = createTestClient(fake);
  const { sourceId, typeId } = await setUpObjectType(fake);
  now += 5_000;
  const started = performance.now();
  const batches = (size: number) =>
    Array.from({ length: COUNT / size }, (_, batch) =>
      Array.from({ length: size }, (_, index) => batch * size + index),
    );

  for (const batch of batches(10_000)) {
    const data = batch.map((n) => ({ type: "profile", attributes: { external_id: `c${n}`, properties: { n } } }));
    const attributes = { profiles: { data } };
    await client.post("/api/profile-bulk-import-jobs", { data: { type: "profile-bulk-import-job", attributes } });
  }
  now += 10_000;
  expect(fake.profiles.size).toBe(COUNT);

  const metric = { data: { type: "metric", attributes: { name: "M" } } };
  for (const batch of batches(1_000)) {
    const data = batch.map((n) => ({
      type: "event-bulk-create",
      attributes: {
        profile: { data: { type: "profile", attributes: { external_id: `c${n}` } } },
        events: { data: [{ type: "event", attributes: { properties: {}, metric, unique_id: `u${n}` } }] },
      },
    }));
    const attributes = { "events-bulk-create": { data } };
    await client.post("/api/event-bulk-create-jobs", { data: { type: "event-bulk-create-job", attributes } });
  }
  for (const batch of batches(500)) {
    const data = batch.map((n) => ({
      type: "data-source-record",
      attributes: { record: { serial: `s${n}`, points: n, external_id: `c${n}` } },
    }));
    await client.post("/api/data-source-record-bulk-create-jobs", {
      data: {
        type: "data-source-record-bulk-create-job",
        attributes: { "data-source-records": { data } },
        relationships: { "data-source": { data: { type: "data-source", id: sourceId } } },
      },
    });
  }
  now += 10_000;
  expect([fake.events.length, fake.objectRecords.size, fake.ingestionLog.length]).toEqual([COUNT, COUNT, 0]);

  for (let n = 0; n < COUNT; n += 100) {
    const { id = "" } = fake.findProfile({ externalId: `c${n}` }) ?? {};
    expect(fake.findEvent(id, "M", `u${n}`)?.deliveries).toBe(1);
    expect(fake.recordsOfProfile(id).map((record) => record.id)).toEqual([`${typeId}:::s${n}`]);
  }
  expect(performance.now() - started).toBeLessThan(LIMIT_MS);
}, 60_000);

import { afterEach, beforeEach, expect, test } from "bun:test";
import { type FakeKlaviyo, startFakeKlaviyo } from "../fake-klaviyo.ts";
import { createTestClient, type TestClient } from "../test-client.ts";
import { type ReadyType, setUpObjectType } from "./set-up.ts";

const NOW = Date.UTC(2026, 6, 15, 12);
const DAY_MS = 24 * 60 * 60 * 1_000;

let fake: FakeKlaviyo;
let client: TestClient;
let now: number;
beforeEach(async () => {
  now = NOW;
  fake = await startFakeKlaviyo({ now: () => now });
  client = createTestClient(fake);
});
afterEach(() => fake[Symbol.asyncDispose]());

async function readyType(strategy?: string): Promise<ReadyType> {
  const type = await setUpObjectType(fake, strategy);
  now += 5_000;
  return type;
}

const recordOf = (record: object) => ({ type: "data-source-record", attributes: { record } });
const into = (sourceId: string | undefined) =>
  sourceId && { relationships: { "data-source": { data: { type: "data-source", id: sourceId } } } };
const send = (sourceId: string | undefined, record: object) =>
  client.post("/api/data-source-record-create-jobs", {
    data: {
      type: "data-source-record-create-job",
      attributes: { "data-source-record": { data: recordOf(record) } },
      ...into(sourceId),
    },
  });
const sendMany = (sourceId: string, records: readonly object[]) =>
  client.post("/api/data-source-record-bulk-create-jobs", {
    data: {
      type: "data-source-record-bulk-create-job",
      attributes: { "data-source-records": { data: records.map(recordOf) } },
      ...into(sourceId),
    },
  });
const logsOf = async (typeId: string, query = "") =>
  (await client.call(`/api/object-types/${typeId}/object-ingestion-logs?${query}`)).body as {
    data: readonly { id: string; attributes: { summary: string; errors: readonly { code: string }[] } }[];
    links: { next: string | null };
  };

test("records are judged later; good ones become object records of their profile", async () => {
  const { sourceId, typeId } = await readyType();
  const holder = fake.addProfile({ email: "holder@example.com" });
  const record = { serial: "s1", points: 7, balance: 1, installed: true, klaviyo_id: holder.id, unmapped: [1] };
  expect(await send(sourceId, { ...record, issued_at: "2026-07-15T14:00:00+02:00" })).toMatchObject({
    status: 204,
    body: undefined,
  });
  const id = `${typeId}:::s1`;
  const path = `/api/object-records/${encodeURIComponent(id)}`;
  expect([(await client.call(path)).status, fake.objectRecords.size]).toEqual([404, 0]);
  now += 10_000;
  const properties = {
    serial: "s1",
    points: 7,
    balance: 1,
    installed: true,
    issued_at: "2026-07-15T12:00:00+00:00",
    origin: "passes",
  };
  expect((await client.call(path)).body).toMatchObject({ data: { id, attributes: { record_properties: properties } } });
  expect(fake.recordsOfProfile(holder.id).map((one) => one.recordId)).toEqual(["s1"]);
  expect((await logsOf(typeId)).data).toEqual([]);

  // The next version replaces it whole.
  await sendMany(sourceId, [
    { serial: "s1", points: 8 },
    { serial: "s2", points: 0 },
  ]);
  now += 10_000;
  expect(fake.objectRecords.get(id)?.properties).toEqual({
    ...properties,
    points: 8,
    balance: null,
    installed: null,
    issued_at: null,
  });
  expect(fake.recordsOfProfile(holder.id)).toEqual([]);
  expect(fake.recordHistory(id).map((one) => [one.properties["points"], one.updatedAt])).toEqual([
    [7, NOW + 15_000],
    [8, NOW + 25_000],
  ]);
  const page = (await client.call(`/api/object-types/${typeId}/object-records?page[size]=1`)).body as {
    links: { next: string };
  };
  expect(page).toMatchObject({ data: [{ id }] });
  expect((await client.call(page.links.next.slice(fake.url.length))).body).toMatchObject({
    data: [{ id: `${typeId}:::s2` }],
    links: { next: null },
  });
});

test("a profile is found by each identifier, and its records follow it", async () => {
  const { sourceId } = await readyType();
  const holder = fake.addProfile({ external_id: "e", email: "e@example.com", phone_number: "+4712345678" });
  const ways = [
    { klaviyo_id: holder.id },
    { klaviyo_id: "NOPE", external_id: "e" },
    { klaviyo_id: null, contact: { email: "E@example.com" } },
    { klaviyo_id: "", external_id: null, contact: { phone: "+4712345678" } },
  ];
  for (const [index, way] of ways.entries()) await send(sourceId, { serial: `s${index}`, points: 1, ...way });
  now += 10_000;
  const serialsOf = (id: string) => fake.recordsOfProfile(id).map((one) => one.recordId);
  expect(serialsOf(holder.id)).toEqual(["s0", "s1", "s2", "s3"]);
  const other = fake.addProfile({});
  fake.mergeProfiles(holder.id, other.id);
  expect([serialsOf(holder.id), serialsOf(other.id)]).toEqual([[], ["s0", "s1", "s2", "s3"]]);
});

test("additive links are kept", async () => {
  const { sourceId, relationshipId } = await readyType("additive");
  const [a, b] = [fake.addProfile({}).id, fake.addProfile({}).id];
  await send(sourceId, { serial: "s", points: 1, klaviyo_id: a });
  await send(sourceId, { serial: "s", points: 2, klaviyo_id: b });
  now += 10_000;
  expect([...fake.objectRecords.values()].map(({ links }) => links.get(relationshipId))).toEqual([[a, b]]);
});

test("bad records show in the ingestion log alone", async () => {
  const { sourceId, typeId } = await readyType();
  const long = "x".repeat(2_001);
  const bad: readonly (readonly [object, string, string])[] = [
    [{ serial: "type", points: "7" }, "invalid_type", "points"],
    [{ serial: "int", points: 7.5 }, "invalid_type", "points"],
    [{ serial: "time", points: 7, issued_at: "yesterday" }, "invalid_type", "issued_at"],
    [{ serial: "list", points: 7, installed: [] }, "invalid_type", "installed"],
    [{ serial: "missing" }, "missing_required_property", "points"],
    [{ serial: long, points: 7 }, "property_too_large", "serial"],
    [
      { serial: "nobody", points: 7, klaviyo_id: "NOPE", contact: { email: "x@example.com" } },
      "profile_not_found",
      "$['klaviyo_id']",
    ],
  ];
  for (const [record] of bad) expect((await send(sourceId, record)).status).toBe(204);
  await send(sourceId, { points: 7 });
  now += 10_000;
  expect(fake.objectRecords.size).toBe(0);
  expect(fake.ingestionLog.map(({ errors }) => errors[0]).slice(0, bad.length)).toMatchObject(
    bad.map(([, code, property]) => ({ code, property })),
  );
  expect(fake.ingestionLog.at(-1)).toMatchObject({ recordId: undefined, errors: [{}, { code: "missing_record_id" }] });
  expect((await logsOf(typeId, 'filter=equals(record_id,"missing")')).data).toMatchObject([
    {
      type: "object-ingestion-log",
      attributes: {
        status: "error",
        event_type: "validation_error",
        timestamp: "2026-07-15T12:00:15.000000+00:00",
        summary: "'points' is required.",
        errors: [{ code: "missing_required_property", property: "points", invalid_value: null }],
      },
      relationships: { "object-record": { data: { id: `${typeId}:::missing` } } },
    },
  ]);
});

test("a record of more than 8 KB is refused", async () => {
  const { sourceId } = await readyType();
  const properties = Array.from({ length: 5 }, (_, index) => ({ id: index + 10, name: `p${index}`, type: "string" }));
  const draft = { title: "Pass", properties: [{ id: 1, name: "serial", type: "string" }, ...properties] };
  const [typeId = ""] = fake.objectTypes.keys();
  const mapped = draft.properties.map(({ id, name }) => ({
    id,
    type: "simple",
    source: { source_id: sourceId, id_path: "$['serial']", data_path: `$['${name}']` },
  }));
  const created = await client.post("/api/object-schemas", {
    data: {
      type: "object-schema",
      attributes: {
        ...draft,
        status: "active",
        "source-mapping": { data: { type: "source-mapping", attributes: { property_mappings: mapped } } },
      },
      relationships: { "object-type": { data: { type: "object-type", id: typeId } } },
    },
  });
  expect(created.body).toMatchObject({ data: { attributes: { status: "publishing" } } });
  now += 5_000;
  const big = Object.fromEntries(properties.map(({ name }) => [name, "x".repeat(1_900)]));
  await send(sourceId, { serial: "big", ...big });
  await send(sourceId, { serial: "fits", ...big, p4: "" });
  now += 10_000;
  expect(fake.ingestionLog.map(({ recordId, errors }) => [recordId, errors[0]?.code])).toEqual([
    ["big", "record_too_large"],
  ]);
  expect([...fake.objectRecords.values()].map(({ recordId }) => recordId)).toEqual(["fits"]);
});

test("the log is paged, newest first, and filtered; it forgets after 14 days", async () => {
  const { sourceId, typeId } = await readyType();
  await sendMany(
    sourceId,
    Array.from({ length: 60 }, (_, index) => ({ serial: `s${index}` })),
  );
  now += 20_000;
  await send(sourceId, { serial: "last" });
  now += 10_000;
  const page = await logsOf(typeId);
  expect(page.data).toHaveLength(50);
  expect(page.data[0]).toMatchObject({ relationships: { "object-record": { data: { id: `${typeId}:::last` } } } });
  const rest = (await client.call((page.links.next ?? "").slice(fake.url.length))).body as typeof page;
  expect([rest.data.length, rest.links.next]).toEqual([11, null]);
  const count = async (filter: string, more = "") => (await logsOf(typeId, `filter=${filter}${more}`)).data.length;
  expect(await count('any(status,["error","warning"]),any(event_type,["validation_error"])')).toBe(50);
  expect(await count('equals(status,"info")')).toBe(0);
  expect(await count("greater-or-equal(timestamp,2026-07-15T12:00:30Z)")).toBe(1);
  expect(await count("and(less-than(timestamp,2026-07-15T12:00:30Z),equals(record_id,'s3'))")).toBe(1);
  const withType = await logsOf(
    typeId,
    "filter=equals(record_id,'last')&include=object-type,object-record&fields[object-type]=title",
  );
  expect(withType).toMatchObject({ included: [{ type: "object-type", attributes: { title: "Pass" } }] });
  for (const query of [
    "filter=greater-than(timestamp,2026-07-15T12:00:30Z)",
    "filter=equals(record_id,x),",
    "page[size]=10",
  ]) {
    expect((await client.call(`/api/object-types/${typeId}/object-ingestion-logs?${query}`)).status).toBe(400);
  }
  now += 14 * DAY_MS;
  expect((await logsOf(typeId)).data).toEqual([]);
});

test("without an active type, or the entitlement, records go into the void", async () => {
  const { sourceId, typeId } = await setUpObjectType(fake);
  expect((await send(sourceId, { serial: "early", points: 1 })).status).toBe(204);
  now += 5_000;
  fake.switches.customObjects = false;
  expect((await sendMany(sourceId, [{ serial: "unpaid", points: 1 }])).status).toBe(204);
  now += 60_000;
  expect([fake.objectRecords.size, fake.ingestionLog.length, (await logsOf(typeId)).data.length]).toEqual([0, 0, 0]);
});

test("requests are checked at once", async () => {
  const { sourceId } = await readyType();
  const record = { serial: "s", points: 1 };
  const pointerOf = async (answer: ReturnType<typeof send>) => {
    const { status, body } = await answer;
    return [status, (body as { errors: readonly { source: { pointer: string } }[] }).errors[0]?.source.pointer];
  };
  const records = "/data/attributes/data-source-records/data";
  expect(await pointerOf(send(undefined, record))).toEqual([400, "/data/relationships/data-source"]);
  expect(await pointerOf(send("NOPE", record))).toEqual([404, "/data/"]);
  expect(await pointerOf(send(sourceId, { ...record, text: "x".repeat(512_000) }))).toEqual([413, "/data"]);
  expect(await pointerOf(sendMany(sourceId, []))).toEqual([400, records]);
  expect(await pointerOf(sendMany(sourceId, Array(501).fill(record)))).toEqual([400, records]);
  expect(await pointerOf(sendMany(sourceId, [record, { text: "x".repeat(512_000) }]))).toEqual([400, `${records}/1`]);
  const half = { text: "x".repeat(450_000) };
  expect(await pointerOf(sendMany(sourceId, Array(9).fill(half)))).toEqual([413, "/data"]);
});

test("deletion happens later, and history outlives it", async () => {
  const { sourceId, typeId } = await readyType();
  await sendMany(sourceId, [
    { serial: "a", points: 1 },
    { serial: "b", points: 1 },
  ]);
  now += 10_000;
  const erase = (...ids: readonly string[]) =>
    client.post("/api/object-record-bulk-delete-jobs", {
      data: {
        type: "object-record-bulk-delete-job",
        relationships: { "object-records": { data: ids.map((id) => ({ type: "object-record", id })) } },
      },
    });
  expect((await erase("NOPE:::a")).body).toMatchObject({ errors: [{ detail: "Object type `NOPE` not found" }] });
  expect((await erase(...Array<string>(501).fill(`${typeId}:::a`))).status).toBe(400);
  expect(await erase(`${typeId}:::a`, `${typeId}:::never`)).toMatchObject({ status: 202, body: undefined });
  expect(fake.objectRecords.size).toBe(2);
  now += 10_000;
  expect([...fake.objectRecords.keys()]).toEqual([`${typeId}:::b`]);
  expect(fake.recordHistory(`${typeId}:::a`)).toHaveLength(1);
});

import { expect, test } from "bun:test";
import { type FakeKlaviyo, startFakeKlaviyo } from "./fake-klaviyo.ts";
import { hasReference, type Json, readReference } from "./official-document.ts";
import { SAMPLE_BODIES } from "./sample-bodies.ts";
import { createTestClient } from "./test-client.ts";

const withReference = test.skipIf(!hasReference);

/** The same value with every leaf replaced by its kind, so that only the shape is compared. */
function shapeOf(value: unknown): unknown {
  if (value === null || typeof value !== "object") return typeof value === "object" ? "string" : typeof value;
  if (Array.isArray(value)) return value.map(shapeOf);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

const importProfile = (fake: FakeKlaviyo, attributes: object, id?: string) =>
  createTestClient(fake).post("/api/profile-import", { data: { type: "profile", id, attributes } });
const B = { email: "profile-b@example.com", first_name: "Bee", properties: { source: "import" } };

const sample = (operationId: string) => SAMPLE_BODIES[operationId]?.[0];

/** The sample's records, into a data source of this fake. */
async function sendRecords(fake: FakeKlaviyo, jobs: string): ReturnType<typeof importProfile> {
  const client = createTestClient(fake);
  await client.post("/api/data-sources", sample("create_data_source"));
  const [id] = fake.dataSources.keys();
  const operationId = jobs.includes("bulk") ? "bulk_create_data_source_records" : "create_data_source_record";
  const text = JSON.stringify(sample(operationId)).replace("01J7C23V8XWMRG13FMD7VZN6GW", id ?? "");
  return client.post(`/api/${jobs}`, JSON.parse(text));
}

const ANSWERS: readonly [string, (fake: FakeKlaviyo) => ReturnType<typeof importProfile>][] = [
  ["create_or_update_profile.201", (fake) => importProfile(fake, B)],
  [
    "create_profile.409",
    (fake) => {
      fake.addProfile(B);
      return importProfile(fake, { email: B.email }, fake.addProfile({}).id);
    },
  ],
  ["get_profile.404", (fake) => createTestClient(fake).call("/api/profiles/NOPE01")],
  ["get_accounts.200", (fake) => createTestClient(fake).call("/api/accounts")],
  [
    "get_accounts.401",
    (fake) => {
      fake.revokeKey();
      return createTestClient(fake).call("/api/accounts");
    },
  ],
  [
    "get_accounts.429",
    (fake) => {
      fake.failNext({ status: 429 });
      return createTestClient(fake).call("/api/accounts");
    },
  ],
  [
    "create_webhook.403",
    (fake) => {
      fake.denyScope("/api/accounts");
      return createTestClient(fake).call("/api/accounts");
    },
  ],
  [
    "create_profile_schema_relationship.500",
    (fake) =>
      createTestClient(fake).post(
        "/api/object-schemas/01K61DKJ7EKJ0ES9VE456XF5JG/relationships/profile-object-schemas",
        sample("create_profile_schema_relationship"),
      ),
  ],
  [
    "merge_profiles.202",
    (fake) => {
      fake.addProfile({ id: "01GDDKASAP8TKDDA2GRZDSVP4H" });
      fake.addProfile({ id: "01GDDKASAP8TKDDA2GRZDSVP4J" });
      return createTestClient(fake).post("/api/profile-merge", sample("merge_profiles"));
    },
  ],
  [
    "create_event.202",
    (fake) => {
      fake.addProfile({ id: "01GDDKASAP8TKDDA2GRZDSVP4H" });
      return createTestClient(fake).post("/api/events", sample("create_event"));
    },
  ],
  [
    "bulk_create_events.202",
    (fake) => {
      fake.addProfile({ id: "01GDDKASAP8TKDDA2GRZDSVP4H" });
      return createTestClient(fake).post("/api/event-bulk-create-jobs", sample("bulk_create_events"));
    },
  ],
  ["create_data_source.201", (fake) => createTestClient(fake).post("/api/data-sources", sample("create_data_source"))],
  ["create_data_source_record.204", (fake) => sendRecords(fake, "data-source-record-create-jobs")],
  ["bulk_create_data_source_records.204", (fake) => sendRecords(fake, "data-source-record-bulk-create-jobs")],
  [
    "create_object_type.403",
    (fake) => {
      fake.switches.customObjects = false;
      return createTestClient(fake).post("/api/object-types", sample("create_object_type"));
    },
  ],
  [
    "create_object_schema.404",
    (fake) => createTestClient(fake).post("/api/object-schemas", sample("create_object_schema")),
  ],
];
withReference.each(ANSWERS)("%s as recorded", async (name, ask) => {
  const recorded = readReference("recorded-responses.json")[name] ?? {};
  await using fake = await startFakeKlaviyo();
  const answer = await ask(fake);
  expect(answer.status).toBe(Number(recorded["status"]));
  expect(shapeOf(answer.body ?? null)).toEqual(shapeOf(recorded["body"]));
  const error = (recorded["body"]?.["errors"] as readonly Json[] | undefined)?.[0];
  if (error !== undefined) {
    const { id: _id, meta: _meta, detail, ...fixed } = error;
    const sameText = name === "create_webhook.403" ? {} : { detail };
    expect(answer.body).toMatchObject({ errors: [{ ...fixed, ...sameText }] });
  }
  for (const [header, value] of Object.entries(recorded["headers"] ?? {})) {
    if (header === "ratelimit-remaining" || name === "create_webhook.403")
      expect(answer.headers.has(header)).toBe(true);
    else expect(answer.headers.get(header)).toBe(String(value));
  }
});

withReference("jobs and events as recorded", async () => {
  const recorded = readReference("recorded-responses.json");
  await using fake = await startFakeKlaviyo();
  const client = createTestClient(fake);
  fake.addProfile({ id: "01GDDKASAP8TKDDA2GRZDSVP4H" });

  const job = await client.post("/api/profile-bulk-import-jobs", sample("bulk_import_profiles"));
  const recordedJob = recorded["bulk_import_profiles.202"];
  expect(job.status).toBe(202);
  expect(job.headers.get("ratelimit-limit")).toBe(String(recordedJob?.["headers"]?.["ratelimit-limit"]));
  const { id, attributes } = (job.body as { data: { id: string; attributes: object } }).data;
  expect(Buffer.from(id, "base64").toString()).toMatch(/^AbCd12_maintenance\.\w{6}\.\d{10}\.\w{6}$/);
  expect(shapeOf(attributes)).toEqual(shapeOf(recordedJob?.["body"]?.["data"]?.["attributes"]));
  expect(attributes).toMatchObject({ status: "queued", completed_count: 0, failed_count: 0, started_at: null });

  await client.post("/api/event-bulk-create-jobs", sample("bulk_create_events"));
  const events = await client.call("/api/events");
  const [event] = (events.body as { data: readonly { id: string; attributes: { event_properties: object } }[] }).data;
  const recordedEvent = recorded["get_events.200.item"];
  expect(Object.keys(event?.attributes ?? {}).toSorted()).toEqual(
    Object.keys(recordedEvent?.["attributes"] ?? {}).toSorted(),
  );
  expect(event?.id).toHaveLength(String(recordedEvent?.["id"]).length);
  expect(event?.attributes.event_properties).toMatchObject({
    $event_id: "dec_123",
    $value: 9.99,
    $value_currency: "USD",
  });
});

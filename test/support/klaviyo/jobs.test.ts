import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type FakeKlaviyo, startFakeKlaviyo } from "./fake-klaviyo.ts";
import { createTestClient, type TestClient } from "./test-client.ts";

const NOW = Date.UTC(2026, 6, 15, 12);
const JOBS = "/api/profile-bulk-import-jobs";

let fake: FakeKlaviyo;
let client: TestClient;
let now: number;
beforeEach(async () => {
  now = NOW;
  fake = await startFakeKlaviyo({ now: () => now });
  client = createTestClient(fake);
});
afterEach(() => fake[Symbol.asyncDispose]());

const importBody = (profiles: readonly object[]) => ({
  data: {
    type: "profile-bulk-import-job",
    attributes: { profiles: { data: profiles.map((profile) => ({ type: "profile", ...profile })) } },
  },
});
const startJob = async (profiles: readonly object[]): Promise<string> => {
  const { status, body } = await client.post(JOBS, importBody(profiles));
  expect(status).toBe(202);
  return (body as { data: { id: string } }).data.id;
};

describe("a profile import", () => {
  test("is queued, processed and complete as time goes by", async () => {
    const known = fake.addProfile({ external_id: "known", properties: { kept: 1 } });
    const id = await startJob([
      { id: known.id, attributes: { properties: { next: "a" } } },
      { attributes: { external_id: "new", first_name: "Nia" } },
    ]);
    const state = async () => (await client.call(`${JOBS}/${id}`)).body;
    expect(await state()).toMatchObject({
      data: { attributes: { status: "queued", total_count: 2, completed_count: 0 } },
    });
    now += 1_000;
    expect(await state()).toMatchObject({
      data: { attributes: { status: "processing", started_at: "2026-07-15T12:00:01+00:00", completed_at: null } },
    });
    expect([fake.profiles.size, fake.profiles.get(known.id)]).toEqual([1, known]);
    now += 4_000;
    expect(await state()).toMatchObject({
      data: {
        attributes: {
          status: "complete",
          completed_count: 2,
          failed_count: 0,
          completed_at: "2026-07-15T12:00:05+00:00",
          expires_at: "2026-07-22T12:00:00+00:00",
        },
      },
    });
    expect(fake.profiles.get(known.id)?.properties).toEqual({ kept: 1, next: "a" });
    expect(fake.findProfile({ externalId: "new" })?.updated).toBe("2026-07-15T12:00:05.000000+00:00");
    expect((await client.call(`${JOBS}/${id}/import-errors`)).body).toMatchObject({ data: [], links: { next: null } });
    now += 7 * 24 * 60 * 60 * 1_000;
    expect(await client.call(`${JOBS}/${id}`)).toMatchObject({
      status: 404,
      body: { errors: [{ detail: "Invalid job id" }] },
    });
  });

  test("writes what was sent when it completes, over what came meanwhile", async () => {
    const { id } = fake.addProfile({ external_id: "x" });
    await startJob([{ id, attributes: { properties: { state: "older" } } }]);
    now += 2_000;
    const attributes = { properties: { state: "newer" } };
    await client.post("/api/profile-import", { data: { type: "profile", id, attributes } });
    expect(fake.profiles.get(id)?.properties).toEqual({ state: "newer" });
    now += 10_000;
    expect(fake.profiles.get(id)?.properties).toEqual({ state: "older" });
  });

  test("fails profile by profile", async () => {
    fake.addProfile({ external_id: "one", email: "one@example.com" });
    const two = fake.addProfile({ external_id: "two", phone_number: "+4712345678" });
    const bad = [
      { attributes: { phone_number: "020 123" } },
      { attributes: { external_id: "one", phone_number: "+4712345678" } },
      { id: "NOPE01", attributes: { first_name: "x" } },
      { attributes: { first_name: "x" } },
    ];
    const id = await startJob([{ attributes: { external_id: "one", first_name: "Ann" } }, ...bad]);
    now += 5_000;
    expect(fake.importJobs.get(id)).toMatchObject({ status: "complete", completedCount: 1, failedCount: 4 });
    expect(fake.findProfile({ externalId: "one" })?.first_name).toBe("Ann");
    expect(fake.profiles.get(two.id)).toEqual(two);

    const first = (await client.call(`${JOBS}/${id}/import-errors?page[size]=3`)).body as Errors;
    const second = (await client.call((first.links.next ?? "").slice(fake.url.length))).body as Errors;
    const at = (index: number, field = "") => `/data/attributes/profiles/data/${index}/attributes${field}`;
    expect([...first.data, ...second.data].map(({ type, attributes }) => [type, attributes])).toEqual([
      ["import-error", error("invalid", at(1, "/phone_number"), bad[0])],
      ["import-error", error("duplicate_profile", "/data/attributes", bad[1])],
      ["import-error", error("not_found", "/data/", bad[2])],
      ["import-error", error("invalid", at(4), bad[3])],
    ]);
  });

  interface Errors {
    readonly data: readonly { readonly type: string; readonly attributes: object }[];
    readonly links: { readonly next: string | null };
  }
  const error = (code: string, pointer: string, payload: object | undefined): object => ({
    code,
    title: expect.any(String),
    detail: expect.any(String),
    source: { pointer },
    original_payload: { type: "profile", ...payload },
  });

  const tooBig = { attributes: { external_id: "big", properties: { text: "x".repeat(100_000) } } };
  const refused: readonly [string, readonly object[], string][] = [
    [
      "an unknown field",
      [{ attributes: { external_id: "x", foo: 1 } }],
      "/data/attributes/profiles/data/0/attributes/foo",
    ],
    ["nobody", [], "/data/attributes/profiles/data"],
    ["10 001 profiles", Array(10_001).fill({ attributes: {} }), "/data/attributes/profiles/data"],
    ["100 KB", [{ attributes: { external_id: "x" } }, tooBig], "/data/attributes/profiles/data/1"],
  ];
  test.each(refused)("is refused as a whole: %s", async (_, profiles, pointer) => {
    const answer = await client.post(JOBS, importBody(profiles));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: "invalid", source: { pointer } }] } });
    expect(fake.importJobs.size).toBe(0);
  });
});

describe("a batch of events", () => {
  const event = (uniqueId: string | undefined, attributes: object = {}, name = "M") => ({
    type: "event",
    attributes: {
      properties: {},
      metric: { data: { type: "metric", attributes: { name } } },
      ...(uniqueId === undefined ? {} : { unique_id: uniqueId }),
      ...attributes,
    },
  });
  const batch = (...entries: readonly (readonly [object, readonly object[]])[]) => ({
    data: {
      type: "event-bulk-create-job",
      attributes: {
        "events-bulk-create": {
          data: entries.map(([profile, events]) => ({
            type: "event-bulk-create",
            attributes: {
              profile: { data: { type: "profile", attributes: {}, ...profile } },
              events: { data: events },
            },
          })),
        },
      },
    },
  });
  const sendBatch = (...entries: readonly (readonly [object, readonly object[]])[]) =>
    client.post("/api/event-bulk-create-jobs", batch(...entries));
  const sendOne = (id: string, uniqueId: string) =>
    client.post("/api/events", {
      data: {
        type: "event",
        attributes: { ...event(uniqueId).attributes, profile: { data: { type: "profile", id, attributes: {} } } },
      },
    });
  const unique = () => fake.events.map((one) => one.unique_id);

  test("counts each, for known and new profiles", async () => {
    const { id } = fake.addProfile({});
    const meta = { patch_properties: { append: { tags: "vip" } } };
    const answer = await sendBatch(
      [{ id, meta }, [event("a"), event("b", { backfill: true }), event("a", {}, "Other")]],
      [{ attributes: { email: "new@example.com" } }, [event("a")]],
    );
    expect([answer.status, answer.body]).toEqual([202, undefined]);
    expect(fake.eventsOfProfile(id).map(({ metric, unique_id, backfill }) => [metric, unique_id, backfill])).toEqual([
      ["M", "a", false],
      ["M", "b", true],
      ["Other", "a", false],
    ]);
    expect(fake.profiles.get(id)?.properties).toEqual({ tags: ["vip"] });
    expect(fake.findEvent(fake.findProfile({ email: "new@example.com" })?.id ?? "", "M", "a")?.deliveries).toBe(1);
    expect(fake.metrics.map(({ name }) => name)).toEqual(["M", "Other"]);
  });

  test("fails whole when a unique_id comes again", async () => {
    const { id } = fake.addProfile({ external_id: "x" });
    const at = (entry: number, number: number) =>
      `/data/attributes/events-bulk-create/data/${entry}/attributes/events/data/${number}/attributes/unique_id`;
    const within = await sendBatch(
      [{ id }, [event("a")]],
      [{ attributes: { external_id: "x" } }, [event("b"), event("a")]],
    );
    expect(within).toMatchObject({ status: 400, body: { errors: [{ source: { pointer: at(1, 1) } }] } });
    const stranger = { attributes: { email: "twice@example.com" } };
    expect((await sendBatch([stranger, [event("a")]], [stranger, [event("a")]])).status).toBe(400);
    expect([unique(), fake.profiles.size]).toEqual([[], 1]);

    await sendOne(id, "a");
    expect(await sendBatch([{ id }, [event("b"), event("a")]])).toMatchObject({
      status: 400,
      body: { errors: [{ source: { pointer: at(0, 1) } }] },
    });
    expect(unique()).toEqual(["a"]);
    expect((await sendBatch([{ id }, [event("b")]])).status).toBe(202);
    expect((await sendOne(id, "b")).status).toBe(202);
    expect([unique(), fake.findEvent(id, "M", "b")?.deliveries]).toEqual([["a", "b"], 2]);
  });

  test("is checked before anything is counted", async () => {
    const { id } = fake.addProfile({});
    const many = Array.from({ length: 1_001 }, (_, index) => event(String(index)));
    const cases: readonly (readonly [object, readonly object[]])[][] = [
      [[{ id }, many]],
      [[{ id }, []]],
      [
        [{ id }, [event("a")]],
        [{}, [event("b")]],
      ],
      [[{ id }, [event("a"), event("b", { time: "1989-01-01T00:00:00Z" })]]],
      [
        [{ id }, [event("a")]],
        [{ id: "NOPE01" }, [event("b")]],
      ],
    ];
    for (const entries of cases) expect((await sendBatch(...entries)).status).toBeGreaterThanOrEqual(400);
    expect(fake.events).toEqual([]);
  });

  test("can be read back, with metrics and profiles", async () => {
    const [one, two] = [fake.addProfile({ email: "one@example.com" }), fake.addProfile({})];
    expect((await client.call("/api/metrics")).body).toMatchObject({ data: [] });
    const times = ["2026-07-15T10:00:00Z", "2026-07-15T09:00:00Z", "2026-07-15T11:00:00Z"];
    await sendBatch(
      [{ id: one.id }, [event("a", { time: times[0] }), event("b", { time: times[1] })]],
      [{ id: two.id }, [event("c", { time: times[2] }, "Other")]],
    );
    type Found = {
      data: { id: string; attributes: { event_properties: { $event_id: string } } }[];
      links: { next: string };
    };
    const found = async (query: string) => (await client.call(`/api/events?${query}`)).body as Found;
    const idsOf = ({ data }: Found) => data.map(({ attributes }) => attributes.event_properties.$event_id);
    expect(idsOf(await found("sort=-datetime"))).toEqual(["c", "a", "b"]);
    expect(idsOf(await found(`filter=equals(profile_id,"${one.id}")&sort=datetime`))).toEqual(["b", "a"]);
    expect(
      idsOf(await found("filter=greater-than(datetime,2026-07-15T09:00:00Z),less-than(datetime,2026-07-15T11:00:00Z)")),
    ).toEqual(["a"]);
    const metrics = (await client.call('/api/metrics?filter=equals(integration.name,"API")')).body as {
      data: readonly { id: string; attributes: { name: string } }[];
    };
    expect(metrics.data.map(({ attributes }) => attributes.name)).toEqual(["M", "Other"]);
    const other = `filter=equals(metric_id,"${metrics.data[1]?.id}")`;
    expect(idsOf(await found(other))).toEqual(["c"]);
    expect(await found(`${other}&include=metric,profile&fields[profile]=email`)).toMatchObject({
      included: [
        { type: "metric", attributes: { name: "Other" } },
        { type: "profile", id: two.id, attributes: { email: null } },
      ],
    });
    const page = await found("sort=-datetime&page[size]=2");
    const rest = (await client.call(page.links.next.slice(fake.url.length))).body as Found;
    expect([...idsOf(page), ...idsOf(rest)]).toEqual(["c", "a", "b"]);
    for (const query of [
      "filter=equals(name,%22M%22)",
      "filter=any(metric_id,[%22x%22])",
      "sort=uuid",
      "include=lists",
    ]) {
      expect((await client.call(`/api/events?${query}`)).status).toBe(400);
    }
  });
});

describe("a merge", () => {
  const merge = (id: string, ...sources: readonly string[]) =>
    client.post("/api/profile-merge", {
      data: {
        type: "profile-merge",
        id,
        relationships: { profiles: { data: sources.map((source) => ({ type: "profile", id: source })) } },
      },
    });

  test("happens later; the source's id resolves for a while, then it is unknown", async () => {
    const source = fake.addProfile({ email: "s@example.com", properties: { from: "source" } });
    const target = fake.addProfile({ external_id: "t" });
    expect((await merge(target.id, source.id)).status).toBe(202);
    expect(fake.profiles.size).toBe(2);
    now += 5_000;
    expect(fake.profiles.get(target.id)).toMatchObject({ email: "s@example.com", properties: { from: "source" } });
    expect((await client.call(`/api/profiles/${source.id}`)).body).toMatchObject({ data: { id: target.id } });
    const attributes = { properties: { late: 1 } };
    const written = await client.post("/api/profile-import", { data: { type: "profile", id: source.id, attributes } });
    expect(written).toMatchObject({ status: 200, body: { data: { id: target.id } } });
    now += 60_000;
    expect((await client.call(`/api/profiles/${source.id}`)).status).toBe(404);
    expect(fake.profiles.get(target.id)?.properties).toEqual({ from: "source", late: 1 });
  });

  test("needs one other profile that exists", async () => {
    const [a, b] = [fake.addProfile({}).id, fake.addProfile({}).id];
    const statuses = [merge(a), merge(a, a), merge(a, b, b), merge(a, "NOPE01"), merge("NOPE01", a)];
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([400, 400, 400, 404, 404]);
    await merge(a, b);
    await merge(b, a);
    now += 10_000;
    expect([...fake.profiles.keys()]).toEqual([a]);
  });
});

describe("a deletion request", () => {
  const erase = (attributes: object, id?: string) =>
    client.post("/api/data-privacy-deletion-jobs", {
      data: {
        type: "data-privacy-deletion-job",
        attributes: { profile: { data: { type: "profile", id, attributes } } },
      },
    });

  test("takes one identifier, and deletes later", async () => {
    const kept = fake.addProfile({ external_id: "kept" });
    const byEmail = fake.addProfile({ email: "gone@example.com", phone_number: "+4712345678" });
    const byId = fake.addProfile({});
    expect((await erase({})).status).toBe(400);
    expect((await erase({ email: "gone@example.com", phone_number: "+4712345678" })).status).toBe(400);
    expect((await erase({ email: "gone@example.com" }, byId.id)).status).toBe(400);
    expect((await erase({ phone_number: "12" })).status).toBe(400);
    expect(await erase({ email: "Gone@example.com" })).toMatchObject({ status: 202, body: undefined });
    expect((await erase({}, byId.id)).status).toBe(202);
    expect((await erase({ email: "nobody@example.com" })).status).toBe(202);
    expect(fake.profiles.size).toBe(3);
    now += 60_000;
    expect([...fake.profiles.keys()]).toEqual([kept.id]);
    expect(fake.findProfile({ phone: "+4712345678" })).toBeUndefined();
    expect((await client.call(`/api/profiles/${byEmail.id}`)).status).toBe(404);
  });
});

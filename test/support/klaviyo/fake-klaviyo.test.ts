import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type FakeKlaviyo, startFakeKlaviyo } from "./fake-klaviyo.ts";
import { createTestClient, type TestClient } from "./test-client.ts";

const NOW = Date.UTC(2026, 6, 15, 12);
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const A = { email: "a@example.com", external_id: "ext-a", properties: { kept: 1, list: ["x", "y"] } };

let fake: FakeKlaviyo;
let client: TestClient;
beforeAll(async () => {
  fake = await startFakeKlaviyo({ now: () => NOW });
  client = createTestClient(fake);
});
afterAll(() => fake[Symbol.asyncDispose]());

const upsert = (attributes: object, more: object = {}) =>
  client.post("/api/profile-import", { data: { type: "profile", attributes, ...more } });
const patch = (id: string, attributes: object, more: object = {}) =>
  client.patch(`/api/profiles/${id}`, { data: { type: "profile", id, attributes, ...more } });
const eventBody = (profile: object, attributes: object = {}, name = "Pass Added") => ({
  data: {
    type: "event",
    attributes: {
      properties: {},
      metric: { data: { type: "metric", attributes: { name } } },
      profile: { data: { type: "profile", attributes: {}, ...profile } },
      ...attributes,
    },
  },
});
const send = (profile: object, attributes: object = {}, name?: string) =>
  client.post("/api/events", eventBody(profile, attributes, name));

describe("the gate", () => {
  const cases: readonly [string, RequestInit & { path?: string }, number, string, unknown][] = [
    ["no key", { headers: { authorization: "" } }, 401, "not_authenticated", { pointer: "/data/" }],
    ["wrong scheme", { headers: { authorization: "Bearer x" } }, 401, "authentication_failed", { pointer: "/data/" }],
    ["no revision", { headers: { revision: "" } }, 400, "invalid", { parameter: "revision" }],
    ["no date", { headers: { revision: "2026-02-30" } }, 400, "invalid", { parameter: "revision" }],
    ["plain text", { headers: { "content-type": "text/plain" } }, 415, "unsupported_media_type", { pointer: "/data" }],
    ["broken JSON", { body: "{" }, 400, "invalid", { pointer: "/data" }],
    ["unknown path", { path: "/api/profile-import/" }, 404, "not_found", { pointer: "/data/" }],
    ["unknown method", { method: "PUT" }, 404, "not_found", { pointer: "/data/" }],
  ];
  test.each(cases)("%s", async (_, { path = "/api/profile-import", ...init }, status, code, source) => {
    const answer = await client.call(path, { method: "POST", body: "{}", ...init });
    expect(answer).toMatchObject({ status, body: { errors: [{ status, code, source }] } });
    expect(answer.headers.get("content-type")).toBe("application/vnd.api+json");
  });

  test("keys and scopes", async () => {
    await using own = await startFakeKlaviyo();
    const { call } = createTestClient(own);
    const status = async (path: string) => (await call(path)).status;
    expect(await fetch(`${own.url}/api/accounts`).then((answer) => answer.json())).toMatchObject({
      errors: [{ status: 401, code: "not_authenticated" }],
    });
    own.denyScope("/api/profiles", "GET");
    const denied = await call("/api/profiles");
    expect(denied).toMatchObject({ status: 403, body: { errors: [{ code: "permission_denied" }] } });
    expect(denied.headers.get("ratelimit-limit")).toBe("75, 75;w=1, 750;w=60");
    own.restoreScopes();
    expect(await status("/api/profiles")).toBe(200);
    own.revokeKey();
    const refused = await call("/api/accounts");
    expect([refused.status, refused.headers.get("ratelimit-limit")]).toEqual([401, null]);
    own.acceptKey(own.apiKey);
    expect(await status("/api/accounts")).toBe(200);
  });

  test("an operation's windows", async () => {
    let now = NOW;
    await using own = await startFakeKlaviyo({ now: () => now, enforceRateLimits: true });
    const { call } = createTestClient(own);
    expect((await call("/api/accounts")).headers.get("ratelimit-remaining")).toBe("0");
    const refused = await call("/api/accounts");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    now += 1_000;
    expect((await call("/api/accounts")).status).toBe(200);
    for (let second = 2; second < 15; second++) {
      now += 1_000;
      await call("/api/accounts");
    }
    now += 1_000;
    expect((await call("/api/accounts")).headers.get("retry-after")).toBe("45");
  });
});

describe("profile bodies", () => {
  const cases: readonly [string, object, string | undefined][] = [
    ["an unknown attribute", { attributes: { external_id: "c", foo: 1 } }, "/data/attributes/foo"],
    ["an unknown member", { attributes: { external_id: "c" }, relationships: {} }, "/data/relationships"],
    ["a nested one", { attributes: { external_id: "c", location: { town: "x" } } }, "/data/attributes/location/town"],
    ["anonymous_id", { attributes: { anonymous_id: "c" } }, "/data/attributes/anonymous_id"],
    ["a wrong type", { type: "person", attributes: { external_id: "c" } }, "/data/type"],
    ["no attributes", { attributes: undefined }, "/data/attributes"],
    ["a number as text", { attributes: { external_id: 42 } }, "/data/attributes/external_id"],
    ["no identifier", { attributes: { email: null, first_name: "x" } }, "/data/attributes"],
    ["a local phone number", { attributes: { phone_number: "020 123" } }, "/data/attributes/phone_number"],
    ["a broken address", { attributes: { email: "a@b" } }, "/data/attributes/email"],
    ["any property", { attributes: { external_id: "open", properties: { "a/b": [{}], __proto: null } } }, undefined],
  ];
  test.each(cases)("%s", async (_, data, pointer) => {
    const answer = await client.post("/api/profile-import", { data: { type: "profile", ...data } });
    if (pointer === undefined) expect(answer.status).toBe(201);
    else expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: "invalid", source: { pointer } }] } });
  });

  test("100 KB", async () => {
    const answer = await upsert({ external_id: "big", properties: { text: "x".repeat(100_000) } });
    expect([answer.status, fake.findProfile({ externalId: "big" })]).toEqual([413, undefined]);
  });
});

describe("profiles", () => {
  test("are created once, then updated; properties merge, null clears, meta patches", async () => {
    const created = await upsert({ ...A, first_name: "Ann", location: { city: "Oslo", zip: "1" } });
    expect(created.status).toBe(201);
    const { id } = fake.findProfile({ email: "A@Example.com" }) ?? { id: "" };
    expect(id).toMatch(ULID);

    const again = await upsert({ external_id: "ext-a", first_name: null, properties: { more: null } });
    expect([again.status, fake.profiles.get(id)]).toMatchObject([
      200,
      { first_name: null, email: A.email, location: { city: "Oslo" }, properties: { ...A.properties, more: null } },
    ]);
    const meta = (append: string) => ({ meta: { patch_properties: { append: { list: append }, unset: "more" } } });
    await patch(id, { location: { zip: null } }, meta("front"));
    await upsert({}, { id, ...meta("back") });
    await patch(id, {}, { meta: { patch_properties: { unappend: { list: ["x"] } } } });
    expect(fake.profiles.get(id)).toMatchObject({
      location: { city: "Oslo", zip: null },
      properties: { kept: 1, list: ["front", "y", "back"] },
    });
    expect(fake.profiles.get(id)?.properties).not.toHaveProperty("more");
  });

  test("are found by each identifier, sparse and in pages", async () => {
    const plus = fake.addProfile({ email: "b+1@example.com", phone_number: "+15005550006", external_id: 'q"1' });
    const filters = [`id,"${plus.id}"`, 'email,"b+1@example.com"', 'phone_number,"+15005550006"', `external_id,'q"1'`];
    for (const filter of filters) {
      const query = new URLSearchParams({ filter: `equals(${filter})`, "fields[profile]": "email,location.city" });
      const { data } = (await client.call(`/api/profiles?${query}`)).body as { data: readonly object[] };
      expect(data).toMatchObject([{ id: plus.id, attributes: { email: plus.email, location: { city: null } } }]);
    }
    const none = await client.call(`/api/profiles?filter=${encodeURIComponent('equals(email,"nobody@example.com")')}`);
    expect(none.body).toMatchObject({ data: [], links: { next: null, prev: null } });
    const first = (await client.call("/api/profiles?page[size]=1")).body as { links: { next: string } };
    expect((await client.call(first.links.next.slice(fake.url.length))).body).toMatchObject({ data: [{}] });
    for (const query of ["filter=any(id)", "page[size]=101", "include=lists", "fields[profile]=foo"]) {
      expect((await client.call(`/api/profiles?${query}`)).status).toBe(400);
    }
  });

  test("an id that does not exist, or not any more", async () => {
    const source = fake.addProfile({ email: "source@example.com", properties: { from: "source" } });
    const target = fake.addProfile({ external_id: "target" });
    await send({ id: source.id }, { unique_id: "moves" });
    fake.mergeProfiles(source.id, target.id);
    for (const id of ["NOPE01", source.id]) {
      const answers = [await client.call(`/api/profiles/${id}`), await patch(id, {}), await upsert({}, { id })];
      for (const answer of [...answers, await send({ id })]) {
        expect(answer).toMatchObject({
          status: 404,
          body: { errors: [{ code: "not_found", detail: `A profile with id ${id} does not exist.` }] },
        });
      }
    }
    expect(fake.findProfile({ email: "source@example.com" })).toMatchObject({
      id: target.id,
      external_id: "target",
      properties: { from: "source" },
    });
    expect(fake.events.find((event) => event.unique_id === "moves")?.profile_id).toBe(target.id);
    expect(
      (await client.patch(`/api/profiles/${target.id}`, { data: { type: "profile", id: "x", attributes: {} } })).body,
    ).toMatchObject({ errors: [{ source: { pointer: "/data/id" } }] });
  });

  test("identifiers of two profiles are a conflict", async () => {
    const one = fake.addProfile({ external_id: "one", email: "one@example.com" });
    const two = fake.addProfile({ external_id: "two", phone_number: "+4712345678" });
    const cases: readonly [() => ReturnType<typeof upsert>, string][] = [
      [() => upsert({ external_id: "one", phone_number: "+4712345678" }), two.id],
      [() => upsert({ email: "one@example.com", external_id: "two" }), one.id],
      [() => upsert({ external_id: "new", email: "one@example.com" }), one.id],
      [() => upsert({ phone_number: "+4712345678" }, { id: one.id }), two.id],
      [() => patch(two.id, { email: "ONE@example.com" }), one.id],
    ];
    for (const [write, duplicate] of cases) {
      expect(await write()).toMatchObject({
        status: 409,
        body: { errors: [{ code: "duplicate_profile", meta: { duplicate_profile_id: duplicate } }] },
      });
    }
    expect([fake.profiles.get(one.id), fake.profiles.get(two.id)]).toEqual([one, two]);
  });
});

describe("events", () => {
  test("count once per profile, metric and unique_id", async () => {
    const { id } = fake.addProfile({ external_id: "events" });
    const attributes = { unique_id: "u1", value: 3, value_currency: "EUR", time: "2026-07-15T13:00:00.9+02:00" };
    const before = fake.events.length;
    for (const name of ["First", "First", "Second"]) {
      const answer = await send({ id }, { ...attributes, properties: { serial: "s" } }, name);
      expect([answer.status, answer.body]).toEqual([202, undefined]);
    }
    await send({ attributes: { external_id: "events" } }, { unique_id: "u1" }, "Second");
    await send({ id }, {}, "Untimed");
    expect(fake.events.slice(before).map(({ metric, deliveries }) => [metric, deliveries])).toEqual([
      ["First", 2],
      ["Second", 2],
      ["Untimed", 1],
    ]);
    expect(fake.events[before]).toMatchObject({
      profile_id: id,
      datetime: "2026-07-15T11:00:00+00:00",
      event_properties: { serial: "s", $event_id: "u1", $value: 3, $value_currency: "EUR" },
    });
    expect(fake.profiles.get(id)?.last_event_date).toBe("2026-07-15T12:00:00+00:00");
  });

  test("create, update and join profiles", async () => {
    await send({ attributes: { email: "new@example.com", properties: { zero: 0, one: 1 } } }, { unique_id: "follows" });
    const created = fake.findProfile({ email: "new@example.com" });
    expect(created?.properties).toEqual({ one: 1 });
    const known = fake.addProfile({ external_id: "joins" });
    await send({ attributes: { external_id: "joins", email: "new@example.com", phone_number: "+4787654321" } });
    expect(fake.findProfile({ phone: "+4787654321" })).toMatchObject({ id: known.id, email: "new@example.com" });
    expect(fake.profiles.has(created?.id ?? "")).toBe(false);
    expect(fake.events.find((event) => event.unique_id === "follows")?.profile_id).toBe(known.id);
    // Another person with the same phone number keeps it.
    await send({ attributes: { external_id: "housemate", phone_number: "+4787654321" } });
    expect(fake.findProfile({ externalId: "housemate" })?.phone_number).toBeNull();
    expect(fake.findProfile({ phone: "+4787654321" })?.id).toBe(known.id);
  });

  const many = Object.fromEntries(Array.from({ length: 401 }, (_, index) => [`p${index}`, index]));
  const profile = { attributes: { external_id: "limits" } };
  const inside = "/data/attributes/profile/data/attributes";
  const cases: readonly [string, object, object, string, string | undefined][] = [
    ["no identifier", {}, {}, "M", inside],
    ["a phone number", { attributes: { phone_number: "12" } }, {}, "M", `${inside}/phone_number`],
    ["an unknown key", profile, { uniqueId: "u" }, "M", "/data/attributes/uniqueId"],
    ["no properties", profile, { properties: undefined }, "M", "/data/attributes/properties"],
    ["401 properties", profile, { properties: many }, "M", "/data/attributes/properties"],
    ["a long string", profile, { properties: { s: "x".repeat(100_001) } }, "M", "/data/attributes/properties/s"],
    ["a long name", profile, {}, "m".repeat(128), "/data/attributes/metric/data/attributes/name"],
    ["a fitting name", profile, {}, "m".repeat(127), undefined],
    ["1989", profile, { time: "1989-12-31T23:59:59Z" }, "M", "/data/attributes/time"],
    ["too far ahead", profile, { time: "2027-07-16T00:00:00Z" }, "M", "/data/attributes/time"],
    ["a time without offset", profile, { time: "2026-07-15T12:00:00" }, "M", "/data/attributes/time"],
  ];
  test.each(cases)("%s", async (_, who, attributes, name, pointer) => {
    const answer = await send(who, attributes, name);
    expect(answer.status).toBe(pointer === undefined ? 202 : 400);
    if (pointer !== undefined)
      expect(answer.body).toMatchObject({ errors: [{ code: "invalid", source: { pointer } }] });
  });
});

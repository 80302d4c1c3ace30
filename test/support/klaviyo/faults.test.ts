import { describe, expect, test } from "bun:test";
import { seededRandom } from "../random.ts";
import { type FakeKlaviyo, type Fault, startFakeKlaviyo } from "./fake-klaviyo.ts";
import { createTestClient } from "./test-client.ts";

const PATH = "/api/profile-import";
const write = (fake: FakeKlaviyo, externalId = "x") =>
  createTestClient(fake).post(PATH, { data: { type: "profile", attributes: { external_id: externalId } } });

describe("status faults", () => {
  const cases: readonly [Fault, number, string | null, string, string][] = [
    [{ status: 429 }, 429, "1", "application/vnd.api+json", "Expected available in 1 second."],
    [{ status: 429, retryAfterSeconds: 42 }, 429, "42", "application/vnd.api+json", "in 42 seconds."],
    [{ status: 503, retryAfterSeconds: 7 }, 503, "7", "application/vnd.api+json", '"code":"error"'],
    [{ status: 409 }, 409, null, "application/vnd.api+json", '"meta":{}'],
    [{ status: 502, html: true }, 502, null, "text/html", "<h1>502</h1>"],
    [{ status: 500, body: "oops" }, 500, null, "application/vnd.api+json", "oops"],
    [{ status: 504 }, 504, null, "application/vnd.api+json", '"code":"error"'],
    [{ status: 524, html: true }, 524, null, "text/html", "<h1>524</h1>"],
    [{ status: 413 }, 413, null, "application/vnd.api+json", '"code":"payload_too_large"'],
    [{ status: 415 }, 415, null, "application/vnd.api+json", '"code":"unsupported_media_type"'],
  ];
  test.each(cases)("%o", async (fault, status, retryAfter, contentType, text) => {
    await using fake = await startFakeKlaviyo();
    fake.failNext(fault);
    const response = await fetch(`${fake.url}/anything`, { method: "POST", body: "{}" });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(response.headers.get("content-type")).toBe(contentType);
    expect(response.headers.has("ratelimit-limit")).toBe(false);
    expect((await write(fake)).status).toBe(201);
  });

  test("select by path and method, queue before standing ones, and can be cleared", async () => {
    await using fake = await startFakeKlaviyo();
    fake.respondAlways({ status: 500 }, { path: PATH });
    fake.failNext({ status: 503 }, { path: "/api/profiles" });
    fake.failNext({ status: 502 }, { method: "POST", times: 2 });
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await write(fake)).status);
    expect(statuses).toEqual([502, 502, 500, 500]);
    fake.clearFaults();
    expect((await write(fake)).status).toBe(201);
    expect((await createTestClient(fake).call("/api/profiles")).status).toBe(200);
  });
});

describe("when faults happen", () => {
  const statuses = async (fake: FakeKlaviyo, count: number) => {
    const found: number[] = [];
    for (let index = 0; index < count; index++) found.push((await write(fake)).status);
    return found;
  };

  test("to the n-th request of an operation, or the next k", async () => {
    await using fake = await startFakeKlaviyo();
    const operation = "create_or_update_profile";
    fake.failNext({ status: 503 }, { operation, skip: 2, times: 2 });
    fake.failNext({ status: 502 }, { operation, skip: 1 });
    fake.failNext({ status: 500 }, { operation: "get_profiles" });
    expect(await statuses(fake, 6)).toEqual([201, 502, 503, 503, 200, 200]);
    expect((await createTestClient(fake).call("/api/profiles")).status).toBe(500);
  });

  test("at random, the same for the same seed", async () => {
    const run = async (seed: number) => {
      await using fake = await startFakeKlaviyo();
      fake.failAtRandom({
        faults: [{ status: 503 }, { status: 429 }, { status: 504, isApplied: true }],
        share: 0.5,
        random: seededRandom(seed),
        operation: "create_or_update_profile",
      });
      return await statuses(fake, 60);
    };
    const once = await run(1);
    expect(await run(1)).toEqual(once);
    expect(await run(2)).not.toEqual(once);
    expect(new Set(once)).toEqual(new Set([200, 201, 429, 503, 504].filter((status) => once.includes(status))));
    const failed = once.filter((status) => status >= 400).length;
    expect([failed > 15, failed < 45, new Set(once).size > 3]).toEqual([true, true, true]);
  });

  test("after the write, when a proxy has given up waiting", async () => {
    await using fake = await startFakeKlaviyo();
    fake.failNext({ status: 504, html: true, isApplied: true });
    const response = await fetch(fake.url + PATH, {
      method: "POST",
      headers: {
        authorization: `Klaviyo-API-Key ${fake.apiKey}`,
        revision: "2026-07-15",
        "content-type": "application/json",
      },
      body: JSON.stringify({ data: { type: "profile", attributes: { external_id: "x" } } }),
    });
    expect([response.status, fake.profiles.size]).toEqual([504, 1]);
  });
});

describe("transport faults", () => {
  const cases: readonly ["reset-before" | "reset-after" | "truncated", boolean, unknown][] = [
    ["reset-before", false, "reset"],
    ["reset-after", true, "reset"],
    ["truncated", true, 201],
  ];
  test.each(cases)("%s breaks the connection", async (kind, applied, status) => {
    await using fake = await startFakeKlaviyo();
    fake.failNext({ kind });
    expect(await write(fake).catch((error: unknown) => error)).toMatchObject({ code: "ECONNRESET" });
    expect(fake.requests.map((request) => request.status)).toEqual([status] as (number | "reset")[]);
    expect(fake.profiles.size).toBe(applied ? 1 : 0);
    expect((await write(fake)).status).toBe(applied ? 200 : 201);
  });

  test("truncated cuts an empty answer too", async () => {
    await using fake = await startFakeKlaviyo();
    fake.failNext({ kind: "truncated" });
    const metric = { data: { type: "metric", attributes: { name: "M" } } };
    const profile = { data: { type: "profile", attributes: { external_id: "x" } } };
    const body = { data: { type: "event", attributes: { properties: {}, metric, profile } } };
    const sent = createTestClient(fake).post("/api/events", body);
    expect(await sent.catch((error: unknown) => error)).toMatchObject({ code: "ECONNRESET" });
    expect(fake.events).toHaveLength(1);
  });

  test("not-json keeps the status", async () => {
    await using fake = await startFakeKlaviyo();
    fake.failNext({ kind: "not-json" });
    expect(await write(fake).catch((error: unknown) => error)).toBeInstanceOf(SyntaxError);
    expect(fake.requests.map((request) => request.status)).toEqual([201]);
  });

  test("hang leaves the request to the client's timeout, or to the end of the fake", async () => {
    const fake = await startFakeKlaviyo();
    fake.respondAlways({ kind: "hang" });
    const stop = new AbortController();
    const arrived = fake.nextRequest();
    const aborted = fetch(fake.url + PATH, { signal: stop.signal }).catch((error: unknown) => error);
    expect((await arrived).status).toBe("hang");
    stop.abort();
    expect(await aborted).toMatchObject({ name: "AbortError" });
    const second = fake.nextRequest();
    const abandoned = write(fake).catch((error: unknown) => error);
    await second;
    await fake[Symbol.asyncDispose]();
    expect(await abandoned).toMatchObject({ code: "ECONNRESET" });
    expect(fake.profiles.size).toBe(0);
  });

  test("slow answers when told to, after the write", async () => {
    await using fake = await startFakeKlaviyo();
    const arrival = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    fake.failNext({
      kind: "slow",
      until: () => {
        arrival.resolve();
        return release.promise;
      },
    });
    const slow = write(fake);
    await arrival.promise;
    expect((await write(fake)).status).toBe(200);
    release.resolve();
    expect((await slow).status).toBe(201);
    expect(fake.requests.map((request) => request.status)).toEqual([200, 201]);
  });
});

describe("the record of requests", () => {
  test("keeps what was sent and answered", async () => {
    await using fake = await startFakeKlaviyo({ now: () => 5_000 });
    const next = fake.nextRequest({ method: "POST", path: "/api" });
    await createTestClient(fake).call("/api/profiles?page[size]=1");
    await write(fake);
    expect(await next).toMatchObject({
      method: "POST",
      path: PATH,
      headers: { revision: "2026-07-15" },
      body: { data: { attributes: { external_id: "x" } } },
      status: 201,
      at: 5_000,
    });
    expect(fake.requests[0]).toMatchObject({ path: "/api/profiles", query: { "page[size]": "1" }, body: null });
    expect(await fake.waitForRequests(1, { path: PATH })).toHaveLength(1);
  });

  test("waits for a number of requests, and fails the wait when the fake stops", async () => {
    const fake = await startFakeKlaviyo();
    const two = fake.waitForRequests(2, { path: PATH });
    await Promise.all([write(fake), write(fake, "y")]);
    expect(await two).toHaveLength(2);
    const never = fake.nextRequest();
    await fake[Symbol.asyncDispose]();
    expect(await never.catch((error: unknown) => error)).toBeInstanceOf(Error);
  });
});

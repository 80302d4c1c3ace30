import { describe, expect, test } from "bun:test";
import { type FakeKlaviyo, startFakeKlaviyo } from "./fake-klaviyo.ts";
import { OPERATIONS } from "./routes.ts";
import { SCOPES } from "./scopes.ts";
import { createTestClient } from "./test-client.ts";

const NOW = Date.UTC(2026, 6, 15, 12);

/** The status of every operation, asked with an empty body or for nothing that exists. */
async function statuses(fake: FakeKlaviyo): Promise<ReadonlyMap<string, number>> {
  const { call } = createTestClient(fake);
  const answers = OPERATIONS.map(async ({ operationId, method, path, body }) => {
    const init = body === undefined ? { method } : { method, body: "{}" };
    return [operationId, (await call(path.replace(/\{\w+\}/g, "x"), init)).status] as const;
  });
  return new Map(await Promise.all(answers));
}

describe("scopes", () => {
  test.each(SCOPES)("%s is needed by the operations that name it, and by no other", async (scope) => {
    await using fake = await startFakeKlaviyo({ now: () => NOW });
    fake.withholdScope(scope);
    const denied = [...(await statuses(fake))].filter(([, status]) => status === 403).map(([name]) => name);
    expect(denied).toEqual(
      OPERATIONS.filter(({ scopes }) => scopes.includes(scope)).map(({ operationId }) => operationId),
    );
    expect(denied.length).toBeGreaterThan(0);
    fake.restoreScopes();
    expect([...(await statuses(fake)).values()]).not.toContain(403);
  });

  test("the answer is the recorded one", async () => {
    await using fake = await startFakeKlaviyo();
    fake.withholdScope("metrics:read");
    expect((await createTestClient(fake).call("/api/metrics")).body).toMatchObject({
      errors: [{ code: "permission_denied", title: "You do not have permission to perform this action." }],
    });
  });
});

test("a second key is as good as the first, and shares its windows", async () => {
  let now = NOW;
  await using fake = await startFakeKlaviyo({ now: () => now, enforceRateLimits: true });
  const { call } = createTestClient(fake);
  const second = { headers: { authorization: "Klaviyo-API-Key pk_second" } };
  const both = async () => [(await call("/api/accounts")).status, (await call("/api/accounts", second)).status];
  expect(await both()).toEqual([200, 401]);
  fake.acceptKey("pk_second");
  now += 1_000;
  expect(await both()).toEqual([200, 429]);
  fake.revokeKey(fake.apiKey);
  now += 1_000;
  expect(await both()).toEqual([401, 200]);
});

describe("windows", () => {
  test("are fixed, per operation", async () => {
    let now = NOW + 900;
    await using fake = await startFakeKlaviyo({ now: () => now, enforceRateLimits: true });
    const { call } = createTestClient(fake);
    const ask = async (count: number) =>
      (await Promise.all(Array.from({ length: count }, () => call("/api/metrics")))).filter(
        ({ status }) => status === 200,
      ).length;
    expect(await ask(12)).toBe(10);
    expect((await call("/api/data-sources")).status).toBe(200);
    now += 100;
    expect(await ask(12)).toBe(10);
    for (let second = 2; second < 20; second++) {
      now = NOW + second * 1_000;
      await ask(10);
    }
    // 150 a minute are used up now.
    const refused = await call("/api/metrics");
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("ratelimit-limit")]).toEqual([
      429,
      "41",
      null,
    ]);
    expect(fake.answers.count({ operation: "get_metrics", status: 200 })).toBe(150);
    now = NOW + 60_000;
    expect(await ask(12)).toBe(10);
  });

  test("are partly used up by others", async () => {
    let now = NOW;
    await using fake = await startFakeKlaviyo({ now: () => now, enforceRateLimits: true });
    const { call } = createTestClient(fake);
    fake.occupyWindows(0.7);
    const remaining: (string | null)[] = [];
    for (let count = 0; count < 4; count++)
      remaining.push((await call("/api/metrics")).headers.get("ratelimit-remaining"));
    expect(remaining).toEqual(["2", "1", "0", null]);
    fake.occupyWindows(0);
    expect((await call("/api/metrics")).status).toBe(200);
    now += 1_000;
    fake.occupyWindows(1);
    expect((await call("/api/metrics")).status).toBe(429);
  });
});

test("answers are counted by operation and status, requests kept or not", async () => {
  await using fake = await startFakeKlaviyo({ keptRequests: 0 });
  const { call } = createTestClient(fake);
  const waiting = fake.nextRequest({ operation: "get_profile" });
  fake.failNext({ status: 429 }, { operation: "get_metrics", skip: 3 });
  fake.failNext({ kind: "reset-before" }, { path: "/api/nowhere" });
  for (let count = 0; count < 8; count++) await call("/api/metrics");
  await call("/api/profiles/x");
  await call("/api/nowhere").catch(() => {});
  expect((await waiting).status).toBe(404);
  const { answers } = fake;
  expect(answers.count({ operation: "get_metrics" })).toBe(8);
  expect(answers.count({ status: 404 })).toBe(1);
  expect(answers.count({ operation: "unknown", status: "reset" })).toBe(1);
  expect(answers.count()).toBe(10);
  expect([answers.share(429, "get_metrics"), answers.share(429), answers.share(429, "get_events")]).toEqual([
    0.125, 0.1, 0,
  ]);
  expect(fake.requests).toEqual([]);
});

test("only the latest requests are kept, when asked so", async () => {
  await using fake = await startFakeKlaviyo({ keptRequests: 2 });
  const { call } = createTestClient(fake);
  const all = fake.waitForRequests(3);
  for (const id of ["a", "b", "c"]) await call(`/api/profiles/${id}`);
  expect((await all).map(({ path }) => path)).toEqual(["/api/profiles/b", "/api/profiles/c"]);
  expect(fake.requests).toHaveLength(2);
});

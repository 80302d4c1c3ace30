import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { KeyLimits } from "../src/accounts/accounts.ts";
import { callApi } from "./support/api.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const DAY_MS = 86_400_000;
const WRONG = "The API key or the account id is wrong (headers X-API-KEY and X-ACCOUNT-ID).";

let shop: TestApp;
let template: string;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushGallery("points-card");
});
afterAll(() => shop[Symbol.asyncDispose]());

const keyWith = async (limits: KeyLimits) =>
  (await shop.app.accounts.createKey(shop.accountId, "limited", limits)).apiKey;
const getList = (apiKey: string, headers: Readonly<Record<string, string | undefined>> = {}) =>
  callApi(shop, "GET", "/v1/pass_templates", { headers: { "x-api-key": apiKey, ...headers } });

describe("scope", () => {
  const CALLS: readonly [string, "read" | "issue" | "manage", () => [string, string, unknown?]][] = [
    ["listing templates", "read", () => ["GET", "/v1/pass_templates"]],
    ["looking at a template", "read", () => ["GET", `/v1/pass_templates/${template}`]],
    ["asking for required fields", "read", () => ["GET", `/v1/passtypes/keys/${template}`]],
    ["listing passes", "read", () => ["GET", `/v1/passes/${template}`]],
    ["issuing", "issue", () => ["POST", "/v1/passes", { passTemplate: template, pass: {} }]],
    ["changing a pass", "issue", () => ["PATCH", `/v1/passes/${template}/${"0".repeat(26)}`, { pass: {} }]],
    ["deleting a pass", "issue", () => ["DELETE", `/v1/passes/${template}/${"0".repeat(26)}`]],
    ["making a template", "manage", () => ["POST", "/v1/pass_templates", {}]],
    ["changing a template", "manage", () => ["PATCH", `/v1/pass_templates/${template}`, {}]],
    ["deleting a template", "manage", () => ["DELETE", "/v1/pass_templates/ptk_0x2"]],
  ];
  const ALLOWED = { all: ["read", "issue", "manage"], issue: ["read", "issue"], read: ["read"] } as const;

  test.each(Object.entries(ALLOWED))("%s", async (scope, allowed) => {
    const apiKey = await keyWith({ scope: scope as keyof typeof ALLOWED });
    for (const [what, permission, call] of CALLS) {
      const [method, path, body] = call();
      const answer = await callApi(shop, method, path, { body, headers: { "x-api-key": apiKey } });
      const isAllowed = (allowed as readonly string[]).includes(permission);
      expect([what, answer.status === 403]).toEqual([what, !isAllowed]);
      if (isAllowed) continue;
      const text = `This API key may not do that: its scope is "${scope}".`;
      expect(answer.body).toEqual({ error: text, message: text, msg: text, code: "FORBIDDEN" });
    }
  });
});

describe("expiry", () => {
  test("a key works until its time, and then is as good as none", async () => {
    const apiKey = await keyWith({ expiresAt: shop.clock.now() + DAY_MS });
    shop.clock.advance(DAY_MS - 1);
    expect((await getList(apiKey)).status).toBe(200);
    shop.clock.advance(1);
    expect(await getList(apiKey)).toMatchObject({ status: 401, body: { error: WRONG } });
  });
});

describe("rate", () => {
  test("ten seconds' worth at once, then 429 with the time to wait; other keys are not held up", async () => {
    const [slow, other] = [await keyWith({ rateLimit: 2 }), await keyWith({ rateLimit: 2 })];
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await getList(slow)).status);
    expect(statuses).toEqual([...Array(20).fill(200), 429, 429]);
    const refused = await getList(slow);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.body["code"]).toBe("RATE_LIMITED");
    expect((await getList(other)).status).toBe(200);
    expect((await getList(shop.apiKey)).status).toBe(200);
    shop.clock.advance(1_000);
    expect([await getList(slow), await getList(slow), await getList(slow)].map(({ status }) => status)).toEqual([
      200, 200, 429,
    ]);
  });
});

describe("last use", () => {
  test("is noted once a minute, also by calls that change nothing", async () => {
    const { id, apiKey } = await shop.app.accounts.createKey(shop.accountId, "watched");
    const lastUse = async () => {
      // The note is written on its own; this waits until it is.
      await shop.app.db.transaction(async () => {});
      const { items } = await shop.app.accounts.listKeys(shop.accountId, { limit: 1_000 });
      return items.find((key) => key.id === id)?.lastUsedAt;
    };
    expect(await lastUse()).toBeNull();
    const first = shop.clock.now();
    await getList(apiKey);
    expect(await lastUse()).toBe(first);
    shop.clock.advance(59_999);
    await getList(apiKey);
    expect(await lastUse()).toBe(first);
    shop.clock.advance(1);
    await getList(apiKey);
    expect(await lastUse()).toBe(first + 60_000);
  });
});

describe("Authorization: Bearer", () => {
  const bearer = (headers: Readonly<Record<string, string | undefined>> = {}) =>
    callApi(shop, "GET", "/v1/pass_templates", {
      headers: {
        "x-api-key": undefined,
        "x-account-id": undefined,
        authorization: `Bearer ${shop.apiKey}`,
        ...headers,
      },
    });

  test.each([
    ["alone", {}, 200],
    ["in lower case", { authorization: "bearer KEY" }, 200],
    ["with its account", { "x-account-id": "OWN" }, 200],
    ["with another account", { "x-account-id": "aid_0x002" }, 401],
    ["that is no key", { authorization: "Bearer abc" }, 401],
    ["beside a wrong key in the other header", { "x-api-key": "wrong", "x-account-id": "OWN" }, 401],
    ["of another kind", { authorization: "Basic abc" }, 401],
    ["not at all", { authorization: undefined }, 401],
  ])("%s", async (_, headers, status) => {
    const filled = Object.entries<string | undefined>(headers).map(([name, value]) => [
      name,
      value?.replace("KEY", shop.apiKey).replace("OWN", shop.accountId),
    ]);
    expect((await bearer(Object.fromEntries(filled))).status).toBe(status);
  });

  test("the pair of headers needs both", async () => {
    expect((await getList(shop.apiKey, { "x-account-id": undefined })).status).toBe(401);
  });
});

describe("guessing", () => {
  test("10 000 wrong keys from one address get 429 soon; the right key from there still works, as do wrong ones from elsewhere", async () => {
    await using guessed = await startTestApp();
    const from = (address: string, apiKey: string) =>
      callApi(guessed, "POST", "/v1/pass_templates", {
        body: { name: "Card", platform: "apple", style: "generic" },
        headers: { "x-api-key": apiKey, "x-forwarded-for": address },
      });
    const guesses = Array.from({ length: 10_000 }, (_, i) => `phk_${String(i).padStart(8, "0")}_${"A".repeat(32)}`);
    const counts = new Map<number, number>();
    for (const guess of guesses) {
      const { status, headers } = await from("203.0.113.7", guess);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      if (status === 429) expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    }
    expect(Object.fromEntries(counts)).toEqual({ 401: 60, 429: 9_940 });
    expect((await from("203.0.113.7", guessed.apiKey)).status).toBe(200);
    expect((await from("203.0.113.8", "wrong")).status).toBe(401);
    // Only those that were read are kept.
    expect((await guessed.app.rejected.list(guessed.accountId, { limit: 1_000 })).items).toHaveLength(61);
  }, 30_000);
});

describe("on the command line", () => {
  test("a key is made with its limits, and the list shows them", async () => {
    using folder = temporaryFolder();
    const data = ["--data", folder.path];
    await cliJson("account", "create", "--name", "Shop", ...data);
    const limits = ["--scope", "issue", "--expires", "2099-06-30", "--rate-limit", "5"];
    const limited = await cliJson<{ id: string }>("key", "create", "--label", "flow", ...limits, ...data);
    const plain = await cliJson<{ id: string }>("key", "create", "--label", "plain", ...data);
    expect(Object.keys(plain)).toEqual(["id", "accountId", "apiKey"]);
    const { items } = await cliJson<{ items: { id: string }[] }>("key", "list", ...data);
    expect(items.find(({ id }) => id === limited.id)).toMatchObject({
      scope: "issue",
      rateLimit: 5,
      expiresAt: "2099-06-30T23:59:59.000Z",
      lastUsedAt: null,
    });
    expect(items.find(({ id }) => id === plain.id)).toMatchObject({ scope: "all", rateLimit: null, expiresAt: null });
    expect((await cli("key", "list", ...data)).stdout).toContain("2099-06-30");
  });

  test("90d is counted from now", async () => {
    using folder = temporaryFolder();
    const data = ["--data", folder.path];
    await cliJson("account", "create", "--name", "Shop", ...data);
    const before = Date.now();
    await cliJson("key", "create", "--label", "flow", "--expires", "90d", ...data);
    const { items } = await cliJson<{ items: { expiresAt: string }[] }>("key", "list", ...data);
    const lives = Date.parse(items[0]?.expiresAt ?? "") - before;
    expect(lives).toBeGreaterThanOrEqual(90 * DAY_MS);
    expect(lives).toBeLessThan(90 * DAY_MS + 60_000);
  });

  test.each<[string, string]>([
    ["--expires", "soon"],
    ["--expires", "2020-01-01"],
    ["--scope", "everything"],
    ["--rate-limit", "0"],
    ["--rate-limit", "1.5"],
  ])("%s %s is wrong use", async (option, value) => {
    expect((await cli("key", "create", "--label", "x", option, value)).status).toBe(2);
  });
});

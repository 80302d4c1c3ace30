import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let template: string;
let others: { id: string; apiKey: string; template: string };

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({
    definition: cardWith({
      "member-name": { type: "text", required: true },
    }),
  });
  const { id } = await shop.app.accounts.create("Another shop");
  const { apiKey } = await shop.app.accounts.createKey(id, "test");
  const { definition, images } = await shop.app.templates.current(shop.accountId, template);
  others = { id, apiKey, template: (await shop.app.templates.push(id, { definition, images })).id };
});
afterAll(() => shop[Symbol.asyncDispose]());

const refusalOf = async (response: Response) =>
  (await response.json()) as { error: string; message: string; msg: string; code: string };
const newest = async () => (await shop.app.rejected.list(shop.accountId, { limit: 1 })).items[0];
const valid = () => ({ passTemplate: template, pass: { "member-name": "Sarah" } });

describe("401", () => {
  const CALLERS: readonly [string, () => Record<string, string>][] = [
    ["no key", () => ({ "x-api-key": "" })],
    ["no account", () => ({ "x-account-id": "" })],
    ["a key of another form", () => ({ "x-api-key": "0123456789abcdef0123456789abcdef" })],
    ["a key that nobody has", () => ({ "x-api-key": `phk_${"0".repeat(8)}_${"A".repeat(32)}` })],
    [
      "a key with another secret",
      () => ({ "x-api-key": shop.apiKey.slice(0, -1) + (shop.apiKey.endsWith("A") ? "B" : "A") }),
    ],
    ["the id of another account", () => ({ "x-account-id": others.id })],
    ["the key of another account", () => ({ "x-api-key": others.apiKey })],
    ["the id of no account", () => ({ "x-account-id": "aid_0x002" })],
  ];

  test.each(CALLERS)("%s: always the same words", async (_, headers) => {
    const response = await shop.post(valid(), headers());
    expect(response.status).toBe(401);
    const text = "The API key or the account id is wrong (headers X-API-KEY and X-ACCOUNT-ID).";
    expect(await refusalOf(response)).toEqual({ error: text, message: text, msg: text, code: "UNAUTHORIZED" });
    expect(await newest()).toMatchObject({ status: 401, route: "POST /v1/passes", body: JSON.stringify(valid()) });
  });

  test("a revoked key, at once", async () => {
    const { id, apiKey } = await shop.app.accounts.createKey(shop.accountId, "to be revoked");
    expect((await shop.post(valid(), { "x-api-key": apiKey })).status).toBe(200);
    await shop.app.accounts.revokeKey(shop.accountId, id);
    const response = await shop.post(valid(), { "x-api-key": apiKey });
    expect([response.status, (await refusalOf(response)).code]).toEqual([401, "UNAUTHORIZED"]);
  });

  test("an account id in the other forms that clients write is right", async () => {
    for (const id of [shop.accountId.toUpperCase().replace("X", "x"), shop.accountId.replace("0x", "0x000")]) {
      expect((await shop.post(valid(), { "x-account-id": id })).status).toBe(200);
    }
  });
});

describe("404", () => {
  test.each([
    ["that nobody made", () => "ptk_0xffffffff"],
    ["of another account", () => others.template],
    ["that is no id at all", () => "../../etc/passwd"],
  ])("a template %s", async (_, id) => {
    const body = { ...valid(), passTemplate: id() };
    const response = await shop.post(body);
    expect([response.status, (await refusalOf(response)).code]).toEqual([404, "NOT_FOUND"]);
    expect(await newest()).toMatchObject({ status: 404, body: JSON.stringify(body) });
  });
});

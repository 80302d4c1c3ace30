import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { type ClientProcess, startPassNinjaClient } from "./support/passninja-client.ts";
import { cardWith } from "./support/template.ts";

/** PassNinja's published client, not changed in anything, against this server. */

let shop: TestApp;
let template: string;
let url: string;
let client: ClientProcess;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({
    definition: cardWith({
      "member-name": { type: "text", required: true },
      points: { type: "number", default: 0 },
    }),
  });
  const { port } = shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server ?? {};
  url = `http://127.0.0.1:${port}`;
  client = startPassNinjaClient(url, shop.accountId, shop.apiKey);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

test("a pass's life: find the template, create, get, put, list, delete", async () => {
  const found = await client.call("passTemplate", "find", template);
  expect(found.value).toMatchObject({ id: template, name: "Card", platform: "apple", issued_pass_count: 0 });

  const { value: created } = await client.call("pass", "create", template, { "member-name": "Sarah", points: "70.0" });
  const { serialNumber } = created as { serialNumber: string };
  expect(created).toEqual({ url: `${PUBLIC_URL}/p/${serialNumber}`, serialNumber, passType: template });

  const got = await client.call("pass", "get", template, serialNumber);
  expect(got.value).toMatchObject({ serialNumber, status: "issued", pass: { "member-name": "Sarah", points: "70" } });

  const put = await client.call("pass", "put", template, serialNumber, { "member-name": "Ann" });
  expect(put.value).toMatchObject({ serialNumber, pass: { "member-name": "Ann", points: "0" } });

  const listed = await client.call("pass", "find", template);
  expect(listed.value).toEqual([put.value]);

  expect(await client.call("pass", "delete", template, serialNumber)).toEqual({ value: serialNumber });
  expect((await client.call("pass", "find", template)).value).toEqual([]);
  const deleted = await client.call("pass", "get", template, serialNumber);
  expect(deleted.value).toMatchObject({ status: "deleted" });
});

describe("what the client's caller catches", () => {
  test("required fields, which the client asks for before it creates", async () => {
    const { error, status } = await client.call("pass", "create", template, { points: "1" });
    expect([error, status]).toEqual([expect.stringContaining('Missing keys: ["member-name"]'), undefined]);
  });

  test.each<[string, () => Promise<Awaited<ReturnType<ClientProcess["call"]>>>, number, string, RegExp]>([
    [
      "an unknown field",
      () => client.call("pass", "create", template, { "member-name": "Sarah", pionts: "1" }),
      400,
      "INVALID",
      /pionts is not a field .*did you mean "points"/,
    ],
    ["a template that there is not", () => client.call("passTemplate", "find", "ptk_0x2"), 404, "NOT_FOUND", /ptk_0x2/],
    [
      "a pass of a template that there is not",
      () => client.call("pass", "create", "ptk_0x2", {}),
      404,
      "NOT_FOUND",
      /ptk_0x2/,
    ],
    [
      "a pass that there is not",
      () => client.call("pass", "get", template, "0".repeat(26)),
      404,
      "NOT_FOUND",
      /no such pass/,
    ],
    ["an NFC payload", () => client.call("pass", "decrypt", template, "00"), 501, "NOT_IMPLEMENTED", /NFC/],
  ])("%s", async (_, call, status, code, text) => {
    const outcome = await call();
    expect(outcome).toMatchObject({ error: `Request failed with status code ${status}`, status, body: { code } });
    expect(String(outcome.body?.error)).toMatch(text);
  });

  test("a wrong key", async () => {
    await using stranger = startPassNinjaClient(url, shop.accountId, "0123456789abcdef0123456789abcdef");
    const outcome = await stranger.call("pass", "find", template);
    expect(outcome).toMatchObject({ status: 401, body: { error: expect.stringContaining("API key") } });
  });
});

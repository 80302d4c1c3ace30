import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { ErrorObject } from "../src/api/schemas/error.ts";
import { DeletedPass, PassList, PassObject as PassSchema } from "../src/api/schemas/pass.ts";
import { RequiredKeys, TemplateFields, TemplateList, TemplateObject } from "../src/api/schemas/template.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { type RawAnswer, sendRaw } from "./support/raw-request.ts";
import { cardWith } from "./support/template.ts";

/** What PassNinja's clients rely on, over a real connection: each route, each status, each form of an address. */

let shop: TestApp;
let template: string;
let port: number;

beforeAll(async () => {
  shop = await startTestApp();
  template = await pushCard();
  port = shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server?.port ?? 0;
});
afterAll(() => shop[Symbol.asyncDispose]());

const pushCard = () => shop.pushTemplate({ definition: cardWith({ "member-name": { type: "text", required: true } }) });
const issue = () => shop.issue({ passTemplate: template, pass: { "member-name": "Sarah" } });

/** With the shop's key, where nothing else is said. */
const send = (
  method: string,
  target: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = { "X-API-KEY": shop.apiKey, "X-ACCOUNT-ID": shop.accountId },
) =>
  sendRaw(
    port,
    method,
    target,
    { "Content-Type": "application/json", ...headers },
    body === undefined ? "" : JSON.stringify(body),
  );

const problemsOf = (schema: TSchema, body: unknown) =>
  [...Value.Errors(schema, body)].map(({ path, message }) => [path, message]);

/** T stands for the template, S for a serial number. */
type Row = readonly [method: string, path: string, schema: TSchema, body?: object];

const AnyObject = Type.Record(Type.String(), Type.Unknown());
const CHANGE = { passType: "T", serialNumber: "S", more: "of it", pass: { "member-name": "Ann" } };
const ROWS: readonly Row[] = [
  ["POST", "/passes", PassSchema, { passTemplate: "T", pass: { "member-name": "Ann" } }],
  ["POST", "/passes", PassSchema, { passType: "T", more: "of it", pass: { "member-name": "Ann" } }],
  ["GET", "/passes/T", PassList],
  ["GET", "/passes/T/S", PassSchema],
  ["PUT", "/passes/T/S", PassSchema, CHANGE],
  ["PATCH", "/passes/T/S", PassSchema, CHANGE],
  ["POST", "/passes/T/S", PassSchema, CHANGE],
  ["GET", "/passes/T/S/raw", AnyObject],
  ["DELETE", "/passes/T/S", DeletedPass],
  ["GET", "/pass_templates", TemplateList],
  ["GET", "/pass_templates/T", TemplateObject],
  ["POST", "/pass_templates", TemplateObject, { name: "New", platform: "apple", style: "coupon" }],
  ["PATCH", "/pass_templates/T", TemplateObject, { name: "Renamed" }],
  ["PUT", "/pass_templates/T", TemplateObject, { name: "Renamed again" }],
  ["GET", "/pass_templates/fields/T", TemplateFields],
  ["GET", "/passtypes/keys/T", RequiredKeys],
];

describe("every route answers exactly 200, with JSON of its form", () => {
  test.each(ROWS.map((row) => [row.slice(0, 2).join(" "), row] as const))(
    "%s",
    async (_, [method, path, schema, body]) => {
      const { serialNumber } = await issue();
      const filled = (text: string) => text.replaceAll(/\bT\b/g, template).replaceAll(/\bS\b/g, serialNumber);
      const given = body && JSON.parse(filled(JSON.stringify(body)));
      const plain = `/v1${filled(path)}`;
      for (const target of [
        plain,
        `${plain}/`,
        plain.replace("ptk_", "%70tk%5F"),
        plain.replace("ptk_0x", "PTK_0x00"),
        `http://api.passninja.com${plain}`,
        `https://api.passninja.com${plain}`,
      ]) {
        const answer = await send(method, target, given);
        expect([target, answer.status, problemsOf(schema, answer.body)]).toEqual([target, 200, []]);
        expect(answer.headers.get("content-type")).toMatch(/^application\/json\b/);
        expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      }
    },
  );

  test("DELETE of a template: an empty object", async () => {
    for (const form of ["", "/"]) {
      expect(await send("DELETE", `/v1/pass_templates/${await pushCard()}${form}`)).toMatchObject({
        status: 200,
        body: {},
      });
    }
  });

  test.each(["/passes/TEMPLATE/decrypt", "/passes/decrypt", "/passtypes/decrypt/TEMPLATE"])(
    "POST %s: 501 until NFC is built",
    async (path) => {
      const answer = await send("POST", `/v1${path.replace("TEMPLATE", template)}`, { payload: "00" });
      expect([answer.status, problemsOf(ErrorObject, answer.body)]).toEqual([501, []]);
      expect(answer.body).toMatchObject({ code: "NOT_IMPLEMENTED", error: expect.stringContaining("NFC") });
    },
  );
});

describe("requests as clients write them", () => {
  test.each([
    "X-API-KEY X-ACCOUNT-ID Content-Type",
    "x-api-key x-account-id content-type",
    "X-Api-Key X-Account-Id CONTENT-TYPE",
  ])("%s, with a type that tells its charset, also without a body", async (names) => {
    const [key = "", account = "", type = ""] = names.split(" ");
    const headers = { [key]: shop.apiKey, [account]: shop.accountId, [type]: "application/json;charset=utf-8" };
    expect((await sendRaw(port, "GET", `/v1/passes/${template}`, headers)).status).toBe(200);
  });

  test("the answer's link is what every client reads", async () => {
    const { id, passId, serialNumber, url, urls, passTemplate, passType } = await issue();
    expect([id, passId]).toEqual([serialNumber, serialNumber]);
    expect([urls.landing, urls.apple, urls.google]).toEqual([url, `${url}.pkpass`, null]);
    expect([passTemplate, passType]).toEqual([template, template]);
    const { body } = await send("DELETE", `/v1/passes/${template}/${id}?force=true`);
    expect(body).toEqual({ id, serialNumber, passTemplate, passType, status: "deleted" });
  });
});

describe("every failure is JSON with the same four keys, for browsers too", () => {
  const create = (body: unknown, apiKey = shop.apiKey, accountId = shop.accountId) =>
    send("POST", "/v1/passes", body, { "X-API-KEY": apiKey, "X-ACCOUNT-ID": accountId });
  const CASES: readonly [string, number, string, () => Promise<RawAnswer>][] = [
    ["no fields", 400, "INVALID", () => create({ passTemplate: template })],
    ["no template", 400, "INVALID", () => create({ pass: {} })],
    ["an unknown field", 400, "INVALID", () => create({ passTemplate: template, pass: { "member-name": "A", x: "" } })],
    ["a required field that is not there", 400, "INVALID", () => create({ passTemplate: template, pass: {} })],
    ["no JSON", 400, "INVALID", () => send("PATCH", `/v1/pass_templates/${template}`)],
    ["a wrong key", 401, "UNAUTHORIZED", () => create({}, "ak_0123456789abcd")],
    ["another account", 401, "UNAUTHORIZED", () => create({}, shop.apiKey, "aid_0x002")],
    [
      "a key that may not",
      403,
      "FORBIDDEN",
      async () => {
        const { apiKey } = await shop.app.accounts.createKey(shop.accountId, "reader", { scope: "read" });
        return create({ passTemplate: template, pass: {} }, apiKey);
      },
    ],
    ["no such template", 404, "NOT_FOUND", () => send("GET", "/v1/pass_templates/ptk_0x2")],
    ["no such pass", 404, "NOT_FOUND", () => send("GET", `/v1/passes/${template}/x`)],
    ["half a percent sign", 404, "NOT_FOUND", () => send("GET", "/v1/passes/%zz/%E0%A4")],
    ["no such address", 404, "NOT_FOUND", () => send("GET", "/v1/nothing")],
    ["no such method", 404, "NOT_FOUND", () => send("DELETE", "/v1/pass_templates")],
    [
      "a change of a deleted pass",
      409,
      "PASS_DELETED",
      async () => {
        const { id } = await issue();
        await send("DELETE", `/v1/passes/${template}/${id}`);
        return send("PATCH", `/v1/passes/${template}/${id}`, { pass: {} });
      },
    ],
    ["a large body", 413, "TOO_LARGE", () => create({ passTemplate: template, pass: { a: "x".repeat(65_536) } })],
    [
      "too many calls",
      429,
      "RATE_LIMITED",
      async () => {
        const { apiKey } = await shop.app.accounts.createKey(shop.accountId, "slow", { rateLimit: 1 });
        const calls = Array.from({ length: 11 }, () => create({}, apiKey));
        return (await Promise.all(calls)).find(({ status }) => status === 429) ?? create({}, apiKey);
      },
    ],
  ];

  test.each(CASES)("%s", async (_, status, code, call) => {
    const { headers, ...answer } = await call();
    expect([answer.status, problemsOf(ErrorObject, answer.body)]).toEqual([status, []]);
    const { error, message, msg, ...rest } = answer.body as { error: string; message: string; msg: string };
    expect([message, msg, rest]).toEqual([error, error, expect.objectContaining({ code })]);
    expect(error.length).toBeGreaterThan(10);
    expect(headers.get("content-type")).toMatch(/^application\/json\b/);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    if (status === 429) expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  });
});

describe("a page in a browser", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE"])("may ask to %s with the headers of the API", async (method) => {
    const answer = await send("OPTIONS", `/v1/passes/${template}`, undefined, {
      Origin: "https://shop.example",
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": "x-api-key, x-account-id, content-type, authorization, idempotency-key",
    });
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-methods")?.split(", ")).toContain(method);
    expect(answer.headers.get("access-control-allow-headers")?.split(", ")).toEqual([
      "x-api-key",
      "x-account-id",
      "content-type",
      "authorization",
      "idempotency-key",
    ]);
    // Nobody's cookies.
    expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("sees Retry-After, and nothing of what is not the API", async () => {
    const { headers } = await send("GET", "/v1/pass_templates");
    expect(headers.get("access-control-expose-headers")).toBe("retry-after");
    expect((await send("GET", "/livez")).headers.has("access-control-allow-origin")).toBe(false);
    expect((await send("OPTIONS", "/livez")).headers.has("access-control-allow-origin")).toBe(false);
  });
});

test("while the server shuts down: 503 with Retry-After, for browsers too", async () => {
  await using leaving = await startTestApp();
  await leaving.app[Symbol.asyncDispose]();
  const response = await leaving.request("/v1/pass_templates");
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([503, "*"]);
  expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
  expect(problemsOf(ErrorObject, await response.json())).toEqual([]);
});

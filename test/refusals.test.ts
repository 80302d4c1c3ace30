import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Problem } from "../src/errors.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let template: string;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({
    definition: cardWith({
      "member-name": { type: "text", required: true },
      points: { type: "number" },
      until: { type: "date" },
      level: { type: "text", required: true, default: "Member" },
    }),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Refusal {
  readonly error: string;
  readonly message: string;
  readonly msg: string;
  readonly code: string;
  readonly details?: readonly Problem[];
}
const refusalOf = async (response: Response) => (await response.json()) as Refusal;
const newest = async () => (await shop.app.rejected.list(shop.accountId, { limit: 1 })).items[0];
const valid = () => ({ passTemplate: template, pass: { "member-name": "Sarah" } });

/** What is wrong with the body, and where; T stands for the template. */
const CONTENT: readonly [string, object, Readonly<Record<string, RegExp>>][] = [
  [
    "a misspelt field",
    { passTemplate: "T", pass: { "member-name": "A", memberName: "A" } },
    { "pass.memberName": /did you mean "member-name"/ },
  ],
  [
    "a field that nothing resembles",
    { passTemplate: "T", pass: { "member-name": "A", zodiac: "A" } },
    { "pass.zodiac": /^is not a field of this template$/ },
  ],
  ["a required field that is not there", { passTemplate: "T", pass: {} }, { "pass.member-name": /^is required$/ }],
  [
    "a required field that came blank",
    { passTemplate: "T", pass: { "member-name": "None" } },
    { "pass.member-name": /^is required$/ },
  ],
  [
    "a required field whose tag was not rendered",
    { passTemplate: "T", pass: { "member-name": "{{ first_name }}" } },
    { "pass.member-name": /required, but .* not rendered: \{\{ first_name \}\}/ },
  ],
  [
    "everything that is wrong, at once",
    { passTemplate: "T", pass: { points: "many", until: "soon", level: ["a"], colour: "red" } },
    {
      "pass.points": /must be a number .* not "many"/,
      "pass.until": /must be a date .* not "soon"/,
      "pass.level": /not a list/,
      "pass.colour": /not a field/,
      "pass.member-name": /required/,
    },
  ],
  [
    "names that every object has",
    { passTemplate: "T", pass: { "member-name": "A", constructor: "x", toString: "y" } },
    { "pass.constructor": /not a field/, "pass.toString": /not a field/ },
  ],
  ["no template", { pass: {} }, { passTemplate: /is missing/ }],
  ["a template that came blank", { passTemplate: "", pass: {} }, { passTemplate: /is missing/ }],
  [
    "two templates",
    { passTemplate: "T", passType: "ptk_0x2", pass: {} },
    { passType: /"ptk_0x2" but passTemplate is "ptk_0x/ },
  ],
  ["no fields", { passTemplate: "T", passs: {} }, { pass: /is missing \(did you mean "passs"\?\)/ }],
  ["fields as a list", { passTemplate: "T", pass: [] }, { pass: /must be object/ }],
  ["a recipient as text", { passTemplate: "T", pass: {}, recipient: "a@example.com" }, { recipient: /must be object/ }],
  [
    "unknown keys of the recipient",
    { passTemplate: "T", pass: {}, recipient: { mail: "x", external_id: "y", firstName: "z" } },
    {
      "recipient.mail": /did you mean "email"/,
      "recipient.external_id": /did you mean "externalId"/,
      "recipient.firstName": /is not known/,
    },
  ],
  [
    "an address as an object",
    { passTemplate: "T", pass: {}, recipient: { email: {} } },
    { "recipient.email": /not a list or an object/ },
  ],
];

describe("400, what the body says", () => {
  test.each(CONTENT)("%s", async (_, body, problems) => {
    const raw = JSON.stringify(body).replace('"T"', JSON.stringify(template));
    const response = await shop.post(raw, { "x-klaviyo-flow-id": "FLOW1" });
    const refusal = await refusalOf(response);
    expect([response.status, refusal.code]).toEqual([400, "INVALID"]);
    const details = refusal.details ?? [];
    expect(details.map(({ path }) => path).sort()).toEqual(Object.keys(problems).sort());
    for (const { path, message } of details) expect(message).toMatch(problems[path] ?? /never/);
    // For the clients that show nothing but `error`.
    for (const { path, message } of details) expect(refusal.error).toContain(`${path} ${message}`);
    expect([refusal.message, refusal.msg]).toEqual([refusal.error, refusal.error]);
    expect(await newest()).toMatchObject({ status: 400, flowId: "FLOW1", error: refusal.error, details, body: raw });
  });

  test("a field called __proto__", async () => {
    const response = await shop.post(`{"passTemplate":"${template}","pass":{"member-name":"A","__proto__":{"x":1}}}`);
    expect((await refusalOf(response)).details).toEqual([
      { path: "pass.__proto__", message: "is not a field of this template" },
    ]);
  });
});

describe("400, how the body is written", () => {
  const deep = (open: string, close: string) =>
    `{"passTemplate":"T","pass":${open.repeat(10_000)}1${close.repeat(10_000)}}`;
  test.each<[string, string | Uint8Array<ArrayBuffer>, RegExp]>([
    ["nothing", "", /not JSON at character 1/],
    ["text", "passTemplate=ptk_0x1", /not JSON|must be a JSON object/],
    ["a list", "[]", /must be a JSON object/],
    ["null", "null", /must be a JSON object/],
    ["10 000 objects in each other", deep('{"a":', "}"), /nested too deeply/],
    ["10 000 lists in each other", deep("[", "]"), /nested too deeply/],
    ["no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), /not UTF-8/],
    ["half a character", Uint8Array.from(Buffer.from('{"pass":"🎉"}').subarray(0, 11)), /not UTF-8/],
    ["a NUL byte", '{"pass":{"member-name":"a\0b"}', /not JSON/],
  ])("%s", async (_, body, message) => {
    const response = await shop.request("/v1/passes", {
      method: "POST",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body,
    });
    const refusal = await refusalOf(response);
    expect(refusal.error).toMatch(message);
    expect([response.status, refusal.code]).toEqual([400, "INVALID"]);
    expect(await newest()).toMatchObject({ status: 400, error: refusal.error, body: Buffer.from(body).toString() });
  });
});

describe("413", () => {
  const KB64 = 64 * 1024;
  const padded = (bytes: number) => {
    const raw = JSON.stringify({ ...valid(), padding: "" });
    return raw.replace('"padding":""', `"padding":"${"x".repeat(bytes - raw.length)}"`);
  };
  const stream = (text: string) =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < text.length; at += 10_000) controller.enqueue(Buffer.from(text.slice(at, at + 10_000)));
        controller.close();
      },
    });

  test.each<[string, (text: string) => string | ReadableStream]>([
    ["with its length said before", (text) => text],
    ["in chunks", stream],
  ])("over 64 KB, %s", async (_, bodyOf) => {
    const { port } = shop.app.http.server ?? shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server ?? {};
    const send = (bytes: number) =>
      fetch(`http://127.0.0.1:${port}/v1/passes`, {
        method: "POST",
        headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
        body: bodyOf(padded(bytes)),
      });
    const large = await send(KB64 + 1);
    expect(await refusalOf(large)).toMatchObject({ error: "The body is larger than 64 KB.", code: "TOO_LARGE" });
    expect(large.status).toBe(413);
    expect(await newest()).toMatchObject({ status: 413, body: padded(KB64 + 1).slice(0, KB64) });
    expect((await send(KB64)).status).toBe(200);
  });
});

test("a slash at the end of the path does not matter", async () => {
  const init = {
    method: "POST",
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
    body: JSON.stringify(valid()),
  };
  expect((await shop.request("/v1/passes/", init)).status).toBe(200);
  expect((await shop.request("/v1/passes", init)).status).toBe(200);
});

test("an address that is none", async () => {
  const response = await shop.request("/v1/nothing", { method: "POST", body: "{}" });
  expect([response.status, (await refusalOf(response)).code]).toEqual([404, "NOT_FOUND"]);
});

test("while the server shuts down every call is asked to come again, and nothing is lost by it", async () => {
  await using closing = await startTestApp();
  const id = await closing.pushGallery("points-card");
  await closing.app[Symbol.asyncDispose]();
  for (const path of ["/v1/passes", "/v1/passes/"]) {
    const response = await closing.request(path, {
      method: "POST",
      body: JSON.stringify({ passTemplate: id, pass: {} }),
    });
    expect([response.status, (await refusalOf(response)).code]).toEqual([503, "UNAVAILABLE"]);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect((await closing.request("/readyz")).status).toBe(503);
  expect((await closing.request("/livez")).status).toBe(200);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

/** The bodies of webhook-values.test.ts once more, as a flow sends them to change the pass of a customer. */

const ULID = "01GDDKASAP8TKDDA2GRZDSVP4H";
const EMAIL = "sarah@example.com";
const BEFORE = { total: "10", vip: "false", "first-name": "Sarah", payload: "none" };

let shop: TestApp;
let template: string;
let pass: PassObject;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({
    definition: cardWith({
      "first-name": { type: "text" },
      payload: { type: "text" },
      total: { type: "number" },
      vip: { type: "boolean" },
    }),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

/** A customer with that pass and no other, and nothing kept. */
beforeEach(async () => {
  if (pass) await post(`${template}/${pass.serialNumber}/delete`, "");
  const recipient = { klaviyoId: ULID, email: EMAIL, externalId: "" };
  pass = await shop.issue({ passTemplate: template, recipient, pass: BEFORE });
});

const post = (path: string, body: string) =>
  shop.request(`/v1/passes/${path}`, {
    method: "POST",
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId, "x-klaviyo-flow-id": "WKgYRs" },
    body,
  });
const rejected = async () => (await shop.app.rejected.list(shop.accountId, { limit: 1 })).items[0];

interface Accepted {
  /** What is not as it was before. */
  readonly values: Readonly<Record<string, string>>;
  readonly repaired?: boolean;
}

const ACCEPTED: readonly [string, string, Accepted][] = [
  [
    "1: everything set",
    `{"recipient":{"klaviyoId":"${ULID}","email":"${EMAIL}"},"pass":{"total":"70.0","vip":"True"},"idempotencyKey":"dec_123"}`,
    { values: { total: "70", vip: "true" } },
  ],
  [
    "2: event tags in a list flow, a profile without email",
    `{"recipient":{"klaviyoId":"${ULID}","email":""},"pass":{"total":"","vip":"True"},"idempotencyKey":""}`,
    { values: { vip: "true" } },
  ],
  [
    "4: a tag without quotes that came out blank",
    `{"recipient":{"klaviyoId":"${ULID}","email":"${EMAIL}"},"pass":{"total":,"vip":"True"}}`,
    { values: { vip: "true" }, repaired: true },
  ],
  [
    "5: a raw quote in a value",
    `{"recipient":{"klaviyoId":"${ULID}","email":"${EMAIL}"},"pass":{"first-name":"Dwayne "The Rock""}}`,
    { values: { "first-name": 'Dwayne "The Rock"' }, repaired: true },
  ],
  [
    "6: a raw line break in a value",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"payload":"line one\nline two"}}`,
    { values: { payload: "line one\nline two" }, repaired: true },
  ],
  [
    "7: a backslash is JSON by accident; the value is what JSON makes of it",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"payload":"C:\\new"}}`,
    { values: { payload: "C:\new" } },
  ],
  [
    "8: a whole event as text stays opaque",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"payload":"{'Name': 'Kids Book', 'Price': 9.5, 'InStock': True, 'Note': None}"}}`,
    { values: { payload: "{'Name': 'Kids Book', 'Price': 9.5, 'InStock': True, 'Note': None}" } },
  ],
  [
    "10: escaped as HTML",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"first-name":"O&#x27;Brien","payload":"Smith &amp; Sons"}}`,
    { values: { "first-name": "O'Brien", payload: "Smith & Sons" } },
  ],
  [
    "11: an explicit null and a boolean",
    `{"recipient":{"klaviyoId":"${ULID}","phone":"None"},"pass":{"payload":"None","vip":"True"}}`,
    { values: { vip: "true" } },
  ],
  [
    "13: the comma of a loop",
    `{"recipient":{"klaviyoId":"${ULID}",},"pass":{"payload":"a, b,",},}`,
    { values: { payload: "a, b," }, repaired: true },
  ],
  [
    "14: stray whitespace",
    `{"recipient":{"email":"  Sarah@Example.com ","klaviyoId":"${ULID} "},"pass":{"total":" 12.50\\t"}}`,
    { values: { total: "12.5" } },
  ],
];

/** Refused where the body must say whose pass is meant; with the serial number in the address some of it does not matter. */
const REFUSED: readonly [string, string, RegExp, "by serial it is good" | "in any case"][] = [
  [
    "3: a test send or wrong tag names",
    '{"recipient":{"klaviyoId":"","email":""},"pass":{"payload":"checkout"}}',
    /names nobody\. Give an email/,
    "by serial it is good",
  ],
  [
    "9: a Python dictionary whose text holds an apostrophe",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"payload":"{'Name': "Women's Tee"}"}}`,
    /not JSON at character \d+, near .*Women/,
    "in any case",
  ],
  [
    "12: tags that nobody rendered",
    '{"recipient":{"email":"{{ person.email }}","klaviyoId":"{{ person.KlaviyoID }}"},"pass":{"payload":"x"}}',
    /names nobody/,
    "by serial it is good",
  ],
  [
    "15: a user's own names",
    `{"recipient":{"id":"${ULID}","email":"${EMAIL}","full_name":"","phone_number":"+15005550006"},"pass":{"payload":"x"}}`,
    /recipient\.id is not known; recipient\.full_name is not known; recipient\.phone_number is not known/,
    "by serial it is good",
  ],
  [
    "a list where the field takes one value",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"payload":["a","b"]}}`,
    /pass\.payload must be text, a number or true\/false, not a list/,
    "in any case",
  ],
  [
    "a name that says more points than the flow does",
    `{"recipient":{"klaviyoId":"${ULID}"},"pass":{"first-name":"A","total":"99999","total":"1"}}`,
    /the key "total" twice/,
    "in any case",
  ],
];

const WAYS = [
  ["by the person", () => `${template}/by-recipient`],
  ["by serial number", () => `${template}/${pass.serialNumber}`],
] as const;

describe.each(WAYS)("a change %s", (way, pathOf) => {
  test.each(ACCEPTED)("%s", async (_, body, { values, repaired = false }) => {
    const keptBefore = (await rejected())?.id;
    const response = await post(pathOf(), body);
    const answer = (await response.json()) as PassObject & { error?: string };
    expect([response.status, answer.error]).toEqual([200, undefined]);
    expect(answer.serialNumber).toBe(pass.serialNumber);
    expect(answer.pass).toEqual({ ...BEFORE, ...values });
    const whole = await shop.app.links.load(pass.serialNumber);
    expect(whole.pass).toMatchObject({ repaired, flowId: "WKgYRs", version: 2 });
    expect(whole.recipient).toMatchObject({ klaviyoId: ULID, email: EMAIL, phone: null });
    expect((await rejected())?.id).toBe(keptBefore);
  });

  test.each(REFUSED)("%s", async (_, body, message, when) => {
    const path = pathOf();
    const response = await post(path, body);
    if (way === "by serial number" && when === "by serial it is good") {
      expect(response.status).toBe(200);
      return;
    }
    const { error } = (await response.json()) as { error: string };
    expect(error).toMatch(message);
    expect(response.status).toBe(400);
    expect(await rejected()).toMatchObject({
      status: 400,
      error,
      body,
      path: `/v1/passes/${path}`,
      flowId: "WKgYRs",
      verbatim: true,
    });
    const events = await listPassEvents(shop.app.db.read, pass.serialNumber);
    expect(events.map(({ kind }) => kind)).toEqual(["created"]);
  });
});

test("numbers of JSON are numbers of the pass; what JSON cannot hold exactly is refused", async () => {
  const send = async (total: string) => {
    const response = await post(`${template}/${pass.serialNumber}`, `{"pass":{"total":${total}}}`);
    return ((await response.json()) as PassObject).pass?.["total"] ?? response.status;
  };
  const sent = ["70.0", "0.1", "-0", "1e3", "999999999999999", "9007199254740993", "1e21", "0.1e-10"];
  expect(await Promise.all(sent.map(send))).toEqual(["70", "0.1", "0", "1000", "999999999999999", 400, 400, 400]);
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let template: string;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({
    definition: cardWith({
      "first-name": { type: "text" },
      company: { type: "text" },
      note: { type: "text" },
      total: { type: "number" },
      vip: { type: "boolean" },
      born: { type: "date" },
      link: { type: "url" },
      mobile: { type: "phone" },
      shade: { type: "colour" },
    }),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

const ULID = "01GDDKASAP8TKDDA2GRZDSVP4H";

/** Sends text as Klaviyo would render it; `T` stands for the template. */
async function send(body: string): Promise<{ status: number; answer: PassObject & { error?: string } }> {
  const response = await shop.post(body.replace('"T"', JSON.stringify(template)));
  return { status: response.status, answer: (await response.json()) as PassObject & { error?: string } };
}

interface Expected {
  readonly values: Readonly<Record<string, string>>;
  readonly recipient: Readonly<Record<string, string | null>>;
  readonly repaired?: boolean;
}

/** The numbers are those of the table "Bodies to expect": what Klaviyo's template language makes of an ordinary flow. */
const ACCEPTED: readonly [string, string, Expected][] = [
  [
    "1: everything set",
    `{"passTemplate":"T","pass":{"total":"70.0","vip":"True"},"recipient":{"klaviyoId":"${ULID}","email":"sarah@example.com"},"idempotencyKey":"dec_123"}`,
    { values: { total: "70", vip: "true" }, recipient: { klaviyoId: ULID, email: "sarah@example.com" } },
  ],
  [
    "2: event tags in a list flow, a profile without email",
    `{"passTemplate":"T","pass":{"total":""},"recipient":{"klaviyoId":"${ULID.replace("H", "J")}","email":""},"idempotencyKey":""}`,
    { values: {}, recipient: { klaviyoId: ULID.replace("H", "J"), email: null } },
  ],
  [
    "3: a test send or wrong tag names: nobody to write back to",
    '{"passTemplate":"T","pass":{"note":"checkout"},"recipient":{"klaviyoId":"","email":""}}',
    { values: { note: "checkout" }, recipient: { klaviyoId: null, email: null } },
  ],
  [
    "4: a tag without quotes that came out blank",
    '{"passTemplate":"T","pass":{"total":,"note":"x"},"recipient":{"email":"a4@example.com"}}',
    { values: { note: "x" }, recipient: { email: "a4@example.com" }, repaired: true },
  ],
  [
    "5: a raw quote in a value",
    '{"passTemplate":"T","pass":{"first-name":"Dwayne "The Rock""},"recipient":{"klaviyoId":"K5","email":"a5@example.com"}}',
    {
      values: { "first-name": 'Dwayne "The Rock"' },
      recipient: { klaviyoId: "K5", email: "a5@example.com" },
      repaired: true,
    },
  ],
  [
    "6: a raw line break in a value",
    '{"passTemplate":"T","pass":{"note":"line one\nline two"},"recipient":{"klaviyoId":"K6"}}',
    { values: { note: "line one\nline two" }, recipient: { klaviyoId: "K6" }, repaired: true },
  ],
  [
    "7: a backslash is JSON by accident; the value is what JSON makes of it",
    '{"passTemplate":"T","pass":{"note":"C:\\new"},"recipient":{"klaviyoId":"K7"}}',
    { values: { note: "C:\new" }, recipient: { klaviyoId: "K7" } },
  ],
  [
    "8: a whole event as text stays opaque",
    `{"passTemplate":"T","pass":{"note":"{'Name': 'Kids Book', 'Price': 9.5, 'InStock': True, 'Note': None}"},"recipient":{"klaviyoId":"K8"}}`,
    {
      values: { note: "{'Name': 'Kids Book', 'Price': 9.5, 'InStock': True, 'Note': None}" },
      recipient: { klaviyoId: "K8" },
    },
  ],
  [
    "10: escaped as HTML",
    '{"passTemplate":"T","pass":{"first-name":"O&#x27;Brien","company":"Smith &amp; Sons"},"recipient":{"klaviyoId":"K10","name":"O&#39;Brien"}}',
    {
      values: { "first-name": "O'Brien", company: "Smith & Sons" },
      recipient: { klaviyoId: "K10", name: "O'Brien" },
    },
  ],
  [
    "11: an explicit null and a boolean",
    '{"passTemplate":"T","pass":{"mobile":"None","vip":"False"},"recipient":{"klaviyoId":"K11","phone":"None"}}',
    { values: { vip: "false" }, recipient: { klaviyoId: "K11", phone: null } },
  ],
  [
    "12: tags that nobody rendered say nothing",
    '{"passTemplate":"T","pass":{"note":"{% if x %}"},"recipient":{"email":"{{ person.email }}","klaviyoId":"{{ person.KlaviyoID }}"}}',
    { values: {}, recipient: { email: null, klaviyoId: null } },
  ],
  [
    "13: the comma of a loop",
    '{"passTemplate":"T","pass":{"note":"a",},"recipient":{"klaviyoId":"K13",}}',
    { values: { note: "a" }, recipient: { klaviyoId: "K13" }, repaired: true },
  ],
  [
    "14: stray whitespace",
    '{"passTemplate":"T","pass":{"first-name":"  Sarah\\t"},"recipient":{"email":"  A14@Example.com ","klaviyoId":"K14 "}}',
    { values: { "first-name": "Sarah" }, recipient: { email: "a14@example.com", klaviyoId: "K14" } },
  ],
];

describe("bodies that Klaviyo renders", () => {
  test.each(ACCEPTED)("%s", async (_, body, { values, recipient, repaired = false }) => {
    const { status, answer } = await send(body);
    expect({ status, error: answer.error }).toEqual({ status: 200, error: undefined });
    expect(answer.pass).toEqual(values);
    const whole = await shop.app.links.load(answer.serialNumber);
    expect(whole.recipient).toMatchObject(recipient);
    expect(whole.pass.repaired).toBe(repaired);
  });

  test.each([
    [
      "9: a Python dictionary whose text holds an apostrophe",
      `{"passTemplate":"T","pass":{"note":"{'Name': "Women's Tee"}"},"recipient":{"klaviyoId":"K9"}}`,
      /not JSON at character/,
    ],
    [
      "13: a list where the field takes one value",
      '{"passTemplate":"T","pass":{"note":["a","b"]},"recipient":{"klaviyoId":"K13"}}',
      /pass\.note must be text, a number or true\/false, not a list/,
    ],
    [
      "15: a user's own names",
      '{"passTemplate":"T","pass":{},"recipient":{"id":"01G","full_name":"","phone_number":"+15005550006"}}',
      /recipient\.phone_number is not known/,
    ],
  ])("%s is refused", async (_, body, message) => {
    const { status, answer } = await send(body);
    expect(answer.error ?? "").toMatch(message);
    expect(status).toBe(400);
  });
});

/** Text as it arrives → what the field makes of it; null where there is no value. */
const VALUES: readonly [string, unknown, string | null][] = [
  ["total", "70.0", "70"],
  ["total", " 9.50 ", "9.5"],
  ["total", 70, "70"],
  ["total", 9.25, "9.25"],
  ["total", "-0.0", "0"],
  ["total", "None", null],
  ["total", null, null],
  ["vip", "True", "true"],
  ["vip", "False", "false"],
  ["vip", false, "false"],
  ["born", "2026-11-21", "2026-11-21"],
  ["born", "2026-11-21 18:30:00+00:00", "2026-11-21T18:30:00+00:00"],
  ["born", "2026-11-21T18:30:00.123456Z", "2026-11-21T18:30:00Z"],
  ["mobile", "+1 (500) 555-0006", "+15005550006"],
  ["shade", "#F80", "rgb(255, 136, 0)"],
  ["note", "", null],
  ["note", "   ", null],
  ["note", "null", null],
  ["note", "None", null],
  ["note", "none", "none"],
  ["note", "True", "True"],
  ["note", "{{ event.title }}", null],
  ["note", "{{ event.title", "{{ event.title"],
  ["note", "100 %}", "100 %}"],
  ["note", "&quot;Tea&quot; &lt;3", '"Tea" <3'],
  ["note", "&amp;amp;", "&amp;"],
  ["note", "&nbsp;", null],
  ["note", "R&D", "R&D"],
  ["note", "a\u0000b", "ab"],
  ["note", "\u0000", null],
  ["note", " \u0000 x", "x"],
  ["note", "half \ud83d a pair", "half \ufffd a pair"],
  ["note", "a whole 🎉", "a whole 🎉"],
  // Legacy entities without a semicolon: text that Klaviyo did not escape must not lose its parameters.
  ["link", "https://example.com/?a=1&section=2&copy=3&reg=4", "https://example.com/?a=1&section=2&copy=3&reg=4"],
  ["link", "https://example.com/?a=1&amp;b=2", "https://example.com/?a=1&b=2"],
];

describe("values", () => {
  test.each(VALUES)("%s: %j → %j", async (name, value, expected) => {
    const { status, answer } = await send(JSON.stringify({ passTemplate: "T", pass: { [name]: value } }));
    expect({ status, error: answer.error }).toEqual({ status: 200, error: undefined });
    expect(answer.pass[name] ?? null).toBe(expected);
  });

  test("a value with half a surrogate pair gives the same pass every time", async () => {
    const body = { passTemplate: template, pass: {}, recipient: { email: "pair@example.com", name: "A\ud83dB" } };
    const first = await shop.issue(body);
    const { recipient } = await shop.app.links.load(first.serialNumber);
    shop.clock.advance(5_000);
    await shop.issue(body);
    expect((await shop.app.links.load(first.serialNumber)).recipient).toEqual(recipient);
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readWebhookJson, unsafeRepair } from "./webhook-json.ts";

const KNOWN = new Set([
  ...["passTemplate", "passType", "pass", "recipient", "idempotencyKey"],
  ...["email", "name", "phone", "externalId", "klaviyoId"].map((name) => `recipient.${name}`),
  ...["member-name", "points", "level"].map((name) => `pass.${name}`),
]);

/** What a shop wrote into its flow; only the names come from customers. */
const FLOWS: readonly ((name: string, other: string) => string)[] = [
  (name, other) =>
    `{"passTemplate":"ptk_0x1","pass":{"member-name":"${name}","points":"70"},"recipient":{"klaviyoId":"K1","email":"real@example.com","name":"${other}"}}`,
  (name, other) =>
    `{"recipient":{"name":"${name}","email":"real@example.com","klaviyoId":"K1"},"pass":{"points":"70","member-name":"${other}"},"passTemplate":"ptk_0x1"}`,
  (name, other) =>
    `{\n  "pass": {\n    "points": "70",\n    "member-name": "${other}"\n  },\n  "recipient": {\n    "email": "real@example.com",\n    "name": "${name}",\n    "klaviyoId": "K1"\n  },\n  "passTemplate": "ptk_0x1"\n}\n`,
];

interface Believed {
  readonly passTemplate: string;
  readonly pass: { readonly points: string };
  readonly recipient: { readonly klaviyoId: string; readonly email: string };
}

/** The body as it would be acted on, or nothing where it is refused. */
function believe(raw: string): Believed | undefined {
  try {
    const { body, repaired } = readWebhookJson(raw);
    const identifiers = (value: unknown): string[] =>
      typeof value === "object" && value !== null ? Object.values(value).filter((one) => typeof one === "string") : [];
    const { name: _, ...recipient } = { name: "", ...(body["recipient"] as object) };
    const guard = { knownKeys: KNOWN, identifiers: [String(body["passTemplate"]), ...identifiers(recipient)] };
    return repaired && unsafeRepair(raw, body, guard).length > 0 ? undefined : (body as unknown as Believed);
  } catch (error) {
    if (error instanceof Error && error.name === "AppError") return undefined;
    throw error;
  }
}

const PUNCTUATION = [...`",:{}[]'/*#+()\`;.-“”‘’\\\n\r\t `, "//", "/*", "*/", "...", "```", "\\u0022", "\u00a0"];
const SYNTAX = ['","', '":"', '"},"', '"}}', '" + "', '"recipient":{', '"pass":{', "callback(", "NumberLong("];
const WORDS = ["a", "email", "null", "None", "undefined", "1"];
const FIELDS = [
  ...['"email":"victim@example.com"', "'email':'victim@example.com'", '"em"+"ail":"victim@example.com"'],
  ...['"\\u0065mail":"victim@example.com"', '"klaviyoId":"K2"', '"points":"99999"', '"poi"+"nts":"99999"'],
  ...['"level":"Gold"', '"level":"', '"name":"', '"phone":"', '"recip"+"ient":{', '"passTemplate":"ptk_0x2"', '"x":1'],
];

describe("a name cannot change what the shop said", () => {
  const name = fc
    .array(fc.constantFrom(...PUNCTUATION, ...SYNTAX, ...SYNTAX, ...WORDS, ...FIELDS), { minLength: 1, maxLength: 7 })
    .map((parts) => parts.join(""));

  test("whatever it is made of", () => {
    let believed = 0;
    fc.assert(
      fc.property(fc.constantFrom(...FLOWS), name, fc.option(name), (flow, one, other) => {
        const body = believe(flow(one, other ?? "Sarah"));
        if (!body) return;
        believed++;
        expect(body).toMatchObject({
          passTemplate: "ptk_0x1",
          pass: { points: "70" },
          recipient: { klaviyoId: "K1", email: "real@example.com" },
        });
      }),
      { numRuns: 10_000 },
    );
    // Else the property says nothing.
    expect(believed).toBeGreaterThan(500);
  });

  test.each([
    ["ends the body and comments out the rest", 'x"},"recipient":{"email":"victim@example.com"}}//'],
    ["the same with a block comment", 'x"},"recipient":{"email":"victim@example.com"}}/*'],
    ["ends the recipient and comments out the rest", 'x","email":"victim@example.com"},"pass":{}}//'],
    ["cuts off the recipient", 'x" /*'],
    ["repeats a key, in valid JSON", 'x","points":"99999'],
    ["repeats a key, in broken JSON", 'x","points":"99999"'],
    ["hides the rest behind a backslash", 'x"},"recipient":{"email":"victim@example.com","name":"z\\'],
    ["spells a key in two parts", 'x"},"recip"+"ient":{"em"+"ail":"victim@example.com","na"+"me":"z\\'],
    ["spells a key with an escape", 'x","\\u0065mail":"victim@example.com'],
    ["makes the repair run for ever", '\\\'\\,""},""'],
  ])("one that %s", (_, name) => {
    for (const flow of FLOWS) {
      const body = believe(flow(name, name));
      if (body) expect(body.recipient).toMatchObject({ klaviyoId: "K1", email: "real@example.com" });
      if (body) expect(body.pass.points).toBe("70");
    }
  });
});

test.each([
  ["quotes", '{"a":"Dwayne "The Rock" J."}', 'Dwayne "The Rock" J.'],
  ["a quote at the end", '{"a":"6 ft 2""}', '6 ft 2"'],
  ["a line break", '{"a":"one\r\ntwo"}', "one\r\ntwo"],
  ["a tab", '{"a":"one\ttwo"}', "one\ttwo"],
  ["a comma too many", '{"a":"x",}', "x"],
  ["Python's None", '{"a":None}', null],
  ["Python's True", '{"a":True}', true],
  ["a blank", '{"a":}', null],
])("%s can be mended", (_, raw, value) => {
  expect(readWebhookJson(raw)).toEqual({ body: { a: value }, repaired: true });
});

test.each([
  ["nothing", "", /not JSON/],
  ["no object", "[]", /must be a JSON object/],
  ["text", "hello", /not JSON|must be a JSON object/],
  ["a key twice, deep inside", '{"a":[{"b":{"c":1,"c":2}}]}', /the key "c" twice/],
  ["a key twice, spelt differently", '{"ab":1,"\\u0061b":2}', /the key "ab" twice/],
  ["65 levels", `${'{"a":'.repeat(65)}1${"}".repeat(65)}`, /nested too deeply/],
  ["65 levels of lists", `{"a":${"[".repeat(64)}${"]".repeat(64)}}`, /nested too deeply/],
  ["ten thousand levels", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, /nested too deeply/],
  ["sixty thousand brackets", "[".repeat(60_000), /not JSON/],
])("%s is refused", (_, raw, message) => {
  expect(() => readWebhookJson(raw)).toThrow(message);
});

test("64 levels are read", () => {
  expect(readWebhookJson(`${'{"a":'.repeat(64)}1${"}".repeat(64)}`).repaired).toBe(false);
});

test("the refusal shows the place of the fault", () => {
  expect(() => readWebhookJson('{"name":"Sarah","points":70 80}')).toThrow(/at character 29, near .*points.* 80/);
});

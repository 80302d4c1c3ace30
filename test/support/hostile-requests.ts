import fc from "fast-check";
import type { ParameterObject } from "../../src/api/openapi/openapi-object.ts";
import { bodiesOf } from "./documented-calls.ts";
import type { KnownOperation } from "./openapi.ts";

/** Requests that somebody might send who means no good, or whose program is broken. */

/** Stands for what is really there; `theirs` for the same of another account. */
export interface Ids {
  readonly own: Readonly<Record<string, string>>;
  readonly theirs: Readonly<Record<string, string>>;
}

export const BAD_CREDENTIALS = ["expired", "revoked", "theirs", "half", "none", "garbage"] as const;
export type Credentials = "good" | "bearer" | "reader" | "twice" | (typeof BAD_CREDENTIALS)[number];

export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly credentials: Credentials;
  readonly body: Uint8Array;
}

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

const TEXTS: readonly string[] = [
  ...["", " ", "\0", "a\0b", "\ud800", "x\udc00y", "\u202e", "\ufeff", "é", "💥", "\r\n", "'", '"', "\\", "<script>"],
  ...["'; DROP TABLE passes; --", "{{ person.email }}", "{% x %}", "&lt;b&gt;", "None", "null", "True", "*", "%"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "add", "../../etc/passwd", "file:///etc/passwd"],
  ...["-1", "0", "1e999", "-1e308", "NaN", "Infinity", "0x10", "9".repeat(400), "0.1".repeat(9), "١٢"],
  ...["2026-13-45", "2026-02-30T25:61:00Z", "+999999-01-01", "0000-00-00", "ptk_0x", "PTK_0X1", "ptk_0xg", "1.x"],
  ...[
    "a@b",
    "a@b.c@d",
    "+1",
    "+4915112345678",
    "https://127.0.0.1:1/",
    "javascript:alert(1)",
    "http://[::1",
    "rgb(1,2)",
  ],
  "x".repeat(9_000),
  "💥".repeat(300),
];

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, -1e-308, 2 ** 53 + 2, [], {}, [[]], [null], { a: {} }, { add: {} }],
  ...[
    { add: "1e999" },
    { add: "" },
    { add: 1, more: 1 },
    { toString: 1 },
    { length: -1 },
    JSON.parse('{"__proto__": 1}'),
  ],
  JSON.parse(deep("[", "]", 60)),
];

/** Bodies that no JSON library writes. */
const BODIES: readonly string[] = [
  ...[
    "",
    "{",
    "}",
    "null",
    "true",
    "[]",
    "0",
    '""',
    "{}",
    "{}{}",
    "\ufeff{}",
    "\0",
    "{'a': 1}",
    "{a: 1}",
    "// x",
    "NaN",
  ],
  ...['{"pass": {"a": 1, "a": 2}}', '{"pass": {"a": "x"y"}}', '{"pass": {}', '{"pass": "\\', "{\"pass\": '\\u'}"],
  ...['{"passTemplate": 1e999, "pass": {}}', `{"pass": ${"9".repeat(5_000)}}`, '{"pass": {"__proto__": {"a": 1}}}'],
  ...[
    deep("[", "]", 30_000),
    deep('{"a":', "}", 8_000),
    `{"a":${"[".repeat(30_000)}`,
    "[".repeat(60_000),
    '"'.repeat(5_000),
  ],
  ...[
    "\\,".repeat(5_000),
    "{,".repeat(5_000),
    " ".repeat(60_000),
    "x".repeat(65_537),
    'email,member-name\n"',
    "a,b\n1\n",
  ],
];

/** Parts of an address as they are sent. */
const RAW_PARTS: readonly string[] = [
  ...["%", "%zz", "%00", "%2", "%c0%ae", "%ed%a0%80", "%ff", "%2e%2e%2f%2e%2e", "..%2f", "%252e", "a%2fb", "%20", "+"],
  ...["null", ";", ",", "a;b=c", "~", "%F0%9F%92%A5", "%0d%0aX-A:%20b", "a".repeat(7_000)],
];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);
const value = fc.oneof(text, fc.constantFrom(...VALUES), fc.double(), fc.maxSafeInteger());

/** As a part of an address; what cannot be encoded is left out. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
const rawPart = fc.oneof(fc.constantFrom(...RAW_PARTS), text.filter((one) => one !== "").map(encoded));

const partOf = (parameter: ParameterObject, ids: Ids): fc.Arbitrary<string> => {
  const documented = String(parameter.example);
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(encoded(ids.own[documented] ?? documented)) },
    { weight: 1, arbitrary: fc.constant(encoded(ids.theirs[documented] ?? documented)) },
    { weight: 3, arbitrary: rawPart },
  );
};

function targetOf({ path, operation }: KnownOperation, ids: Ids): fc.Arbitrary<string> {
  const parameters = operation.parameters ?? [];
  const inPath = parameters.filter((parameter) => parameter.in === "path");
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  const parts = fc.tuple(...inPath.map((parameter) => partOf(parameter, ids)));
  const pair = (parameter: ParameterObject) =>
    fc.tuple(fc.constant(parameter.name), parameter.example === undefined ? rawPart : partOf(parameter, ids));
  const known = fc.tuple(
    ...inQuery.map((parameter) => fc.option(pair(parameter), { freq: parameter.required ? 9 : 1 })),
  );
  const more = fc.array(
    fc.tuple(fc.oneof(rawPart, fc.constantFrom(...inQuery.map(({ name }) => name), "x")), rawPart),
    {
      maxLength: 2,
    },
  );
  return fc
    .tuple(parts, known, fc.option(more, { freq: 1, nil: [] }), fc.boolean())
    .map(([parts, known, more, slash]) => {
      const address = inPath.reduce((all, { name }, i) => all.replace(`{${name}}`, () => parts[i] ?? ""), path);
      const query = [...known.filter((one) => one !== null), ...more].map((one) => one.join("=")).join("&");
      return `${address}${slash ? "/" : ""}${query === "" ? "" : `?${query}`}`;
    });
}

/** A good body in which something is otherwise. */
function mutated(body: unknown): fc.Arbitrary<string> {
  const places = placesOf(body);
  return fc
    .array(fc.tuple(fc.constantFrom(...places), fc.constantFrom("set", "remove", "add"), text, value), {
      minLength: 0,
      maxLength: 3,
    })
    .map((changes) => {
      const copy = structuredClone(body);
      for (const [place, how, key, value] of changes) change(copy, place, how, key, value);
      return JSON.stringify(copy);
    });
}

type Place = readonly (string | number)[];

function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))];
}

function change(body: unknown, place: Place, how: string, key: string, value: unknown): void {
  let parent = body as Record<string, unknown>;
  for (const step of place.slice(0, -1)) {
    const next = parent[step];
    if (typeof next !== "object" || next === null) return;
    parent = next as Record<string, unknown>;
  }
  const last = place.at(-1);
  if (last === undefined) Object.defineProperty(parent, key, { value, enumerable: true, configurable: true });
  else if (how === "remove") delete parent[last];
  else if (how === "set") parent[last] = value;
  else if (typeof parent[last] === "object" && parent[last] !== null) {
    Object.defineProperty(parent[last], key, { value, enumerable: true, configurable: true, writable: true });
  }
}

function bodyOf(operation: KnownOperation, { own }: Ids): fc.Arbitrary<Uint8Array> {
  if (operation.method === "GET") return fc.constant(new Uint8Array());
  const actual = (text: string) => Object.entries(own).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  const examples = bodiesOf(operation).map(({ value }) =>
    typeof value === "string" ? fc.constant(value) : mutated(JSON.parse(actual(JSON.stringify(value)))),
  );
  const texts = fc.oneof(
    ...examples.map((arbitrary) => ({ weight: 8, arbitrary })),
    { weight: 3, arbitrary: fc.constantFrom(...BODIES) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  );
  return fc.oneof(
    { weight: 9, arbitrary: texts.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  );
}

const MEDIA_TYPES = [
  ...["application/json", "application/json;charset=utf-16", "text/csv", "application/x-ndjson", "text/plain", "x"],
  ...["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json, text/csv", ";", "é"],
];
/** What may stand in a header: no control characters. */
const headerText = fc.oneof(
  fc.constantFrom("", "None", "{{ event }}", "x".repeat(5_000), "a,b", "\u00e9"),
  fc.string({ maxLength: 30 }),
);

const headers = fc
  .tuple(
    fc.option(
      fc.constantFrom(...MEDIA_TYPES).map((type) => ["Content-Type", type] as const),
      { freq: 4 },
    ),
    fc.option(headerText.map((key) => ["Idempotency-Key", key] as const)),
    fc.option(headerText.map((flow) => ["X-Klaviyo-Flow-Id", flow] as const)),
    fc.option(
      headerText.map((address) => ["X-Forwarded-For", address] as const),
      { freq: 1 },
    ),
    fc.option(
      fc.constantFrom("Accept", "Cookie", "Origin", "Range", "If-None-Match", "X-API-KEY", "Content-Encoding"),
      {
        freq: 1,
      },
    ),
  )
  .map(([type, key, flow, address, more]) =>
    [type, key, flow, address, more === null ? null : ([more, "x"] as const)].filter((header) => header !== null),
  );

const credentials = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Credentials>("good") },
  fc.constantFrom<Credentials>("bearer", "reader", "twice", ...BAD_CREDENTIALS),
);

/** Requests to an operation, most of them not far from good ones. */
export const hostileRequests = (operation: KnownOperation, ids: Ids): fc.Arbitrary<HostileRequest> =>
  fc.record({
    method: fc.constant(operation.method),
    target: targetOf(operation, ids),
    headers,
    credentials,
    body: bodyOf(operation, ids),
  });

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

const HOUR = 3_600_000;
const FIELDS = { points: { type: "number" }, level: { type: "text" } } as const;

let shop: TestApp;
const templates: Record<"reuse" | "new" | "other", string> = { reuse: "", new: "", other: "" };

beforeAll(async () => {
  shop = await startTestApp();
  templates.reuse = await shop.pushTemplate({ definition: cardWith(FIELDS) });
  templates.other = await shop.pushTemplate({ definition: cardWith(FIELDS) });
  templates.new = await shop.pushTemplate({ definition: cardWith(FIELDS, { repeat: "new" }) });
});
afterAll(() => shop[Symbol.asyncDispose]());

type Recipient = Readonly<Record<string, string>>;
const bodyFor = (template: string, recipient: Recipient, points: string, more: object = {}) => ({
  passTemplate: template,
  pass: { points },
  recipient,
  ...more,
});
/** What happened to a pass, as `kind version`. */
const historyOf = async ({ serialNumber }: PassObject) =>
  (await listPassEvents(shop.app.db.read, serialNumber)).map(({ kind, version }) => `${kind} ${version}`);
const serialsOf = (passes: readonly PassObject[]) => [...new Set(passes.map(({ serialNumber }) => serialNumber))];

let people = 0;
const somebody = (): Recipient => ({ email: `person-${++people}@example.com` });
let keys = 0;
const freshKey = () => `key-${++keys}`;

describe.each(["reuse", "new"] as const)("a template that says %s", (mode) => {
  const KEYS: readonly [string, () => { more?: object; headers?: Record<string, string> }][] = [
    ["without a key", () => ({})],
    ["with a key in a header", () => ({ headers: { "idempotency-key": freshKey() } })],
    ["with a key in the body", () => ({ more: { idempotencyKey: freshKey() } })],
    ["with a key in the body that came out blank", () => ({ more: { idempotencyKey: "" } })],
  ];

  test.each(KEYS)("fifty times the same webhook at once, %s: one pass, one event", async (_, options) => {
    const { more, headers } = options();
    const body = JSON.stringify(bodyFor(templates[mode], somebody(), "70.0", more));
    const passes = await Promise.all(Array.from({ length: 50 }, () => shop.issue(body, headers)));
    const [first] = passes;
    expect(new Set(passes.map((pass) => JSON.stringify(pass))).size).toBe(1);
    expect(first && (await historyOf(first))).toEqual(["created 1"]);
  });

  test("a key again with another body brings the same pass up to date", async () => {
    const [person, idempotencyKey] = [somebody(), freshKey()];
    const first = await shop.issue(bodyFor(templates[mode], person, "1", { idempotencyKey }));
    const second = await shop.issue(bodyFor(templates[mode], person, "2", { idempotencyKey }));
    expect(second.serialNumber).toBe(first.serialNumber);
    expect(second.pass["points"]).toBe("2");
    expect(await historyOf(first)).toEqual(["created 1", "updated 2"]);
  });

  test("the header's key counts where there are two", async () => {
    const [person, header] = [somebody(), { "idempotency-key": freshKey() }];
    const body = (key: string) => bodyFor(templates[mode], person, "1", { idempotencyKey: key });
    const passes = [await shop.issue(body(freshKey()), header), await shop.issue(body(freshKey()), header)];
    expect(serialsOf(passes)).toHaveLength(1);
  });

  test("one key for two people makes two passes", async () => {
    const more = { idempotencyKey: freshKey() };
    const [anne, ben] = [somebody(), somebody()];
    const first = await shop.issue(bodyFor(templates[mode], anne, "1", more));
    const second = await shop.issue(bodyFor(templates[mode], ben, "2", more));
    expect(second.serialNumber).not.toBe(first.serialNumber);
    expect((await shop.app.links.load(second.serialNumber)).recipient.email).toBe(ben["email"] ?? "");
    expect((await shop.app.links.load(first.serialNumber)).pass.values["points"]).toBe("1");
    expect(await historyOf(first)).toEqual(["created 1"]);
  });

  test("one key for two templates, as of one event in a flow with two webhooks, makes two passes", async () => {
    const [person, more] = [somebody(), { idempotencyKey: freshKey() }];
    const first = await shop.issue(bodyFor(templates[mode], person, "1", more));
    const second = await shop.issue(bodyFor(templates.other, person, "2", more));
    expect([first.passTemplate, second.passTemplate]).toEqual([templates[mode], templates.other]);
    expect(await historyOf(first)).toEqual(["created 1"]);
  });

  test("a key is remembered for a week", async () => {
    const body = bodyFor(templates[mode], somebody(), "1", { idempotencyKey: freshKey() });
    const first = await shop.issue(body);
    shop.clock.advance(7 * 24 * HOUR - 1);
    expect((await shop.issue(body)).serialNumber).toBe(first.serialNumber);
    shop.clock.advance(2);
    const isSame = (await shop.issue(body)).serialNumber === first.serialNumber;
    expect(isSame).toBe(mode === "reuse");
  });
});

describe("reuse", () => {
  const issue = (person: Recipient, pass: object, more: object = {}) =>
    shop.issue({ passTemplate: templates.reuse, pass, recipient: person, ...more });

  test("A, B, and A once more, late: B stays", async () => {
    const person = somebody();
    const [a, b] = [freshKey(), freshKey()];
    const first = await issue(person, { points: "1" }, { idempotencyKey: a });
    await issue(person, { points: "2" }, { idempotencyKey: b });
    const late = await issue(person, { points: "1" }, { idempotencyKey: a });
    expect(late.serialNumber).toBe(first.serialNumber);
    expect(late.pass["points"]).toBe("2");
    expect(await historyOf(first)).toEqual(["created 1", "updated 2"]);
  });

  test.each([[""], ["None"], ["{{ event.points }}"], [null]])(
    "a field that comes as %j keeps its value",
    async (blank) => {
      const person = somebody();
      const first = await issue(person, { points: "7", level: "Gold" });
      const second = await issue(person, { points: "8", level: blank });
      expect(second.pass).toEqual({ points: "8", level: "Gold" });
      const third = await issue(person, { points: "8" });
      expect(third.pass).toEqual({ points: "8", level: "Gold" });
      expect(await historyOf(first)).toEqual(["created 1", "updated 2"]);
    },
  );

  test("the same number written otherwise changes nothing", async () => {
    const person = somebody();
    const first = await issue(person, { points: "7" });
    for (const points of ["7.0", " 7 ", "07", 7]) await issue(person, { points });
    expect(await historyOf(first)).toEqual(["created 1"]);
  });

  test("another person and another template get passes of their own", async () => {
    const person = somebody();
    const passes = [await issue(person, {}), await issue(somebody(), {})];
    passes.push(await shop.issue(bodyFor(templates.other, person, "1")));
    expect(serialsOf(passes)).toHaveLength(3);
  });

  test("whoever cannot be told apart from others is somebody new each time", async () => {
    const passes = [await issue({ name: "Sarah" }, {}), await issue({ name: "Sarah" }, {}), await issue({}, {})];
    expect(serialsOf(passes)).toHaveLength(3);
  });

  test("fifty different webhooks of one person at once: one pass with every change", async () => {
    const person = somebody();
    const passes = await Promise.all(Array.from({ length: 50 }, (_, i) => issue(person, { points: String(i) })));
    expect(serialsOf(passes)).toHaveLength(1);
    const [first] = passes;
    const expected = ["created 1", ...Array.from({ length: 49 }, (_, i) => `updated ${i + 2}`)];
    expect(first && (await historyOf(first))).toEqual(expected);
  });

  test("one person under different identifiers at once: one pass", async () => {
    const n = ++people;
    const ids = {
      klaviyoId: `K${n}`,
      externalId: `X${n}`,
      email: `many-${n}@example.com`,
      phone: `+1500555${1000 + n}`,
    };
    const { klaviyoId, externalId, email, phone } = ids;
    const seen = [{ klaviyoId, email }, { email, phone }, { phone, externalId }, { externalId }, { klaviyoId }, ids];
    const posts = Array.from({ length: 30 }, (_, i) => issue(seen[i % seen.length] ?? {}, { points: "1" }));
    const passes = await Promise.all(posts);
    expect(serialsOf(passes)).toHaveLength(1);
    const { recipient } = await shop.app.links.load(passes[0]?.serialNumber ?? "");
    expect(recipient).toMatchObject(ids);
  });
});

describe("new", () => {
  test("other keys, other flows and other days are other passes", async () => {
    const person = somebody();
    const body = bodyFor(templates.new, person, "1");
    const passes = [await shop.issue(body), await shop.issue(body, { "x-klaviyo-flow-id": "F1" })];
    passes.push(await shop.issue({ ...body, idempotencyKey: freshKey() }));
    passes.push(await shop.issue({ ...body, idempotencyKey: freshKey() }));
    passes.push(await shop.issue(bodyFor(templates.new, person, "2")));
    expect(serialsOf(passes)).toHaveLength(5);
    shop.clock.advance(24 * HOUR - 1);
    expect((await shop.issue(body)).serialNumber).toBe(passes[0]?.serialNumber ?? "");
    shop.clock.advance(2);
    expect(serialsOf(passes)).not.toContain((await shop.issue(body)).serialNumber);
  });

  test("fifty keys at once are fifty passes of one recipient", async () => {
    const person = somebody();
    const posts = Array.from({ length: 50 }, () =>
      shop.issue(bodyFor(templates.new, person, "1", { idempotencyKey: freshKey() })),
    );
    const serials = serialsOf(await Promise.all(posts));
    expect(serials).toHaveLength(50);
    const recipients = await Promise.all(
      serials.map(async (serial) => (await shop.app.links.load(serial)).recipient.id),
    );
    expect(new Set(recipients).size).toBe(1);
  });
});

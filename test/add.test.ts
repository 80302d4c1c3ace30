import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { profileWith } from "./support/klaviyo/webhook-bodies.ts";
import { createWebhookSender } from "./support/klaviyo/webhook-sender.ts";
import { cardWith } from "./support/template.ts";

const FIELDS = {
  points: { type: "number" },
  stamps: { type: "number", default: 1.5 },
  level: { type: "text" },
  until: { type: "date" },
} as const;

let shop: TestApp;
const templates: Record<"reuse" | "new", string> = { reuse: "", new: "" };

beforeAll(async () => {
  shop = await startTestApp();
  templates.reuse = await shop.pushTemplate({ definition: cardWith(FIELDS) });
  templates.new = await shop.pushTemplate({ definition: cardWith(FIELDS, { repeat: "new" }) });
});
afterAll(() => shop[Symbol.asyncDispose]());

type Answer = PassObject & { error?: string; details?: { path: string; message: string }[] };

async function call(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await shop.request(`/v1/passes${path}`, {
    method,
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

let people = 0;
const somebody = () => ({ email: `add-${++people}@example.com` });
const issue = (recipient: object, pass: object = {}) => shop.issue({ passTemplate: templates.reuse, pass, recipient });
const historyOf = async ({ serialNumber }: PassObject) =>
  (await listPassEvents(shop.app.db.read, serialNumber)).map(({ kind, version }) => `${kind} ${version}`);
const pointsOf = async ({ serialNumber }: PassObject) =>
  (await shop.app.links.load(serialNumber)).pass.values["points"];

/** The ways in which a flow reaches a pass that is there. */
const WAYS: readonly [
  string,
  (pass: PassObject, recipient: object, values: object, more?: object) => ReturnType<typeof call>,
][] = [
  [
    "an update by serial number",
    ({ serialNumber }, _, pass, more) => call("PATCH", `/${templates.reuse}/${serialNumber}`, { pass, ...more }),
  ],
  [
    "an update by the person",
    (_, recipient, pass, more) => call("POST", `/${templates.reuse}/by-recipient`, { recipient, pass, ...more }),
  ],
  [
    "issuing once more",
    (_, recipient, pass, more) => call("POST", "", { passTemplate: templates.reuse, recipient, pass, ...more }),
  ],
];

describe.each(WAYS)("%s", (_, send) => {
  test.each<[unknown, string | undefined, string]>([
    [50, "10", "60"],
    ["50", "10", "60"],
    ["70.0", "10", "80"],
    [" 70.0 ", "10", "80"],
    [-3, "10", "7"],
    ["-10", "10", "0"],
    ["-10.5", "10", "-0.5"],
    ["+5", "10", "15"],
    [0.1, "0.2", "0.3"],
    ["0.1", "-0.3", "-0.2"],
    ["0.05", "19.95", "20"],
    [1, "99999999999999", "100000000000000"],
    ["0.0000000000001", "1", "1.0000000000001"],
    [25, undefined, "25"],
    ["0.0", undefined, "0"],
  ])("adds %j to %j: %s", async (add, present, sum) => {
    const recipient = somebody();
    const pass = await issue(recipient, present === undefined ? {} : { points: present });
    const { status, body } = await send(pass, recipient, { points: { add } });
    expect([status, body.error, body.pass["points"]]).toEqual([200, undefined, sum]);
    expect(body.serialNumber).toBe(pass.serialNumber);
    expect(await pointsOf(pass)).toBe(sum);
  });

  test("adds to the field's default where the pass has no value", async () => {
    const recipient = somebody();
    const { body } = await send(await issue(recipient), recipient, { stamps: { add: "1" } });
    expect(body.pass["stamps"]).toBe("2.5");
  });

  test.each<[string, string, unknown, RegExp]>([
    ["points", "no number", { add: "many" }, /"add" must be a number such as .* not "many"/],
    ["points", "a blank", { add: "" }, /has nothing to add: the number came blank/],
    ["points", "None", { add: "None" }, /has nothing to add: the number came blank/],
    ["points", "null", { add: null }, /has nothing to add: the number came blank/],
    [
      "points",
      "a tag that nobody rendered",
      { add: "{{ event.Points }}" },
      /nothing to add: .*not rendered: \{\{ event.Points/,
    ],
    ["points", "true", { add: true }, /"add" must be a number/],
    ["points", "a list", { add: [1] }, /"add" must be text, a number/],
    ["points", "an addition in itself", { add: { add: 1 } }, /"add" must be text, a number/],
    ["points", "another word", { subtract: 1 }, /must be text, a number or true\/false, not a list or an object/],
    ["points", "a further key", { add: 1, to: 2 }, /must be text, a number or true\/false/],
    ["points", "nothing", {}, /must be text, a number or true\/false/],
    ["points", "more digits than a number has", { add: "1000000000000000" }, /"add" must be a number .*15 digits/],
    ["points", "an exponent", { add: "1e300" }, /"add" must be a number/],
    [
      "points",
      "so much that the sum is too long",
      { add: "999999999999999" },
      /would become 1000000000000009; .*15 digits/,
    ],
    ["points", "so little that the sum is too long", { add: "0.00000000000001" }, /would become 10\.00000000000001/],
    ["level", "to a text", { add: 1 }, /is of type text; only to a number can something be added/],
    ["until", "to a date", { add: 1 }, /is of type date; only to a number/],
    ["zodiac", "to no field", { add: 1 }, /is not a field of this template/],
  ])("%s: %s is refused, and nothing is changed", async (field, _what, value, message) => {
    const recipient = somebody();
    const pass = await issue(recipient, { points: 10 });
    const { status, body } = await send(pass, recipient, { [field]: value }, { idempotencyKey: "refused" });
    expect(body.details?.map(({ path }) => path)).toEqual([`pass.${field}`]);
    expect(body.details?.[0]?.message ?? "").toMatch(message);
    expect(status).toBe(400);
    expect(await historyOf(pass)).toEqual(["created 1"]);
    // A call that was refused has not used up its key.
    await send(pass, recipient, { points: { add: 1 } }, { idempotencyKey: "refused" });
    expect(await pointsOf(pass)).toBe("11");
  });

  test("fifty times the same key at once counts once, with one answer", async () => {
    const recipient = somebody();
    const pass = await issue(recipient, { points: 10 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send(pass, recipient, { points: { add: 50 } }, { idempotencyKey: "order 1" })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { pass: { points: "60" } } });
    expect(await historyOf(pass)).toEqual(["created 1", "updated 2"]);
  });

  test("without a key each delivery counts, and none is lost by others at the same time", async () => {
    const recipient = somebody();
    const pass = await issue(recipient, { points: 10 });
    await Promise.all(Array.from({ length: 50 }, () => send(pass, recipient, { points: { add: "0.1" } })));
    expect(await pointsOf(pass)).toBe("15");
  });

  test("under a key that came before, what another body sets is the latest word, but nothing is added again", async () => {
    const recipient = somebody();
    const pass = await issue(recipient, { points: 10 });
    const key = { idempotencyKey: "order 2" };
    await send(pass, recipient, { points: { add: 50 }, level: "Gold" }, key);
    const { status, body } = await send(pass, recipient, { points: { add: 70 }, level: "Silver" }, key);
    expect([status, body.pass]).toEqual([200, { points: "60", level: "Silver", stamps: "1.5" }]);
    await send(pass, recipient, { points: { add: 50 }, level: "Gold" }, key);
    expect(await pointsOf(pass)).toBe("60");
  });

  test("a key is remembered for a week", async () => {
    const recipient = somebody();
    const pass = await issue(recipient, { points: 0 });
    const add = () => send(pass, recipient, { points: { add: 1 } }, { idempotencyKey: "weekly" });
    await add();
    shop.clock.advance(7 * 24 * 3_600_000 - 1);
    await add();
    expect(await pointsOf(pass)).toBe("1");
    shop.clock.advance(2);
    await add();
    expect(await pointsOf(pass)).toBe("2");
  });

  test("one key for everybody counts once for each", async () => {
    const everybody = [somebody(), somebody()];
    const passes = await Promise.all(everybody.map((recipient) => issue(recipient, { points: 0 })));
    for (let round = 0; round < 3; round++) {
      for (const [i, pass] of passes.entries()) {
        await send(pass, everybody[i] ?? {}, { points: { add: 5 } }, { idempotencyKey: `bonus for ${_}` });
      }
    }
    expect(await Promise.all(passes.map(pointsOf))).toEqual(["5", "5"]);
  });
});

test("the first pass begins with the field's default, or with nothing", async () => {
  const recipient = somebody();
  const body = {
    passTemplate: templates.reuse,
    recipient,
    pass: { points: { add: "20.0" }, stamps: { add: 1 } },
    idempotencyKey: "first",
  };
  const pass = await shop.issue(body);
  expect(pass.pass).toMatchObject({ points: "20", stamps: "2.5" });
  // The key that issued the pass has added to it.
  expect((await shop.issue({ ...body, pass: { points: { add: 30 } } })).pass["points"]).toBe("20");
});

test("a template that makes a new pass each time begins anew each time", async () => {
  const recipient = somebody();
  const first = await shop.issue({ passTemplate: templates.new, recipient, pass: { points: { add: 5 } } });
  const second = await shop.issue({ passTemplate: templates.new, recipient, pass: { points: { add: 6 } } });
  expect([first.pass["points"], second.pass["points"]]).toEqual(["5", "6"]);
  expect(second.serialNumber).not.toBe(first.serialNumber);
});

test("PUT adds to what the pass has, and clears the rest", async () => {
  const pass = await issue(somebody(), { points: 10, level: "Gold" });
  const path = `/${templates.reuse}/${pass.serialNumber}`;
  const { body } = await call("PUT", path, { pass: { points: { add: 5 } } });
  expect(body.pass).toEqual({ points: "15", stamps: "1.5" });
});

test("one event that leads to two calls of a flow: what the second adds counts, too", async () => {
  const recipient = somebody();
  const pass = await issue(recipient, { points: 10 });
  const path = `/${templates.reuse}/by-recipient`;
  const headers = { "idempotency-key": "event 1" };
  await call("POST", path, { recipient, pass: { level: "Gold" } }, headers);
  await call("POST", path, { recipient, pass: { points: { add: 5 } } }, headers);
  await call("POST", `/${templates.reuse}/${pass.serialNumber}`, { pass: { points: { add: 5 } } }, headers);
  expect(await pointsOf(pass)).toBe("15");
});

test("a flow whose answers are lost on the way: every purchase counts once, however often Klaviyo sends it", async () => {
  const { email } = somebody();
  const pass = await issue({ email, klaviyoId: "01GDDKASAP8TKDDA2GRZDSVP4H" });
  let lost = 5;
  const flow = createWebhookSender({
    clock: shop.clock,
    url: `/v1/passes/${templates.reuse}/by-recipient`,
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
    template: `{"recipient":{"klaviyoId":"{{ person.KlaviyoID }}"},"pass":{"points":{"add":"{{ event.Points }}"}},"idempotencyKey":"{{ event|lookup:'$event_id' }}"}`,
    async target(url, init) {
      const answer = await shop.request(url, init);
      return lost-- > 0 ? new Response(null, { status: 502 }) : answer;
    },
  });
  const profile = profileWith({ email });
  const purchase = (id: string, Points: number) =>
    flow.enter({ profile, event: { event_properties: { $event_id: id, Points } } });
  await purchase("order-1", 70);
  await purchase("order-2", 0.5);
  await purchase("order-3", 70);
  await flow.settle();
  expect(flow.deliveries.map(({ outcome }) => outcome)).toEqual(Array(3).fill({ type: "sent", status: 200 }));
  expect(flow.deliveries.flatMap(({ attempts }) => attempts)).toHaveLength(8);
  expect(await pointsOf(pass)).toBe("140.5");
});

test("a key that was not rendered is none", async () => {
  const pass = await issue(somebody(), { points: 10 });
  const path = `/${templates.reuse}/${pass.serialNumber}`;
  for (const key of ["{{ event|lookup:'$event_id' }}", "None", " "]) {
    await call("POST", path, { pass: { points: { add: 1 } } }, { "idempotency-key": key });
    await call("POST", path, { pass: { points: { add: 1 } }, idempotencyKey: key });
  }
  expect(await pointsOf(pass)).toBe("16");
});

test("a broken body with an addition is mended under the same guard", async () => {
  const recipient = somebody();
  const pass = await issue(recipient, { points: 10 });
  const path = `/${templates.reuse}/${pass.serialNumber}`;
  const body = (points: string) => `{"pass":{"level":"Dwayne "The Rock"","points":${points}}}`;
  expect((await call("POST", path, body('{"add":"5"}'))).body.pass).toMatchObject({ points: "15" });
  expect((await call("POST", path, body('{"add":}'))).status).toBe(400);
  expect((await call("POST", path, body('{"add":5,"of":"x"}'))).status).toBe(400);
  expect(await pointsOf(pass)).toBe("15");
});

describe("any sequence of calls comes to the exact decimal sum", () => {
  /** Hundredths, so that the expected sum can be kept in whole numbers. */
  const hundredths = fc.integer({ min: -1_000_000, max: 1_000_000 });
  const asText = (n: number) =>
    `${n < 0 ? "-" : ""}${Math.trunc(Math.abs(n) / 100)}.${String(Math.abs(n) % 100).padStart(2, "0")}`;
  const canonical = (n: number) =>
    asText(n)
      .replace(/\.?0+$/, "")
      .replace(/^-?$/, "0");
  const step = fc.record({
    add: fc.boolean(),
    amount: hundredths,
    key: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
    way: fc.nat(WAYS.length - 1),
    asNumber: fc.boolean(),
  });

  test("with values, additions and repeated keys in between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        const recipient = somebody();
        const pass = await issue(recipient, { points: 0 });
        let sum = 0;
        const added = new Set<string>();
        const lastUnder = new Map<string, string>();
        for (const { add, amount, key, way, asNumber } of steps) {
          const value = asNumber ? amount / 100 : asText(amount);
          const points = add ? { add: value } : value;
          const idempotencyKey = key && `${key}${way}`;
          const { status, body } = (await WAYS[way]?.[1](pass, recipient, { points }, { idempotencyKey })) ?? {};
          const text = JSON.stringify(points);
          const isRepeat = idempotencyKey !== undefined && lastUnder.get(idempotencyKey) === text;
          if (!isRepeat && !add) sum = amount;
          if (!isRepeat && add && !(idempotencyKey && added.has(idempotencyKey))) sum += amount;
          if (idempotencyKey) lastUnder.set(idempotencyKey, text);
          if (idempotencyKey && add) added.add(idempotencyKey);
          expect([status, body?.pass["points"]]).toEqual([200, canonical(sum)]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

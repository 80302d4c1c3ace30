import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let template: string;
const DEFINITION = cardWith({ points: { type: "number" } });

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({ definition: DEFINITION });
});
afterAll(() => shop[Symbol.asyncDispose]());

type Recipient = Readonly<Record<string, string>>;
const issue = (recipient: Recipient, headers?: Record<string, string>, passTemplate = template): Promise<PassObject> =>
  shop.issue({ passTemplate, pass: {}, recipient }, headers);
const recipientOf = async ({ serialNumber }: PassObject) => (await shop.app.links.load(serialNumber)).recipient;

/** Makes the identifiers of one row of a table unlike those of any other. */
let rows = 0;
const unlike = (row: number, recipient: Recipient): Recipient =>
  Object.fromEntries(
    Object.entries(recipient).map(([kind, value]) => [
      kind,
      kind === "phone" ? value.replace("N", String(1000 + row)) : value.replace("N", String(row)),
    ]),
  );

const KLAVIYO = "klaviyoN";
const ANNE = "anneN@example.com";
const BEN = "benN@example.com";
const PHONE = "+1500555N";

/** Who each call is taken for: the same number is the same person. */
const CALLS: readonly [string, readonly [Recipient, number][]][] = [
  [
    "the same address in other letters",
    [
      [{ email: ANNE }, 0],
      [{ email: " AnneN@Example.COM " }, 0],
    ],
  ],
  [
    "the same number, written otherwise",
    [
      [{ phone: PHONE }, 0],
      [{ phone: "+1 (500) 555-N" }, 0],
    ],
  ],
  [
    "a profile with a new address, and then the address alone",
    [
      [{ klaviyoId: KLAVIYO, email: ANNE }, 0],
      [{ klaviyoId: KLAVIYO, email: BEN }, 0],
      [{ email: BEN }, 0],
      [{ email: ANNE }, 0],
    ],
  ],
  [
    "the profile id is stronger than an address that means somebody else, who keeps it",
    [
      [{ klaviyoId: KLAVIYO, email: ANNE }, 0],
      [{ email: BEN }, 1],
      [{ klaviyoId: KLAVIYO, email: BEN }, 0],
      [{ email: BEN }, 1],
    ],
  ],
  [
    "the profile id is stronger than an external id",
    [
      [{ klaviyoId: KLAVIYO }, 0],
      [{ externalId: "customerN" }, 1],
      [{ klaviyoId: KLAVIYO, externalId: "customerN" }, 0],
      [{ externalId: "customerN" }, 1],
    ],
  ],
  [
    "an external id is stronger than an address, and an address than a number",
    [
      [{ externalId: "customerN" }, 0],
      [{ email: ANNE }, 1],
      [{ phone: PHONE }, 2],
      [{ externalId: "customerN", email: ANNE, phone: PHONE }, 0],
      [{ email: ANNE, phone: PHONE }, 1],
      [{ phone: PHONE }, 2],
    ],
  ],
  [
    "a chain of identifiers, each seen with the next",
    [
      [{ klaviyoId: KLAVIYO, email: ANNE }, 0],
      [{ email: ANNE, phone: PHONE }, 0],
      [{ phone: PHONE, externalId: "customerN" }, 0],
      [{ externalId: "customerN" }, 0],
      [{ phone: PHONE }, 0],
    ],
  ],
  [
    "what is no number and no address does not identify anybody",
    [
      [{ phone: "call me N", name: "A" }, 0],
      [{ phone: "call me N", name: "A" }, 1],
      [{ email: "noneN", name: "A" }, 2],
      [{ email: "noneN", name: "A" }, 3],
    ],
  ],
  [
    "a name does not either",
    [
      [{ name: "Sarah", email: ANNE }, 0],
      [{ name: "Sarah", email: BEN }, 1],
    ],
  ],
];

test.each(CALLS)("%s", async (_, calls) => {
  const row = ++rows;
  const people: (string | undefined)[] = [];
  const taken: number[] = [];
  for (const [recipient] of calls) {
    const { id } = await recipientOf(await issue(unlike(row, recipient)));
    if (!people.includes(id)) people.push(id);
    taken.push(people.indexOf(id));
  }
  expect(taken).toEqual(calls.map(([, person]) => person));
});

test("the latest word counts, and what is blank today is kept", async () => {
  const id = { klaviyoId: "latest" };
  const first = await issue({ ...id, name: "Sarah", email: "old@example.com", phone: "+15005550006" });
  await issue({ ...id, name: "Sarah Miller", email: "new@example.com", phone: "" });
  expect(await recipientOf(first)).toMatchObject({
    name: "Sarah Miller",
    email: "new@example.com",
    phone: "+15005550006",
  });
  await issue({ ...id, phone: "mistyped" });
  const { pass } = await shop.app.links.load(first.serialNumber);
  expect(pass.recipientId).toBe((await recipientOf(first)).id);
});

test("a mistyped number or address is left out and noted; the pass is issued", async () => {
  const pass = await issue({ email: "sarah(at)example.com", phone: "0151 1234", name: "Sarah" });
  const whole = await shop.app.links.load(pass.serialNumber);
  expect(whole.recipient).toMatchObject({ email: null, phone: null, name: "Sarah" });
  expect(whole.pass.notes).toEqual([
    expect.stringContaining('"sarah(at)example.com" is not one'),
    expect.stringContaining('"0151 1234" is not one with a country code'),
  ]);
});

describe("an external id that is a serial of ours", () => {
  test("means that pass's recipient, and is not taken for the shop's own id", async () => {
    const first = await issue({ email: "serial@example.com" });
    const second = await issue({ externalId: first.serialNumber });
    expect(second.serialNumber).toBe(first.serialNumber);
    expect(await recipientOf(first)).toMatchObject({ email: "serial@example.com", externalId: null });
  });

  test("beats an address, but not a profile id", async () => {
    const first = await issue({ klaviyoId: "serial-2", email: "serial-2@example.com" });
    const other = await issue({ email: "serial-3@example.com" });
    const byExternalId = await issue({ externalId: first.serialNumber, email: "serial-3@example.com" });
    expect(byExternalId.serialNumber).toBe(first.serialNumber);
    const byProfile = await issue({ klaviyoId: "serial-2", externalId: other.serialNumber });
    expect(byProfile.serialNumber).toBe(first.serialNumber);
  });

  test("that nobody was given is the shop's own id", async () => {
    const invented = "0123456789abcdefghjkmnpqrs";
    expect(await recipientOf(await issue({ externalId: invented }))).toMatchObject({ externalId: invented });
  });
});

describe("two accounts", () => {
  let other: Record<string, string>;
  let otherTemplate: string;

  beforeAll(async () => {
    const { id } = await shop.app.accounts.create("Another shop");
    const { apiKey } = await shop.app.accounts.createKey(id, "test");
    other = { "x-api-key": apiKey, "x-account-id": id };
    ({ id: otherTemplate } = await shop.app.templates.push(id, { definition: DEFINITION, images: await icon() }));
  });
  const icon = async () => (await shop.app.templates.current(shop.accountId, template)).images;

  test.each<[string, Recipient]>([
    ["a profile id", { klaviyoId: "shared" }],
    ["an external id", { externalId: "shared" }],
    ["an address", { email: "shared@example.com" }],
    ["a number", { phone: "+15005559999" }],
  ])("with %s in common never mix", async (_, recipient) => {
    const here = await issue(recipient);
    const there = await issue(recipient, other, otherTemplate);
    expect((await recipientOf(there)).id).not.toBe((await recipientOf(here)).id);
    expect(there.serialNumber).not.toBe(here.serialNumber);
    expect((await issue(recipient)).serialNumber).toBe(here.serialNumber);
  });

  test("a serial of the one is just an id to the other", async () => {
    const here = await issue({ email: "across@example.com" });
    const there = await issue({ externalId: here.serialNumber }, other, otherTemplate);
    expect(await recipientOf(there)).toMatchObject({ externalId: here.serialNumber, email: null });
  });

  test("the same key in both means two deliveries", async () => {
    const key = { "idempotency-key": "shared" };
    const here = await issue({ email: "keyed@example.com" }, key);
    const there = await issue({ email: "keyed@example.com" }, { ...other, ...key }, otherTemplate);
    expect(there.serialNumber).not.toBe(here.serialNumber);
  });
});

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
      "member-name": { type: "text" },
      "points-balance": { type: "number" },
      "member-level": { type: "text" },
    }),
  });
});
afterAll(() => shop[Symbol.asyncDispose]());

const VICTIM = "victim@example.com";

/** A flow's body with a customer's name in it, raw as Klaviyo puts it there. */
const body = (name: string, email = "sarah@example.com") =>
  `{"passTemplate":"${template}","pass":{"member-name":"${name}","points-balance":"70.0"},` +
  `"recipient":{"email":"${email}","externalId":"","klaviyoId":""}}`;

const newestRejected = async () => (await shop.app.rejected.list(shop.accountId, { limit: 1 })).items[0];
const passesOf = async (email: string) =>
  (await shop.app.data.search.page({ accountId: shop.accountId, identifiers: { email } }, { limit: 100 })).items;

describe("a broken body is mended", () => {
  test.each([
    ["a quote in a name", 'Dwayne "The Rock" Johnson', 'Dwayne "The Rock" Johnson'],
    ["a quote at its end", 'Sarah "S"', 'Sarah "S"'],
    ["a line break", "Sarah\nMiller", "Sarah\nMiller"],
    ["a Windows line break", "Sarah\r\nMiller", "Sarah\r\nMiller"],
    ["a tab", "Sarah\tMiller", "Sarah\tMiller"],
    ["an entity and a quote", 'O&#x27;Brien "OB"', 'O\'Brien "OB"'],
  ])("%s", async (what, name, shown) => {
    const email = `${what.replaceAll(/\W/g, "-").toLowerCase()}@example.com`;
    const response = await shop.post(body(name, email));
    expect(response.status).toBe(200);
    const pass = (await response.json()) as PassObject;
    expect(pass.pass).toEqual({ "member-name": shown, "points-balance": "70" });
    const whole = await shop.app.links.load(pass.serialNumber);
    expect(whole.recipient.email).toBe(email);
    expect(whole.pass.repaired).toBe(true);
  });

  test("a comma too many, and a value without quotes", async () => {
    const pass = await shop.issue(
      `{"passTemplate":"${template}","pass":{"member-name":"A","points-balance":,},"recipient":{"email":"comma@example.com",}}`,
    );
    expect(pass.pass).toEqual({ "member-name": "A" });
  });

  test("the same as a whole body: a repeat of it is the same pass, whichever of them was broken", async () => {
    const broken = await shop.issue(body('Jo "J" Doe', "jo@example.com"));
    const whole = await shop.issue(body('Jo \\"J\\" Doe', "jo@example.com"));
    expect(whole.serialNumber).toBe(broken.serialNumber);
  });
});

describe("refused, and kept as it was sent:", () => {
  test.each([
    ["a name that adds an unknown key", 'A "B","colour":"red', /pass\.colour.*cannot be trusted/],
    [
      "a name that adds a known key, where the shop sends it too",
      'A","points-balance":"99999',
      /"points-balance" twice/,
    ],
    ["the same in a body that is broken besides", 'A "B","points-balance":"99999', /"points-balance" twice/],
    ["a name that adds a recipient", `A"},"recipient":{"email":"${VICTIM}"}, "x":{"y":"`, /"recipient" twice/],
    ["a name that comments out the recipient", `A"},"recipient":{"email":"${VICTIM}"}}//`, /lose a part of it/],
    ["a name that cuts off the recipient", 'A" /*', /lose a part of it/],
    ["a name with a backslash at its end", "A\\", /backslash/],
    ["two values for one field", 'A", "B', /cannot be mended/],
  ])("%s", async (_, name, message) => {
    const raw = body(name);
    const response = await shop.post(raw);
    const answer = (await response.json()) as { error: string };
    expect(`${answer.error} ${JSON.stringify(answer)}`).toMatch(message);
    expect(response.status).toBe(400);
    expect(await newestRejected()).toMatchObject({ status: 400, body: raw });
    expect(await passesOf(VICTIM)).toEqual([]);
  });

  test.each([
    ["single quotes around the email", "'email':'sarah@example.com'"],
    ["an email without quotes", '"email":sarah@example.com'],
    ["an email in two pieces", '"email":"sarah@" + "example.com"'],
    ["an email with a quote in it", '"email":"sarah"@example.com"'],
    ["an id without quotes", '"klaviyoId":01GDDKASAP8TKDDA2GRZDSVP4H'],
  ])("%s: who is meant would be a guess", async (_, recipient) => {
    const raw = `{"passTemplate":"${template}","pass":{"member-name":"A"},"recipient":{${recipient}},}`;
    const response = await shop.post(raw);
    const answer = (await response.json()) as { error: string; details: { message: string }[] };
    expect(response.status).toBe(400);
    expect(JSON.stringify(answer.details)).toMatch(/does not stand in the body as it was sent/);
    expect(await newestRejected()).toMatchObject({ body: raw });
  });

  test("a key that nobody knows, which a whole body may have", async () => {
    const body = (end: string) => `{"passTemplate":"${template}","pass":{},"flow":"Welcome"${end}`;
    expect((await shop.post(body("}"))).status).toBe(200);
    const response = await shop.post(body(",}"));
    const { details } = (await response.json()) as { details: { path: string }[] };
    expect([response.status, details.map(({ path }) => path)]).toEqual([400, ["flow"]]);
  });

  test("a template id that stands there otherwise", async () => {
    const response = await shop.post(`{"passTemplate":'${template}',"pass":{}}`);
    expect(response.status).toBe(400);
  });
});

/**
 * What no reader can tell: a name that adds a key which the flow leaves out makes a whole and well-formed body. Shops
 * are told to send every key, blank where there is nothing, for then the key stands there twice.
 */
test("a flow that sends every key of the recipient cannot be given another one by a name", async () => {
  const raw = (name: string) =>
    `{"passTemplate":"${template}","pass":{},"recipient":{"name":"${name}","email":"sarah@example.com","phone":"","externalId":"","klaviyoId":""}}`;
  for (const key of ["email", "phone", "externalId", "klaviyoId", "name"]) {
    const response = await shop.post(raw(`A","${key}":"other`));
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(`the key "${key}" twice`);
  }
});

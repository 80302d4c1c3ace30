import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

const FIELDS = { points: { type: "number", default: 0 }, level: { type: "text" } } as const;

let shop: TestApp;
let card: string;
let ticket: string;

beforeAll(async () => {
  shop = await startTestApp();
  card = await shop.pushTemplate({ definition: cardWith(FIELDS) });
  ticket = await shop.pushTemplate({ definition: cardWith(FIELDS, { repeat: "new" }) });
});
afterAll(() => shop[Symbol.asyncDispose]());

type Answer = PassObject & { error?: string; code?: string; details?: { path: string; message: string }[] };

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await shop.request(`/v1/passes/${path}`, {
    method,
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId, ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}
const post = (path: string, body?: unknown, headers?: Record<string, string>) => call("POST", path, body, headers);

let people = 0;
const somebody = () => `by-recipient-${++people}@example.com`;
const issue = (recipient: object, passTemplate = card, pass: object = {}) =>
  shop.issue({ passTemplate, pass, recipient });
const historyOf = async ({ serialNumber }: PassObject) =>
  (await listPassEvents(shop.app.db.read, serialNumber)).map(({ kind, version }) => `${kind} ${version}`);
const recipientOf = async ({ serialNumber }: PassObject) => (await shop.app.links.load(serialNumber)).recipient;
const newestRejected = async () => (await shop.app.rejected.list(shop.accountId, { limit: 1 })).items[0];

describe("POST …/by-recipient", () => {
  test("merges values into the person's pass, as the address or any other identifier names them", async () => {
    const n = ++people;
    const ids = {
      klaviyoId: `K${n}`,
      externalId: `X${n}`,
      email: `many-${n}@example.com`,
      phone: `+1500555${2000 + n}`,
    };
    const pass = await issue(ids, card, { level: "Gold" });
    let points = 0;
    for (const [kind, value] of Object.entries(ids)) {
      points++;
      const answer = await post(`${card}/by-recipient`, { recipient: { [kind]: ` ${value} ` }, pass: { points } });
      expect([kind, answer.status]).toEqual([kind, 200]);
      expect(answer.body.serialNumber).toBe(pass.serialNumber);
      expect(answer.body.pass).toEqual({ points: String(points), level: "Gold" });
    }
  });

  test("the strongest identifier decides, and the new ones are the person's from then on", async () => {
    const [email, other] = [somebody(), somebody()];
    const pass = await issue({ klaviyoId: `K-${email}` });
    const others = await issue({ email: other });
    const recipient = { klaviyoId: `K-${email}`, email: other, phone: "+15005552999", name: "Sarah" };
    const { body } = await post(`${card}/by-recipient`, { recipient, pass: { points: 1 } });
    expect(body.serialNumber).toBe(pass.serialNumber);
    expect(await recipientOf(pass)).toMatchObject({ name: "Sarah", phone: "+15005552999" });
    const byPhone = await post(`${card}/by-recipient`, { recipient: { phone: "+15005552999" }, pass: { points: 2 } });
    expect(byPhone.body.serialNumber).toBe(pass.serialNumber);
    // An address that means somebody else stays theirs.
    const byEmail = await post(`${card}/by-recipient`, { recipient: { email: other }, pass: { points: 3 } });
    expect(byEmail.body.serialNumber).toBe(others.serialNumber);
  });

  test("an external id that is a serial of ours means that pass's recipient", async () => {
    const pass = await issue({ email: somebody() });
    const second = await issue(await recipientOf(pass).then(({ email }) => ({ email })), ticket);
    const recipient = { externalId: second.serialNumber };
    expect((await post(`${card}/by-recipient`, { recipient, pass: { points: 5 } })).body.serialNumber).toBe(
      pass.serialNumber,
    );
    expect(await recipientOf(pass)).toMatchObject({ externalId: null });
  });

  test("of several passes the newest live one is meant", async () => {
    const email = somebody();
    const passes: PassObject[] = [];
    for (let i = 0; i < 3; i++) {
      shop.clock.advance(1_000);
      passes.push(await issue({ email }, ticket, { level: String(i) }));
    }
    const [first, second, third] = passes;
    const recipient = { email };
    expect((await post(`${ticket}/by-recipient`, { recipient, pass: { points: 1 } })).body.serialNumber).toBe(
      third?.serialNumber ?? "",
    );
    await call("DELETE", `${ticket}/${third?.serialNumber}`);
    expect((await post(`${ticket}/by-recipient`, { recipient, pass: { points: 1 } })).body.serialNumber).toBe(
      second?.serialNumber ?? "",
    );
    expect(first && (await historyOf(first))).toEqual(["created 1"]);
  });

  test("the template may be written in any case, the path with a slash at its end", async () => {
    const email = somebody();
    const pass = await issue({ email });
    const loud = `PTK_0x00${card.slice(6).toUpperCase()}`;
    for (const path of [`${loud}/by-recipient`, `${card}/by-recipient/`, `${loud}/by-recipient/void/`]) {
      const { status, body } = await post(path, { recipient: { email }, pass: {} });
      expect([path, status, body.serialNumber]).toEqual([path, 200, pass.serialNumber]);
    }
  });

  test("a person without a live pass of the template: 404, kept for a replay, and nobody is made", async () => {
    const email = somebody();
    const pass = await issue({ email }, ticket);
    const deleted = await issue({ email: somebody() });
    await call("DELETE", `${card}/${deleted.serialNumber}`);
    const count = async () => (await shop.app.db.read.query.recipients.findMany()).length;
    const before = await count();
    for (const recipient of [{ email }, { email: "nobody@example.com", name: "N" }, await idsOf(deleted)]) {
      const body = { recipient, pass: { points: 1 }, idempotencyKey: "k" };
      const answer = await post(`${card}/by-recipient`, body, { "x-klaviyo-flow-id": "F404" });
      expect([answer.status, answer.body.code]).toEqual([404, "NOT_FOUND"]);
      expect(await newestRejected()).toMatchObject({
        status: 404,
        route: "POST /v1/passes/:template/by-recipient",
        path: `/v1/passes/${card}/by-recipient`,
        flowId: "F404",
        body: JSON.stringify(body),
      });
    }
    expect(await count()).toBe(before);
    expect(await historyOf(pass)).toEqual(["created 1"]);
    // What the refused call said of the person is not taken over either.
    expect((await recipientOf(pass)).name).toBeNull();
  });
  const idsOf = async (pass: PassObject) => ({ email: (await recipientOf(pass)).email, name: "Not taken over" });

  test("another account's people and templates are not found", async () => {
    const { id } = await shop.app.accounts.create("Another shop");
    const { apiKey } = await shop.app.accounts.createKey(id, "test");
    const email = somebody();
    await issue({ email });
    const answer = await post(
      `${card}/by-recipient`,
      { recipient: { email }, pass: {} },
      { "x-api-key": apiKey, "x-account-id": id },
    );
    expect(answer.status).toBe(404);
  });

  test.each<[string, object, string, RegExp]>([
    ["no recipient", { pass: {} }, "recipient", /recipient is missing: whose pass is meant/],
    ["no fields", { recipient: { email: "a@example.com" } }, "pass", /pass is missing/],
    ["a misspelt recipient", { recipent: {}, pass: {} }, "recipient", /did you mean "recipent"/],
    ["a recipient that is text", { recipient: "a@example.com", pass: {} }, "recipient", /must be object/],
    ["blank identifiers", { recipient: { email: "", phone: "None" }, pass: {} }, "recipient", /names nobody/],
    ["tags that nobody rendered", { recipient: { email: "{{ email }}" }, pass: {} }, "recipient", /names nobody/],
    ["a name alone", { recipient: { name: "Sarah" }, pass: {} }, "recipient", /names nobody/],
    ["a mistyped address", { recipient: { email: "a(at)b" }, pass: {} }, "recipient", /"a\(at\)b" is not one/],
    ["an unknown key", { recipient: { mail: "a@b.example" }, pass: {} }, "recipient.mail", /did you mean "email"/],
  ])("%s: 400", async (_, body, path, message) => {
    const answer = await post(`${card}/by-recipient`, body);
    expect(answer.body.error ?? "").toMatch(message);
    expect([answer.status, answer.body.details?.map((one) => one.path)]).toEqual([400, [path]]);
    expect(await newestRejected()).toMatchObject({ status: 400, body: JSON.stringify(body) });
  });

  test("a mistyped number beside a good address does not refuse the call; the pass notes it", async () => {
    const email = somebody();
    const pass = await issue({ email });
    const { status } = await post(`${card}/by-recipient`, { recipient: { email, phone: "none" }, pass: { points: 4 } });
    expect(status).toBe(200);
    const { notes } = (await shop.app.links.load(pass.serialNumber)).pass;
    expect(notes).toEqual([expect.stringContaining('"none" is not one with a country code')]);
  });
});

describe("GET …/by-recipient", () => {
  const get = (query: string) => call("GET", `${card}/by-recipient${query}`);

  test("answers the newest live pass, however the identifier is encoded", async () => {
    const n = ++people;
    const pass = await issue({ email: `plus+${n}@example.com`, phone: `+1500555${3000 + n}`, externalId: `X ${n}` });
    for (const query of [
      `?email=plus%2B${n}@example.com`,
      `?email=plus+${n}@Example.com`,
      `?phone=%2B1500555${3000 + n}`,
      `?phone=+1500555${3000 + n}`,
      `?externalId=X%20${n}`,
      `?externalId=${pass.serialNumber}`,
      `/?email=plus+${n}@example.com`,
    ]) {
      const { status, body } = await get(query);
      expect([query, status, body.serialNumber]).toEqual([query, 200, pass.serialNumber]);
    }
  });

  test("404 for nobody, 400 for an unknown or no identifier; a look is not kept", async () => {
    const before = (await newestRejected())?.id;
    expect((await get("?email=nobody@example.com")).status).toBe(404);
    expect((await get("")).status).toBe(400);
    expect((await get("?mail=a@example.com")).body.error).toContain('did you mean "email"');
    expect((await newestRejected())?.id).toBe(before);
  });
});

describe("void, unvoid and delete as a POST", () => {
  test("by serial number, with or without a body, as often as one likes", async () => {
    const pass = await issue({ email: somebody() });
    const path = `${card}/${pass.serialNumber}`;
    for (const body of [undefined, "", "{}", "not even JSON"]) {
      expect((await post(`${path}/void`, body)).body).toMatchObject({
        serialNumber: pass.serialNumber,
        status: "voided",
      });
    }
    expect((await post(`${path}/unvoid`)).body.status).toBe("issued");
    expect((await post(`${path}/unvoid/`)).body.status).toBe("issued");
    expect(await historyOf(pass)).toEqual(["created 1", "updated 2", "updated 3"]);
    const deleted = { id: pass.serialNumber, serialNumber: pass.serialNumber, passTemplate: card, passType: card };
    for (let i = 0; i < 2; i++) {
      expect(await post(`${path}/delete`)).toEqual({ status: 200, body: { ...deleted, status: "deleted" } as Answer });
    }
    expect(await call("DELETE", path)).toEqual({ status: 200, body: { ...deleted, status: "deleted" } as Answer });
    for (const word of ["void", "unvoid"]) {
      const refused = await post(`${path}/${word}`);
      expect([refused.status, refused.body.code]).toEqual([409, "PASS_DELETED"]);
      expect(await newestRejected()).toMatchObject({
        route: `POST /v1/passes/:template/:serial/${word}`,
        path: `/v1/passes/${path}/${word}`,
      });
    }
  });

  test("by the person", async () => {
    const email = somebody();
    const recipient = { email };
    const pass = await issue(recipient);
    const path = `${card}/by-recipient`;
    for (let i = 0; i < 2; i++) expect((await post(`${path}/void`, { recipient })).body.status).toBe("voided");
    for (let i = 0; i < 2; i++) expect((await post(`${path}/unvoid`, { recipient })).body.status).toBe("issued");
    for (let i = 0; i < 2; i++) expect((await post(`${path}/delete`, { recipient })).body.status).toBe("deleted");
    expect(await historyOf(pass)).toEqual(["created 1", "updated 2", "updated 3", "deleted 4"]);
    expect((await post(`${path}/void`, { recipient })).status).toBe(404);
    expect((await post(`${path}/void`)).status).toBe(400);
    expect((await post(`${path}/delete`, { recipient: { email: "nobody@example.com" } })).status).toBe(404);
  });

  test("a repeated delete does not reach the ticket before", async () => {
    const recipient = { email: somebody() };
    const first = await issue(recipient, ticket, { level: "1" });
    shop.clock.advance(1_000);
    const second = await issue(recipient, ticket, { level: "2" });
    for (let i = 0; i < 3; i++) {
      expect((await post(`${ticket}/by-recipient/delete`, { recipient })).body.serialNumber).toBe(second.serialNumber);
    }
    expect(await historyOf(first)).toEqual(["created 1"]);
  });

  test("a broken body is mended under the same guard", async () => {
    const email = somebody();
    const pass = await issue({ email });
    const path = `${card}/by-recipient/void`;
    const broken = (recipient: string) => `{"recipient":{"name":"Dwayne "The Rock"",${recipient}}}`;
    expect((await post(path, broken(`"email":${email}`))).status).toBe(400);
    expect((await post(path, broken(`"email":"${email}","colour":"x"`))).status).toBe(400);
    expect((await post(path, broken(`"email":"${email}"`))).body.serialNumber).toBe(pass.serialNumber);
    expect((await recipientOf(pass)).name).toBe('Dwayne "The Rock"');
  });
});

describe("the same update twice", () => {
  const FORMS: readonly [string, (pass: PassObject, email: string) => { path: string; recipient?: object }][] = [
    ["by serial number", ({ serialNumber }) => ({ path: `${card}/${serialNumber}` })],
    ["by the person", (_, email) => ({ path: `${card}/by-recipient`, recipient: { email } })],
  ];

  test.each(FORMS)("%s, late: the newer values stay", async (_, formOf) => {
    const email = somebody();
    const pass = await issue({ email });
    const { path, ...recipient } = formOf(pass, email);
    const send = (points: number, idempotencyKey: string) =>
      post(path, { ...recipient, pass: { points }, idempotencyKey });
    await send(1, "a");
    await send(2, "b");
    expect((await send(1, "a")).body.pass["points"]).toBe("2");
    // The same key with another body is the latest word, as when a pass is issued.
    expect((await send(3, "a")).body.pass["points"]).toBe("3");
    expect(await historyOf(pass)).toEqual(["created 1", "updated 2", "updated 3", "updated 4"]);
  });

  test.each(FORMS)("%s, after the pass was deleted: the same answer", async (form, formOf) => {
    const email = somebody();
    const pass = await issue({ email });
    const { path, ...recipient } = formOf(pass, email);
    const send = () => post(path, { ...recipient, pass: { points: 1 } }, { "idempotency-key": "k" });
    expect((await send()).status).toBe(200);
    await call("DELETE", `${card}/${pass.serialNumber}`);
    expect((await send()).body).toMatchObject({ serialNumber: pass.serialNumber, status: "deleted" });
    const { status } = await post(path, { ...recipient, pass: { points: 2 } });
    expect(status).toBe(form === "by the person" ? 404 : 409);
  });

  test("by the person, who has got a newer ticket since: that one is left alone", async () => {
    const recipient = { email: somebody() };
    const first = await issue(recipient, ticket, { level: "1" });
    const body = { recipient, pass: { points: 7 }, idempotencyKey: "gift" };
    await post(`${ticket}/by-recipient`, body);
    shop.clock.advance(1_000);
    const second = await issue(recipient, ticket, { level: "2" });
    expect((await post(`${ticket}/by-recipient`, body)).body.serialNumber).toBe(first.serialNumber);
    expect(await historyOf(second)).toEqual(["created 1"]);
  });

  test("one key for everybody keeps people apart", async () => {
    const [anne, ben] = [somebody(), somebody()];
    const passes = [await issue({ email: anne }), await issue({ email: ben })];
    const send = (email: string) =>
      post(`${card}/by-recipient`, { recipient: { email }, pass: { points: 9 }, idempotencyKey: "everybody" });
    const answers = [await send(anne), await send(ben), await send(anne)];
    const [first, second] = passes.map(({ serialNumber }) => serialNumber);
    expect(answers.map(({ body }) => body.serialNumber)).toEqual([first, second, first] as string[]);
  });
});

test("the flow and a mended body are noted with the pass, also when it is changed", async () => {
  const email = somebody();
  const pass = await issue({ email });
  const load = async () => (await shop.app.links.load(pass.serialNumber)).pass;
  expect(await load()).toMatchObject({ flowId: null, repaired: false });
  await post(`${card}/${pass.serialNumber}`, { pass: { points: 1 } }, { "x-klaviyo-flow-id": "F1" });
  expect(await load()).toMatchObject({ flowId: "F1", repaired: false });
  const broken = `{"recipient":{"email":"${email}"},"pass":{"level":"Rock "n" Roll"}}`;
  await post(`${card}/by-recipient`, broken, { "x-klaviyo-flow-id": "F2" });
  expect(await load()).toMatchObject({ flowId: "F2", repaired: true, values: { level: 'Rock "n" Roll' } });
  await post(`${card}/${pass.serialNumber}`, { pass: { points: 2 } });
  expect(await load()).toMatchObject({ flowId: "F2", repaired: false });
});

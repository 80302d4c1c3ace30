import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import type { PassObject } from "../src/api/pass-object.ts";
import { RequiredKeys, TemplateFields, TemplateList, TemplateObject } from "../src/api/schemas/template.ts";
import type { Problem } from "../src/errors.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { callApi } from "./support/api.ts";
import { startFakeKlaviyo, startTestApp, type TestApp } from "./support/app.ts";
import { createFakeClock } from "./support/clock.ts";
import { PASS_TYPE, phone } from "./support/phone.ts";
import { cardWith } from "./support/template.ts";
import { duringTime, runTime, watchBustle } from "./support/virtual-time.ts";

let shop: TestApp;
beforeAll(async () => {
  shop = await startTestApp();
});
afterAll(() => shop[Symbol.asyncDispose]());

interface Refusal {
  readonly error: string;
  readonly details?: readonly Problem[];
}
const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  callApi<T>(shop, method, path, { body });
const pushCard = () =>
  shop.pushTemplate({
    definition: cardWith(
      {
        "member-name": { type: "text", required: true },
        points: { type: "number", default: 0 },
        level: { type: "text", required: true, default: "Member" },
        secret: { type: "text" },
      },
      {
        pass: {
          description: "A card of {{member-name}}",
          generic: { backFields: ["member-name", "points", "level"].map((key) => ({ key, value: `{{${key}}}` })) },
        },
      },
    ),
  });
const versionOf = async (id: string) => (await shop.app.templates.current(shop.accountId, id)).version;
const refusedPaths = ({ details = [] }: Refusal) => details.map(({ path }) => path);

describe("GET", () => {
  test("a template has both casings, the pass type, and all its fields", async () => {
    const id = await pushCard();
    const { status, body } = await call<TemplateObject>("GET", `/v1/pass_templates/${id}`);
    expect([status, [...Value.Errors(TemplateObject, body)]]).toEqual([200, []]);
    expect(body).toEqual({
      id,
      name: "Card",
      platform: "apple",
      style: "generic",
      pass_type_id: PASS_TYPE,
      issuedPassCount: 0,
      issued_pass_count: 0,
      installedPassCount: 0,
      installed_pass_count: 0,
      createdAt: new Date(shop.clock.now()).toISOString(),
      updatedAt: new Date(shop.clock.now()).toISOString(),
      install_constraints: { device: false, browser: false, ip: false },
      disable_sharing: { apple: false, google: false },
      top_up: { auto_recharge: false, balance_trigger: null, top_up_target: null },
      fields: [
        { api_field_name: "member-name", path: "member-name", default_value: null, visible: true, required: true },
        { api_field_name: "points", path: "points", default_value: "0", visible: true, required: false },
        { api_field_name: "level", path: "level", default_value: "Member", visible: true, required: true },
        { api_field_name: "secret", path: "secret", default_value: null, visible: false, required: false },
      ],
    });
    const loud = `PTK_0x00${id.slice(6).toUpperCase()}`;
    expect((await call<TemplateObject>("GET", `/v1/pass_templates/${loud}`)).body.id).toBe(id);
  });

  test("the fields, and those without which no pass is issued", async () => {
    const id = await pushCard();
    const fields = await call<TemplateFields>("GET", `/v1/pass_templates/fields/${id}`);
    expect([fields.status, Value.Check(TemplateFields, fields.body)]).toEqual([200, true]);
    expect(fields.body.fields.map(({ api_field_name }) => api_field_name)).toEqual([
      "member-name",
      "points",
      "level",
      "secret",
    ]);
    const keys = await call<RequiredKeys>("GET", `/v1/passtypes/keys/${id}`);
    expect([keys.status, Value.Check(RequiredKeys, keys.body)]).toEqual([200, true]);
    // A default stands in for the level, so nobody must be made to send one.
    expect(keys.body).toEqual({ passType: id, passTemplate: id, keys: ["member-name"] });
    const none = await call<RequiredKeys>("GET", `/v1/passtypes/keys/${await shop.pushGallery("points-card")}`);
    expect(none.body.keys).toEqual([]);
  });

  test("the list has every template of the account with its counts, and no other account's", async () => {
    await using own = await startTestApp();
    expect((await callApi(own, "GET", "/v1/pass_templates")).body).toEqual({ pass_templates: [] });
    const [first, second] = [await own.pushGallery("points-card"), await own.pushGallery("coupon")];
    const other = await own.app.accounts.create("Another shop");
    const { definition, images } = await own.app.templates.current(own.accountId, first);
    await own.app.templates.push(other.id, { definition, images });
    const pass = await own.issue({ passTemplate: first, pass: {}, recipient: { email: "a@example.com" } });
    await own.issue({ passTemplate: first, pass: {}, recipient: { email: "b@example.com" } });
    await phone(own, pass.serialNumber).register();
    const { body } = await callApi<TemplateList>(own, "GET", "/v1/pass_templates/");
    expect([...Value.Errors(TemplateList, body)]).toEqual([]);
    const counts = body.pass_templates.map((one) => [one.id, one.style, one.issuedPassCount, one.installedPassCount]);
    expect(counts.toSorted()).toEqual(
      [
        [first, "storeCard", 2, 1],
        [second, "coupon", 0, 0],
      ].toSorted(),
    );
  });
});

describe("POST", () => {
  test.each(["boardingPass", "coupon", "eventTicket", "generic", "storeCard"])(
    "a %s of a name alone, whose passes open",
    async (style) => {
      const { status, body } = await call<TemplateObject>("POST", "/v1/pass_templates", {
        name: "Autumn",
        platform: "apple",
        style,
        install_constraints: { device: false, browser: false, ip: false },
        disable_sharing: { apple: true, google: false },
        top_up: { auto_recharge: false },
      });
      expect([status, [...Value.Errors(TemplateObject, body)]]).toEqual([200, []]);
      expect(body).toMatchObject({ name: "Autumn", style, disable_sharing: { apple: true } });
      const pass = await shop.issue({
        passTemplate: body.id,
        pass: { "primary.label": "Store Credit", "primary.value": "$25.00", "background.color": "#336699" },
      });
      const { body: raw } = await call("GET", `/v1/passes/${body.id}/${pass.serialNumber}/raw`);
      expect(raw).toMatchObject({
        logoText: "Autumn",
        sharingProhibited: true,
        backgroundColor: "rgb(51, 102, 153)",
        [style]: { primaryFields: [{ label: "Store Credit", value: "$25.00" }] },
      });
      expect((await shop.request(`/p/${pass.serialNumber}.pkpass`)).status).toBe(200);
      await call("PATCH", `/v1/pass_templates/${body.id}`, { name: "Winter" });
      const { version, madeImages } = await shop.app.templates.current(shop.accountId, body.id);
      expect([version, [...madeImages].sort()]).toEqual([2, ["icon.png", "icon@2x.png"]]);
    },
  );

  test.each<[string, object, string]>([
    ["Google Wallet", { name: "A", platform: "google", style: "loyaltyClass" }, "platform"],
    ["a wallet that there is not", { name: "A", platform: "samsung", style: "coupon" }, "platform"],
    ["a style of Google's", { name: "A", platform: "apple", style: "loyaltyClass" }, "style"],
    ["no name", { platform: "apple", style: "coupon" }, "name"],
    ["an empty name", { name: "", platform: "apple", style: "coupon" }, "name"],
    ["an unknown key", { name: "A", platform: "apple", style: "coupon", reader: 1 }, "reader"],
    [
      "a limit that nobody would keep",
      { name: "A", platform: "apple", style: "coupon", install_constraints: { ip: true } },
      "install_constraints.ip",
    ],
    [
      "a refill of an account that there is not",
      { name: "A", platform: "apple", style: "coupon", top_up: { auto_recharge: true } },
      "top_up.auto_recharge",
    ],
  ])("%s: 400, and why", async (_, body, path) => {
    const answer = await call<Refusal>("POST", "/v1/pass_templates", body);
    expect([answer.status, refusedPaths(answer.body)]).toEqual([400, [path]]);
    expect(answer.body.error).toContain(path);
  });

  test("a body that is not JSON", async () => {
    const { status, body } = await call<Refusal>("POST", "/v1/pass_templates", '{"name":"A"');
    expect([status, body.error]).toEqual([400, expect.stringContaining("not JSON")]);
  });
});

describe.each(["PATCH", "PUT"])("%s", (method) => {
  test("name, defaults, what is required, and sharing: a new version that passes move to", async () => {
    const id = await pushCard();
    const pass = await shop.issue({ passTemplate: id, pass: { "member-name": "Sarah" } });
    const { status, body } = await call<TemplateObject>(method, `/v1/pass_templates/${id}`, {
      name: "Gold card",
      disable_sharing: { apple: true },
      fields: {
        points: { default_value: "100" },
        level: { default_value: null, required: false },
        secret: { required: true, default_value: "x", visible: false },
      },
    });
    expect([status, [...Value.Errors(TemplateObject, body)]]).toEqual([200, []]);
    expect(body).toMatchObject({ name: "Gold card", disable_sharing: { apple: true } });
    expect(body.fields.slice(1)).toEqual([
      { api_field_name: "points", path: "points", default_value: "100", visible: true, required: false },
      { api_field_name: "level", path: "level", default_value: null, visible: true, required: false },
      { api_field_name: "secret", path: "secret", default_value: "x", visible: false, required: true },
    ]);
    expect(await versionOf(id)).toBe(2);
    const moved = await call<PassObject>("GET", `/v1/passes/${id}/${pass.serialNumber}`);
    expect(moved.body.pass).toEqual({ "member-name": "Sarah", points: "100", secret: "x" });
    // Nothing new is no version.
    await call(method, `/v1/pass_templates/${id}`, { name: "Gold card", fields: { points: { default_value: "100" } } });
    expect(await versionOf(id)).toBe(2);
  });

  test.each<[string, unknown, string]>([
    ["nothing", {}, ""],
    ["an unknown field", { name: "New", fields: { pionts: { default_value: "1" } } }, "fields.pionts"],
    ["an unknown key of a field", { fields: { points: { value: "1" } } }, "fields.points.value"],
    ["a default of another type", { fields: { points: { default_value: "many" } } }, "fields.points.default"],
    ["a default that is a list", { fields: { points: { default_value: [] } } }, "fields.points.default_value"],
    ["another visibility", { fields: { secret: { visible: true } } }, "fields.secret.visible"],
    [
      "a name that a field cannot have",
      { fields: { points: { api_field_name: "a b" } } },
      "fields.points.api_field_name",
    ],
    ["a name that another field has", { fields: { points: { api_field_name: "level" } } }, "fields.level"],
    ["sharing at Google", { disable_sharing: { google: true } }, "disable_sharing.google"],
    ["a list", [], ""],
  ])("%s: 400 before anything is written", async (_, body, path) => {
    const id = await pushCard();
    const answer = await call<Refusal>(method, `/v1/pass_templates/${id}`, body);
    expect([answer.status, refusedPaths(answer.body)]).toEqual([400, [path]]);
    expect(answer.body.error).toContain(path);
    expect(await versionOf(id)).toBe(1);
    expect((await call<TemplateObject>("GET", `/v1/pass_templates/${id}`)).body.name).toBe("Card");
  });
});

describe("renaming a field", () => {
  test("its passes keep their values, its flows go on, and every place on the pass follows", async () => {
    const id = await shop.pushTemplate({
      definition: cardWith({ "member-name": { type: "text", required: true }, points: { type: "number" } }),
      locales: new Map([["de", { "{{member-name}} has {{points}}": "{{points}} für {{member-name}}" }]]),
    });
    const pass = await shop.issue({
      passTemplate: id,
      pass: { "member-name": "Sarah", points: "7" },
      recipient: { email: "sarah@example.com" },
    });
    const path = `/v1/passes/${id}/${pass.serialNumber}`;
    const renamed = await call<TemplateObject>("PATCH", `/v1/pass_templates/${id}`, {
      fields: { points: { api_field_name: "points-balance" } },
    });
    expect(renamed.body.fields[1]).toMatchObject({ api_field_name: "points-balance", path: "points" });
    expect((await call<PassObject>("GET", path)).body.pass).toEqual({ "member-name": "Sarah", "points-balance": "7" });
    const raw = await call("GET", `${path}/raw`);
    expect(raw.body["generic"]).toMatchObject({ backFields: [{}, { value: 7 }] });
    const { locales } = await shop.app.templates.current(shop.accountId, id);
    expect(locales["de"]).toEqual({
      "{{member-name}} has {{points-balance}}": "{{points-balance}} für {{member-name}}",
    });

    const byOldName = await call<PassObject>("PATCH", path, { pass: { points: "8" } });
    expect([byOldName.status, byOldName.body.pass["points-balance"]]).toEqual([200, "8"]);
    const byNewName = await call<PassObject>("PATCH", path, { pass: { "points-balance": "9" } });
    expect(byNewName.body.pass).toEqual({ "member-name": "Sarah", "points-balance": "9" });
    const both = await call<PassObject>("PATCH", path, { pass: { points: "1", "points-balance": "10" } });
    expect(both.body.pass["points-balance"]).toBe("10");
  });

  test("a repeated webhook that says nothing new changes nothing", async () => {
    const id = await shop.pushTemplate({ definition: cardWith({ points: { type: "number" } }) });
    const webhook = { passTemplate: id, pass: { points: "7" }, recipient: { email: "ann@example.com" } };
    const pass = await shop.issue(webhook);
    await call("PATCH", `/v1/pass_templates/${id}`, { fields: { points: { api_field_name: "balance" } } });
    expect((await shop.issue(webhook)).serialNumber).toBe(pass.serialNumber);
    const events = await listPassEvents(shop.app.db.read, pass.serialNumber);
    expect(events.map(({ kind }) => kind)).toEqual(["created"]);
  });

  test("twice, and back again", async () => {
    const id = await shop.pushTemplate({ definition: cardWith({ a: { type: "text", required: true } }) });
    const rename = (from: string, to: string) =>
      call<TemplateObject>("PATCH", `/v1/pass_templates/${id}`, { fields: { [from]: { api_field_name: to } } });
    const { serialNumber } = await shop.issue({ passTemplate: id, pass: { a: "x" } });
    const values = async () => (await call<PassObject>("GET", `/v1/passes/${id}/${serialNumber}`)).body.pass;
    await rename("a", "b");
    await rename("b", "c");
    expect(await values()).toEqual({ c: "x" });
    expect((await rename("a", "a")).body.fields[0]).toMatchObject({ api_field_name: "a" });
    expect(await values()).toEqual({ a: "x" });
    expect((await call<RequiredKeys>("GET", `/v1/passtypes/keys/${id}`)).body.keys).toEqual(["a"]);
  });
});

test("two changes at once: both are in, or one is told to try again", async () => {
  const id = await pushCard();
  const answers = await Promise.all(
    ["points", "secret"].map((field) =>
      call<TemplateObject>("PATCH", `/v1/pass_templates/${id}`, { fields: { [field]: { default_value: "5" } } }),
    ),
  );
  const good = answers.filter(({ status }) => status === 200).length;
  expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
  const { body } = await call<TemplateObject>("GET", `/v1/pass_templates/${id}`);
  expect(body.fields.filter(({ default_value }) => default_value === "5")).toHaveLength(good);
});

describe("DELETE", () => {
  test("it is gone at once; its passes follow, phones show them void, and Klaviyo learns of each", async () => {
    const clock = createFakeClock();
    await using klaviyo = await startFakeKlaviyo({ now: clock.now });
    await using own = await startTestApp({ klaviyo, clock });
    const id = await own.pushGallery("points-card");
    const kept = await own.pushGallery("coupon");
    const passes: PassObject[] = [];
    for (let i = 0; i < 45; i++) {
      passes.push(await own.issue({ passTemplate: id, pass: {}, recipient: { email: `${i}@example.com` } }));
    }
    const [first] = passes;
    if (!first) throw new Error("no pass");
    const sarah = phone(own, first.serialNumber);
    await sarah.register();
    const tag = ((await (await sarah.changes()).json()) as { lastUpdated: string }).lastUpdated;

    const deleted = await callApi(own, "DELETE", `/v1/pass_templates/${id}`);
    expect([deleted.status, deleted.body]).toEqual([200, {}]);
    const list = await callApi<TemplateList>(own, "GET", "/v1/pass_templates");
    expect(list.body.pass_templates.map((one) => one.id)).toEqual([kept]);
    for (const [method, path] of [
      ["GET", `/v1/pass_templates/${id}`],
      ["DELETE", `/v1/pass_templates/${id}`],
      ["GET", `/v1/passes/${id}`],
      ["GET", `/v1/passtypes/keys/${id}`],
    ] as const) {
      expect([method, path, (await callApi(own, method, path)).status]).toEqual([method, path, 404]);
    }
    expect((await own.post({ passTemplate: id, pass: {} })).status).toBe(404);

    // Klaviyo is told no faster than it takes it.
    using bustle = watchBustle(own.app);
    own.app.worker.start();
    const told = () => klaviyo.events.filter(({ metric }) => metric === "Pass Deleted").length;
    await runTime(clock, bustle, () => told() === passes.length, 1_000);
    await duringTime(clock, bustle, () => own.app.worker.idle());
    for (const { serialNumber } of passes) {
      const { body } = await callApi<PassObject>(own, "GET", `/v1/passes/${id}/${serialNumber}`);
      expect(body.status).toBe("deleted");
    }
    expect((await sarah.changes(tag)).status).toBe(200);
    expect(Buffer.from(await (await sarah.fetch()).bytes()).toString("latin1")).toContain('"voided":true');
    expect((await own.request(`/p/${first.serialNumber}`)).status).toBe(410);
    expect(told()).toBe(passes.length);
    expect(klaviyo.findProfile({ email: "0@example.com" })?.properties).toMatchObject({ wallet_pass_state: "deleted" });
  });

  test("a pass that is issued while its template is being deleted is not left behind", async () => {
    const id = await shop.pushGallery("points-card");
    const template = await shop.app.templates.current(shop.accountId, id);
    await call("DELETE", `/v1/pass_templates/${id}`);
    const late = shop.app.issuer.issue({
      accountId: shop.accountId,
      template,
      given: new Map(),
      recipient: {},
      bodyHash: "late",
    });
    await expect(late).rejects.toThrow("was deleted");
  });

  test("a folder does not bring it back under the same id", async () => {
    const id = await shop.pushGallery("points-card");
    await call("DELETE", `/v1/pass_templates/${id}`);
    await expect(shop.pushTemplate({ id })).rejects.toThrow(`Template ${id} was deleted`);
  });
});

import { describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { createSnippet, SNIPPET_ACTIONS, type SnippetAction } from "../src/klaviyo/snippet.ts";
import type { TemplateDefinition } from "../src/templates/definition.ts";
import type { TemplateVersion } from "../src/templates/template-store.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { renderFlowTemplate } from "./support/klaviyo/flow-template.ts";

const SARAH = {
  id: "01GDDKASAP8TKDDA2GRZDSVP4H",
  email: "sarah@example.com",
  phone_number: "+4915112345678",
  first_name: "Sarah",
  last_name: "Miller",
  properties: { Points: 70 },
};

/** As Klaviyo renders it for a person of an account with nobody else in it. */
async function render(body: string, person: FakePerson, event?: Readonly<Record<string, unknown>>): Promise<string> {
  await using klaviyo = await startFakeKlaviyo();
  const profile = klaviyo.addProfile(person);
  return renderFlowTemplate(body, { profile, ...(event ? { event: { event_properties: event } } : {}) });
}

type FakePerson = Parameters<FakeKlaviyo["addProfile"]>[0];

async function snippetOf(shop: TestApp, templateId: string, action: SnippetAction) {
  const template = await shop.app.templates.current(shop.accountId, templateId);
  return createSnippet({ action, template, publicUrl: PUBLIC_URL });
}

describe("the body, as Klaviyo would render it", () => {
  test.each(["points-card", "event-ticket"])("issues a pass of the %s", async (name) => {
    await using shop = await startTestApp();
    const { url, body } = await snippetOf(shop, await shop.pushGallery(name), "issue");
    const { fields } = (await shop.app.templates.current(shop.accountId, JSON.parse(body).passTemplate)).definition;
    const event = {
      $event_id: "evt_1",
      ...Object.fromEntries(
        Object.entries(fields).map(([field, { example }]) => [
          field.replace(/(^|-)(\w)/g, (_, dash, letter) => (dash ? " " : "") + letter.toUpperCase()),
          example,
        ]),
      ),
    };
    const response = await shop.request(new URL(url).pathname, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: await render(body, SARAH, event),
    });
    expect(await response.json()).toMatchObject({ serialNumber: expect.any(String) as unknown });
    expect(response.status).toBe(200);
  });

  test("names the person in every way, and takes the values of their profile", async () => {
    await using shop = await startTestApp();
    const { body } = await snippetOf(shop, await shop.pushGallery("points-card"), "issue");
    const pass = await shop.issue(await render(body, SARAH, { $event_id: "evt_1" }));
    const { recipient, pass: stored } = await shop.app.links.load(pass.serialNumber);
    expect(recipient).toMatchObject({
      klaviyoId: SARAH.id,
      email: SARAH.email,
      phone: SARAH.phone_number,
      name: "Sarah Miller",
    });
    expect(stored.values).toMatchObject({ "member-name": "Sarah Miller", "points-balance": "70" });
    // The profile has no external id, and the body says so.
    expect(stored.externalIdRule).toBe("set");
  });

  test("issues a pass also in a flow without an event, for a profile without anything", async () => {
    await using shop = await startTestApp();
    const { body } = await snippetOf(shop, await shop.pushGallery("points-card"), "issue");
    const pass = await shop.issue(await render(body, { id: SARAH.id }));
    const { pass: stored } = await shop.app.links.load(pass.serialNumber);
    expect(stored.values).toEqual({});
    expect(stored.notes).toEqual([]);
  });

  test("updates and voids the pass, for a profile that knows nothing of it yet", async () => {
    await using shop = await startTestApp();
    const template = await shop.pushGallery("points-card");
    const post = async (action: SnippetAction, eventId: string) => {
      const { url, body } = await snippetOf(shop, template, action);
      const response = await shop.request(new URL(url).pathname, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
        body: await render(body, SARAH, { $event_id: eventId }),
      });
      return (await response.json()) as PassObject;
    };
    const { serialNumber } = await post("issue", "evt_1");
    for (const eventId of ["evt_2", "evt_2", "evt_3"]) await post("update", eventId);
    const voided = await post("void", "evt_4");
    expect(voided).toMatchObject({ serialNumber, status: "voided" });
    expect((await shop.app.links.load(serialNumber)).pass.values["points-balance"]).toBe("170");
  });

  test.each(SNIPPET_ACTIONS)("to %s is JSON before and after", async (action) => {
    await using shop = await startTestApp();
    for (const name of ["points-card", "coupon", "event-ticket"]) {
      const { body } = await snippetOf(shop, await shop.pushGallery(name), action);
      expect(JSON.parse(await render(body, SARAH))).toMatchObject({ recipient: { email: SARAH.email } });
    }
  });
});

describe("what is suggested", () => {
  const snippetFor = (
    fields: TemplateDefinition["fields"],
    { action = "issue", ...definition }: { action?: SnippetAction } & Partial<TemplateDefinition> = {},
  ) => {
    const template: TemplateVersion = {
      ...{ id: "ptk_0x1", accountId: "aid_0x1", version: 1, createdAt: 0, author: null },
      ...{ locales: {}, images: new Map(), madeImages: [] },
      definition: { name: "Card", style: "storeCard", fields, pass: {}, ...definition },
    };
    return createSnippet({ action, template, publicUrl: PUBLIC_URL });
  };

  test.each([
    ["member-name", "text", "storeCard", "{{ person.first_name|default:'' }} {{ person.last_name|default:'' }}"],
    ["firstName", "text", "storeCard", "{{ person.first_name|default:'' }}"],
    ["contact", "email", "storeCard", "{{ person.email|default:'' }}"],
    ["mobile-number", "text", "storeCard", "{{ person.phone_number|default:'' }}"],
    ["points-balance", "number", "storeCard", "{{ person|lookup:'Points'|default:'' }}"],
    ["points-balance", "number", "eventTicket", "{{ event|lookup:'Points Balance'|default:'' }}"],
    ["card.tier", "text", "coupon", "{{ person|lookup:'Card Tier'|default:'' }}"],
    ["customer", "text", "coupon", "{{ person|lookup:'Customer'|default:'' }}"],
    ["brand-name", "text", "coupon", "{{ person|lookup:'Brand Name'|default:'' }}"],
  ] as const)("for a field %s of type %s on a %s", (field, type, style, tag) => {
    const { body } = snippetFor({ [field]: { type } }, { style });
    expect(JSON.parse(body).pass).toEqual({ [field]: tag });
  });

  test("fields without a default come first, and what is a guess is said", () => {
    const { body, adapt } = snippetFor({
      level: { type: "text", default: "Member" },
      "coupon-code": { type: "text" },
      "member-name": { type: "text" },
    });
    expect(Object.keys(JSON.parse(body).pass)).toEqual(["coupon-code", "member-name", "level"]);
    expect(adapt.map(({ field, why }) => [field, why])).toEqual([
      ["coupon-code", expect.stringContaining("coupon codes do not work in webhooks")],
      ["level", 'Name the profile property that holds it. Where it is blank, the pass shows "Member".'],
    ]);
  });

  test("an update adds to the number, at the address that needs no serial number", () => {
    const fields = { "points-balance": { type: "number", default: 0 } } as const;
    const { url, body, notes, headers } = snippetFor(fields, { action: "update" });
    expect(url).toBe(`${PUBLIC_URL}/v1/passes/ptk_0x1/by-recipient`);
    expect(JSON.parse(body)).toMatchObject({
      pass: { "points-balance": { add: 50 } },
      idempotencyKey: "{{ event|lookup:'$event_id'|default:'' }}",
    });
    expect(notes.join()).toContain("welcome-bonus-");
    expect(headers.map(({ name }) => name)).toEqual(["X-API-KEY", "X-ACCOUNT-ID"]);
    expect(snippetFor(fields, { action: "void" }).url).toBe(`${url}/void`);
  });

  test("the link has the template's prefix", () => {
    const { links } = snippetFor({}, { profilePropertyPrefix: "loyalty_card" });
    expect(links[0]?.tag).toBe("{{ person|lookup:'loyalty_card_url' }}");
  });
});

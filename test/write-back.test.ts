import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { PUBLIC_URL, startTestApp } from "./support/app.ts";
import { type ConnectedShop, EVENT, PROFILE, startConnectedShop } from "./support/connected-shop.ts";
import type { FakeProfile } from "./support/klaviyo/fake-klaviyo.ts";

let here: ConnectedShop;
beforeAll(async () => {
  here = await startConnectedShop();
});
afterAll(() => here[Symbol.asyncDispose]());

let people = 0;
const fresh = () => `${++people}`;
/** The profile in Klaviyo that was told of a pass. */
const profileOf = ({ serialNumber }: PassObject): FakeProfile | undefined =>
  [...here.klaviyo.profiles.values()].find(({ properties }) => properties["wallet_pass_serial"] === serialNumber);
const eventsOf = ({ serialNumber }: PassObject) =>
  here.klaviyo.events.filter(({ event_properties }) => event_properties["serial"] === serialNumber);
const notesOf = async ({ serialNumber }: PassObject) => (await here.shop.app.links.load(serialNumber)).pass.notes;
const setPolicy = (externalIdPolicy: "set" | "leave") =>
  here.shop.app.accounts.update(here.shop.accountId, { externalIdPolicy });

test("the profile learns the serial number, the link and the state, and then comes the event", async () => {
  const pass = await here.issue({ email: "first@example.com", name: "Sarah" });
  const profile = profileOf(pass);
  expect(profile).toMatchObject({ email: "first@example.com", external_id: pass.serialNumber });
  expect(profile?.properties).toEqual({
    wallet_pass_serial: pass.serialNumber,
    wallet_pass_url: `${PUBLIC_URL}/p/${pass.serialNumber}`,
    wallet_pass_state: "active",
    wallet_pass_updated_at: new Date(here.shop.clock.now()).toISOString(),
  });
  expect(eventsOf(pass)).toMatchObject([
    {
      metric: "Pass Created",
      profile_id: profile?.id ?? "",
      unique_id: expect.stringMatching(new RegExp(`^${pass.serialNumber}:created:\\d+$`)) as unknown as string,
      datetime: new Date(here.shop.clock.now()).toISOString().replace(".000Z", "+00:00"),
      event_properties: { template: "Points card", template_id: here.template, platform: "apple", state: "active" },
    },
  ]);
  expect((await here.shop.app.links.load(pass.serialNumber)).pass.writtenBackAt).toBe(here.shop.clock.now());
  expect(await here.jobs(pass)).toEqual([]);
});

/** What the webhook says of the profile's external id → what becomes of it. Blank: the key is there and empty. */
const EXTERNAL_IDS: readonly [string, "set" | "leave", string | undefined, "ours" | "theirs"][] = [
  ["blank", "set", "", "ours"],
  ["blank", "leave", "", "ours"],
  ["None", "leave", "None", "ours"],
  ["the shop's own", "set", "theirs", "theirs"],
  ["the shop's own", "leave", "theirs", "theirs"],
  ["not sent", "set", undefined, "ours"],
  ["not sent", "leave", undefined, "theirs"],
  ["a tag that was not rendered", "leave", "{{ person.id }}", "theirs"],
  ["a tag that was not rendered", "set", "{{ person.id }}", "ours"],
];

describe("whose external id", () => {
  test.each(EXTERNAL_IDS)("%s, where the account says %s", async (_, policy, sent, becomes) => {
    await setPolicy(policy);
    const n = fresh();
    const theirs = sent === "theirs" || sent === undefined || sent.startsWith("{{") ? `customer-${n}` : null;
    const { id } = here.klaviyo.addProfile({ email: `whose-${n}@example.com`, external_id: theirs });
    const externalId = sent === "theirs" ? `customer-${n}` : sent;
    const pass = await here.issue({ klaviyoId: id, ...(externalId === undefined ? {} : { externalId }) });
    const expected = becomes === "ours" ? pass.serialNumber : theirs;
    expect(here.klaviyo.findProfile({ id })?.external_id ?? null).toBe(expected);
    // The properties are written either way.
    expect(profileOf(pass)?.id).toBe(id);
    await setPolicy("set");
  });

  test("a serial of ours gives way to the one of a newer pass", async () => {
    const other = await here.shop.pushGallery("coupon");
    const first = await here.issue({ email: "two-passes@example.com" });
    const second = await here.shop.issue({
      passTemplate: other,
      pass: { offer: "10 %", "coupon-code": "A" },
      recipient: { externalId: first.serialNumber },
    });
    await here.shop.app.worker.idle();
    expect(here.klaviyo.findProfile({ email: "two-passes@example.com" })?.external_id).toBe(second.serialNumber);
  });

  test("the shop's own stays, also where it was told only once", async () => {
    const { id } = here.klaviyo.addProfile({ external_id: "once" });
    const pass = await here.issue({ klaviyoId: id, externalId: "once" }, "1");
    await here.issue({ klaviyoId: id }, "2");
    // Also by another pass, whose webhook never says what the profile has.
    const other = await here.shop.pushGallery("coupon");
    const coupon = { offer: "10 %", "coupon-code": "A" };
    await here.shop.issue({ passTemplate: other, pass: coupon, recipient: { klaviyoId: id } });
    await here.shop.app.worker.idle();
    expect(here.klaviyo.findProfile({ id })?.external_id).toBe("once");
    expect(eventsOf(pass)).toHaveLength(2);
  });
});

describe("whom to write to", () => {
  test.each([
    ["the profile id", { klaviyoId: "K", email: "E" }, { id: "K" }, []],
    ["the external id", { externalId: "X", email: "E" }, {}, ["external_id"]],
    ["the email address", { email: "E", phone: "P" }, {}, ["email", "external_id"]],
    ["the phone number", { phone: "P" }, {}, ["external_id", "phone_number"]],
  ] as const)("%s, and no other identifier with it", async (_, kinds, id, names) => {
    const n = fresh();
    const known = here.klaviyo.addProfile({
      email: `target-${n}@example.com`,
      phone_number: `+15005551${n.padStart(3, "0")}`,
      external_id: "externalId" in kinds ? `customer-${n}` : null,
    });
    const values: Record<string, string> = {
      K: known.id,
      X: `customer-${n}`,
      E: known.email ?? "",
      P: known.phone_number ?? "",
    };
    const recipient = Object.fromEntries(Object.entries(kinds).map(([kind, value]) => [kind, values[value] ?? ""]));
    const from = here.writes().length;
    const pass = await here.issue(recipient);
    expect(profileOf(pass)?.id).toBe(known.id);
    const [written] = here.writes().slice(from);
    const { data } = (written?.body ?? {}) as { data: { id?: string; attributes: object } };
    expect(data.id ?? null).toBe("id" in id ? known.id : null);
    const given = Object.keys(data.attributes).filter((name) => name !== "properties");
    expect(given.filter((name) => name !== "external_id" || !("id" in id)).sort()).toEqual([...names]);
  });

  test("the id that Klaviyo gave is used from then on, whatever becomes of the address", async () => {
    const pass = await here.issue({ email: "before@example.com" }, "1");
    const id = profileOf(pass)?.id ?? "";
    expect((await here.shop.app.links.load(pass.serialNumber)).recipient.klaviyoId).toBe(id);
    await here.issue({ email: "before@example.com" }, "2");
    expect(here.writes().at(-2)?.body).toMatchObject({ data: { id } });
    expect(eventsOf(pass).map(({ profile_id }) => profile_id)).toEqual([id, id]);
  });

  test("whoever has no identifier is told nothing", async () => {
    const from = here.writes().length;
    const pass = await here.issue({ name: "Nobody" });
    expect(here.writes().length).toBe(from);
    expect(await here.jobs(pass)).toEqual([]);
  });
});

describe("409", () => {
  test("of an address whose profile has another external id: that profile, and it keeps its id", async () => {
    const { id } = here.klaviyo.addProfile({ email: "conflict@example.com", external_id: "customer-409" });
    const pass = await here.issue({ email: "conflict@example.com" });
    expect(profileOf(pass)?.id).toBe(id);
    expect(here.klaviyo.findProfile({ id })?.external_id).toBe("customer-409");
    expect(eventsOf(pass).map(({ profile_id }) => profile_id)).toEqual([id]);
    expect(await notesOf(pass)).toEqual([expect.stringContaining("Klaviyo knows the email on another profile")]);
  });

  test("of a serial number that another profile has: everything but the external id", async () => {
    await using idle = await startConnectedShop({ working: false });
    const { id } = idle.klaviyo.addProfile({ email: "a@example.com" });
    const pass = await idle.issue({ klaviyoId: id });
    idle.klaviyo.addProfile({ email: "b@example.com", external_id: pass.serialNumber });
    idle.shop.app.worker.start();
    await idle.shop.app.worker.idle();
    const profile = idle.klaviyo.findProfile({ id });
    expect([profile?.external_id, profile?.properties["wallet_pass_serial"]]).toEqual([null, pass.serialNumber]);
    expect(idle.klaviyo.events.map(({ profile_id }) => profile_id)).toEqual([id]);
  });

  test("without an id to go to is final, with Klaviyo's words", async () => {
    here.klaviyo.failNext({ status: 409 }, { path: PROFILE });
    const pass = await here.issue({ email: "final@example.com" });
    expect(await here.jobs(pass)).toMatchObject([{ kind: "klaviyo.profile", state: "dead", attempts: 1 }]);
    expect((await here.jobs(pass))[0]?.lastError).toContain("A profile already exists with one of these identifiers.");
    // The event does not depend on it.
    expect(eventsOf(pass)).toHaveLength(1);
  });
});

describe("a profile id that Klaviyo no longer knows", () => {
  test("leads to the profile by the next identifier, whose id is learned", async () => {
    const { id } = here.klaviyo.addProfile({ email: "merged@example.com" });
    const pass = await here.issue({ klaviyoId: "01GONE0000000000000000GONE", email: "merged@example.com" });
    expect(profileOf(pass)?.id).toBe(id);
    expect((await here.shop.app.links.load(pass.serialNumber)).recipient.klaviyoId).toBe(id);
    expect(eventsOf(pass).map(({ profile_id }) => profile_id)).toEqual([id]);
    expect(await notesOf(pass)).toEqual([expect.stringContaining("Klaviyo no longer has the profile 01GONE")]);
  });

  test("also between the profile and its event", async () => {
    const { id: target } = here.klaviyo.addProfile({ phone_number: "+15005550001" });
    here.klaviyo.failNext({ status: 503 }, { path: EVENT });
    const pass = await here.issue({ email: "between@example.com" });
    here.klaviyo.mergeProfiles(profileOf(pass)?.id ?? "", target);
    await here.advance(1_000);
    expect(eventsOf(pass).map(({ profile_id }) => profile_id)).toEqual([target]);
    expect(await here.jobs(pass)).toEqual([]);
  });

  test("and nothing else to go by ends the job", async () => {
    const pass = await here.issue({ klaviyoId: "01GONE0000000000000000GON2" });
    const [job] = await here.jobs(pass);
    expect(job).toMatchObject({ kind: "klaviyo.profile", state: "dead" });
    expect(job?.lastError).toContain("No identifier is left to find the profile by.");
  });
});

test.each([
  ["an email address", "email", { email: "refused@example.com", phone: "+15005550077" }],
  ["a phone number", "phone_number", { phone: "+15005550078" }],
] as const)("%s that Klaviyo does not take is left out and noted", async (_, attribute, recipient) => {
  const errors = [{ status: 400, detail: "Invalid.", source: { pointer: `/data/attributes/${attribute}` } }];
  here.klaviyo.failNext({ status: 400, body: JSON.stringify({ errors }) }, { path: PROFILE });
  const pass = await here.issue(recipient);
  if (attribute === "email") {
    expect(profileOf(pass)?.phone_number).toBe("+15005550077");
    expect(await notesOf(pass)).toEqual([expect.stringContaining("does not accept the email")]);
  } else {
    expect((await here.jobs(pass))[0]?.lastError).toContain("does not accept the phone_number");
  }
});

test("a sandbox records everything and sends nothing", async () => {
  await using shop = await startTestApp();
  shop.app.worker.start();
  const template = await shop.pushGallery("points-card");
  const pass = await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "sarah@example.com" } });
  await shop.app.worker.idle();
  const status = await shop.app.connections.status(shop.accountId);
  expect(status.mode).toBe("sandbox");
  expect(status.sandboxRequests).toMatchObject([
    { method: "POST", path: "/api/data-source-record-create-jobs" },
    { method: "POST", path: EVENT },
    {
      method: "POST",
      path: PROFILE,
      body: { data: { attributes: { email: "sarah@example.com", external_id: pass.serialNumber } } },
    },
  ]);
  expect(await shop.app.outbox.depths()).toEqual({ waiting: 0, ready: 0, leased: 0, dead: 0 });
  expect((await shop.app.links.load(pass.serialNumber)).pass.writtenBackAt).toBeNull();
});

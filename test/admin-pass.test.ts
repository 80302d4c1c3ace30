import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { recordPush } from "../src/apple/device-store.ts";
import { outbox } from "../src/db/schema.ts";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { PASS_TYPE, phone } from "./support/phone.ts";
import { cardWith } from "./support/template.ts";

/** The page of one pass, and what can be done there. */

const CARD = cardWith({
  points: { type: "number", required: true },
  level: { type: "text", default: "Member" },
});

let shop: TestApp;
let owner: AdminBrowser;
let serial: string;
let path: string;

beforeEach(async () => {
  shop = await startTestApp();
  owner = await signedIn(shop, "owner");
  const passTemplate = await shop.pushTemplate({ definition: CARD });
  const recipient = { email: "mia@example.com", name: "Mia" };
  serial = (await shop.issue({ passTemplate, pass: { points: "70", level: "Gold" }, recipient })).serialNumber;
  path = `/admin/${shop.accountId}/passes/${serial}`;
});
afterEach(() => shop[Symbol.asyncDispose]());

const read = async (): Promise<string> => textOf(await owner.page(path));
const valuesOf = async () => (await shop.app.updater.find({ accountId: shop.accountId, serial })).pass.values;
/** The hidden mark of which values the form showed. */
const seen = async () => /name="seen" value="(\d+)"/.exec(await owner.page(path))?.[1] ?? "";

test("shows what it says, whose it is, and what happened", async () => {
  await phone(shop, serial).register();
  shop.clock.advance(3 * 60_000);
  await owner.submit(`${path}/update`, { seen: await seen(), "pass.points": "80", "pass.level": "Gold" });
  const page = await read();
  for (const text of [
    "Mia",
    "mia@example.com",
    serial,
    "Card",
    "Changed: Points just now",
    "Added to a wallet 3 minutes ago",
    "Issued 3 minutes ago",
    "phone-1",
  ]) {
    expect(page).toContain(text);
  }
  const html = await owner.page(path);
  expect(html).toContain(`https://passes.example.com/p/${serial}`);
  expect(html).toContain('aria-label="QR code of the wallet link"');
});

test("says when its phones were told of changes, and which is not reached", async () => {
  const told = (deviceId: string, outcome: string, at?: number) =>
    shop.app.db.transaction(({ query }) => recordPush(query, { deviceId, passTypeIdentifier: PASS_TYPE }, outcome, at));
  await phone(shop, serial, "reached").register();
  await phone(shop, serial, "lost").register();
  await told("reached", "200", shop.clock.now());
  await told("lost", "BadDeviceToken");
  const page = await read();
  expect(page).toContain("Phone reached… told to look for changes just now");
  expect(page).not.toContain("Phone lost");
  expect(page).toContain("Not reached: BadDeviceToken");
});

test("is drawn in its colours, by the one style element that the page's policy names", async () => {
  const response = await owner.get(path);
  const html = await response.text();
  const styles = [...html.matchAll(/<style>(.*?)<\/style>/g)].map(([, rules]) => rules ?? "");
  expect(styles).toEqual([expect.stringMatching(/^#preview\{--pass-background:rgb\(/) as unknown as string]);
  const hash = new Bun.CryptoHasher("sha256").update(styles[0] ?? "").digest("base64");
  expect(response.headers.get("content-security-policy")).toContain(`style-src 'self' 'sha256-${hash}';`);
  expect(html).toContain('id="preview"');
});

test("takes new values; one that is left empty goes", async () => {
  const page = await owner.do(`${path}/update`, { seen: await seen(), "pass.points": " 80.0 ", "pass.level": "" });
  expect(textOf(page)).toContain("The values are saved");
  expect(await valuesOf()).toEqual({ points: "80" });
  const same = await owner.do(`${path}/update`, { seen: await seen(), "pass.points": "80", "pass.level": "" });
  expect(textOf(same)).toContain("Nothing was different.");
});

test("refuses a value at its field, and keeps what was typed", async () => {
  const response = await owner.submit(`${path}/update`, {
    seen: await seen(),
    "pass.points": "many",
    "pass.level": "Platinum",
  });
  expect(response.status).toBe(400);
  const html = await response.text();
  expect(textOf(html)).toContain('Must be a number such as "70"');
  expect(html).toMatch(/name="pass\.points" value="many"[^>]*aria-invalid="true"/);
  expect(html).toContain('value="Platinum"');
  expect(await valuesOf()).toEqual({ points: "70", level: "Gold" });
});

test("is not overwritten with values from before it changed", async () => {
  const before = await seen();
  shop.clock.advance(1_000);
  await shop.app.updater.update(
    { accountId: shop.accountId, serial },
    { given: new Map([["points", { kind: "text", text: "500" }]]), mode: "merge" },
  );
  const response = await owner.submit(`${path}/update`, { seen: before, "pass.points": "71", "pass.level": "Gold" });
  expect(response.status).toBe(409);
  expect(textOf(await response.text())).toContain("The pass changed while you were typing.");
  expect(await valuesOf()).toEqual({ points: "500", level: "Gold" });
});

test("is made void, and good again", async () => {
  expect(textOf(await owner.do(`${path}/void`))).toContain("Mia Voided");
  expect(textOf(await owner.do(`${path}/unvoid`))).toContain("Mia Issued");
});

test("is deleted only by whoever types so", async () => {
  const refused = await owner.submit(`${path}/delete`, { confirm: "yes" });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toMatch(/<details class="confirm" open/);
  const page = textOf(await owner.do(`${path}/delete`, { confirm: " Delete " }));
  expect(page).toContain("Mia Deleted");
  expect(page).not.toContain("Wallet link");
  expect((await shop.request(`/p/${serial}`)).status).toBe(410);
});

test("is written back to Klaviyo again", async () => {
  await shop.app.db.transaction(({ query }) => query.delete(outbox));
  await owner.do(`${path}/write-back`);
  const jobs = await shop.app.outbox.ofOrderingKey(serial);
  expect(jobs.map(({ kind, state }) => [kind, state])).toEqual([
    ["klaviyo.profile", "ready"],
    ["klaviyo.record", "waiting"],
  ]);
  expect(await read()).toContain("Klaviyo profile: still to be written");
});

test("is told to its phones again", async () => {
  await phone(shop, serial).register();
  await owner.do(`${path}/push`);
  const { items } = await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 50 });
  expect(items.filter(({ kind }) => kind === "apple.push").map(({ payload }) => JSON.parse(payload).deviceId)).toEqual([
    "phone-1",
  ]);
});

test("shows what was given up, and why", async () => {
  await shop.app.db.transaction(({ query }) =>
    query
      .update(outbox)
      .set({ state: "dead", lastError: "Klaviyo answered 400: no." })
      .where(eq(outbox.kind, "klaviyo.profile")),
  );
  const page = await read();
  expect(page).toContain("Klaviyo profile: given up");
  expect(page).toContain("Klaviyo answered 400: no.");
});

test("shows a viewer its values, and nothing to change", async () => {
  const viewer = await signedIn(shop, "viewer");
  const html = await viewer.page(path);
  expect(textOf(html)).toContain("Points 70");
  expect(
    html.match(/<form method="post"[^>]*action="([^"]+)"/g)?.filter((form) => !form.includes("sign-out")),
  ).toBeUndefined();
});

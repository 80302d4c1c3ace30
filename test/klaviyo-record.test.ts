import { expect, test } from "bun:test";
import { SCOPES } from "../src/klaviyo/scopes.ts";
import { createSubjects } from "../src/klaviyo/subject.ts";
import {
  WALLET_PASS_IDENTIFIERS,
  WALLET_PASS_PROPERTIES,
  walletPassRecord,
} from "../src/klaviyo/wallet-pass-record.ts";
import { findLastEventTimes, insertPassEvent, updatePass } from "../src/passes/pass-store.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { TEST_NOW } from "./support/clock.ts";
import { ROOT } from "./support/server-process.ts";

const HOUR = 3_600_000;

async function recordOf({ app, accountId }: TestApp, serial: string) {
  const subjects = createSubjects({ templates: app.templates, publicUrl: PUBLIC_URL });
  const subject = await subjects.load(app.db.read, accountId, serial);
  if (!subject) throw new Error("no such pass");
  return walletPassRecord(subject, await findLastEventTimes(app.db.read, serial));
}

/** What a phone does, without one. */
async function happen({ app, clock }: TestApp, serial: string, kind: "installed" | "uninstalled"): Promise<void> {
  clock.advance(HOUR);
  const { pass } = await app.links.load(serial);
  const now = clock.now();
  const state = kind === "installed" ? "active" : "uninstalled";
  await app.db.transaction(async ({ query }) => {
    await updatePass(query, { ...pass, state, installedAt: kind === "installed" ? now : null, updatedAt: now });
    await insertPassEvent(query, { serial, kind, version: pass.version, at: now, changedFields: [] });
  });
}

test("is complete, flat, and says what a marketer can use", async () => {
  await using shop = await startTestApp();
  const passTemplate = await shop.pushGallery("points-card");
  const { serialNumber } = await shop.issue({
    passTemplate,
    pass: { "points-balance": "70", "member-name": "Sarah Miller" },
    recipient: { email: "sarah@example.com", phone: "+4915112345678" },
  });
  const { record, notes } = await recordOf(shop, serialNumber);
  expect(notes).toEqual([]);
  expect(record).toEqual({
    serial: serialNumber,
    state: "active",
    installed: false,
    voided: false,
    url: `${PUBLIC_URL}/p/${serialNumber}`,
    download_url: `${PUBLIC_URL}/p/${serialNumber}.pkpass`,
    platform: "apple",
    template: "Points card",
    template_id: passTemplate,
    fields: "member-name: Sarah Miller, points-balance: 70, member-level: Member",
    created_at: new Date(TEST_NOW).toISOString(),
    updated_at: new Date(TEST_NOW).toISOString(),
    installed_at: null,
    uninstalled_at: null,
    deleted_at: null,
    expires_at: null,
    klaviyo_id: null,
    external_id: null,
    email: "sarah@example.com",
    phone: "+4915112345678",
  });
  const names = [...WALLET_PASS_PROPERTIES, ...WALLET_PASS_IDENTIFIERS].map(({ name }) => name);
  expect(Object.keys(record)).toEqual(names);
});

test("tells the pass's life", async () => {
  await using shop = await startTestApp();
  const passTemplate = await shop.pushGallery("points-card");
  const { serialNumber } = await shop.issue({ passTemplate, pass: {}, recipient: { email: "a@example.com" } });
  const at = (hours: number) => new Date(TEST_NOW + hours * HOUR).toISOString();

  await happen(shop, serialNumber, "installed");
  const installed = { state: "active", installed: true, installed_at: at(1), updated_at: at(1) };
  expect((await recordOf(shop, serialNumber)).record).toMatchObject({ ...installed, uninstalled_at: null });
  await happen(shop, serialNumber, "uninstalled");
  const removed = { state: "uninstalled", installed: false, installed_at: at(1), uninstalled_at: at(2) };
  expect((await recordOf(shop, serialNumber)).record).toMatchObject(removed);
  // Who has it again is not among those who removed it.
  await happen(shop, serialNumber, "installed");
  expect((await recordOf(shop, serialNumber)).record).toMatchObject({ installed_at: at(3), uninstalled_at: null });
  shop.clock.advance(HOUR);
  await shop.app.updater.remove({ accountId: shop.accountId, serial: serialNumber });
  expect((await recordOf(shop, serialNumber)).record).toMatchObject({ state: "deleted", deleted_at: at(4) });
});

test("says until when it is good, to the end of the day", async () => {
  await using shop = await startTestApp();
  const passTemplate = await shop.pushTemplate({
    definition: {
      name: "Voucher",
      style: "coupon",
      timeZone: "Europe/Berlin",
      fields: { until: { type: "date" }, tint: { type: "colour" }, code: { type: "text" } },
      pass: {
        ...{ organizationName: "Shop", description: "Voucher", expirationDate: "{{until}}" },
        ...{ backgroundColor: "{{tint}}", coupon: { primaryFields: [{ key: "code", value: "{{code}}" }] } },
      },
    },
  });
  const recipient = { email: "a@example.com" };
  const values = { until: "2026-12-24", tint: "#fff", code: "x".repeat(3_000) };
  const { serialNumber } = await shop.issue({ passTemplate, pass: values, recipient });
  const { record, notes } = await recordOf(shop, serialNumber);
  expect(record.expires_at).toBe("2026-12-24T22:59:59.000Z");
  expect(record.fields).toStartWith("until: 2026-12-24");
  expect(String(record.fields)).not.toContain("tint");
  expect(Buffer.byteLength(String(record.fields))).toBe(2_000);
  expect(notes).toEqual(["fields is longer than Klaviyo takes and was cut in the WalletPass record."]);
});

test("an identifier that is too long is left out, not cut into somebody else's", async () => {
  await using shop = await startTestApp();
  const passTemplate = await shop.pushGallery("points-card");
  const recipient = { externalId: "x".repeat(2_001), email: "a@example.com" };
  const { serialNumber } = await shop.issue({ passTemplate, pass: {}, recipient });
  const { record, notes } = await recordOf(shop, serialNumber);
  expect(record.external_id).toBeNull();
  expect(notes).toEqual(["external_id is longer than Klaviyo takes and was left out in the WalletPass record."]);
});

test("the guide names every property and every scope", async () => {
  const guide = await Bun.file(`${ROOT}docs/klaviyo.md`).text();
  for (const { name } of [...WALLET_PASS_PROPERTIES, ...SCOPES]) expect(guide).toContain(`\`${name}\``);
});

import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { noteBackup } from "../src/db/backup.ts";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";

/** Backups as the system page shows them and makes them. */

const DAY_MS = 86_400_000;

let shop: TestApp;
let owner: AdminBrowser;

beforeEach(async () => {
  shop = await startTestApp();
  owner = await signedIn(shop, "owner");
});
afterEach(() => shop[Symbol.asyncDispose]());

const page = () => `/admin/${shop.accountId}/system`;
const folder = () => join(shop.dataDir, "backups");
const press = async () => textOf(await owner.do(`${page()}/backup`));
const noteOneOf = (daysAgo: number) =>
  noteBackup(shop.dataDir, { file: "/elsewhere/old.db", bytes: 3_000_000, at: shop.clock.now() - daysAgo * DAY_MS });

test("an owner makes one, which holds what is there, and sees where it is", async () => {
  const { serialNumber } = await shop.issue({ passTemplate: await shop.pushGallery("points-card"), pass: {} });
  expect(textOf(await owner.page(page()))).toContain("Last none yet Make a backup now");
  const text = await press();
  const [name = ""] = readdirSync(folder());
  expect(text).toMatch(/The backup is made, \d\.\d MB\./);
  expect(text).toContain(`File ${join(folder(), name)}`);
  const copy = new SqliteDatabase(join(folder(), name), { readonly: true });
  expect(copy.prepare("SELECT serial FROM passes").all()).toEqual([{ serial: serialNumber }]);
  copy.close();
});

test("one that takes long is followed on the page, and is not begun twice", async () => {
  const pressed = press();
  while (shop.app.backups.last() === undefined) await new Promise((resolve) => setImmediate(resolve));
  shop.clock.advance(10_000);
  expect(await pressed).toContain("The backup is being made. This page shows when it is done.");
  const html = await owner.page(page());
  expect(html).toContain('data-live="backup" data-refresh');
  expect(html).not.toContain("Make a backup now");
  const again = press();
  await shop.app.backups.start();
  expect(await again).toContain("The backup is made");
  expect(readdirSync(folder())).toHaveLength(1);
  expect(await owner.page(page())).not.toContain("data-refresh");
});

test("where it cannot be made the page says why, until one is", async () => {
  writeFileSync(folder(), "not a folder");
  expect(await press()).toMatch(/No backup was made\. .*EEXIST/);
  expect(textOf(await owner.page(page()))).toMatch(/The one that was started here was not made\. .*EEXIST/);
  expect(existsSync(join(shop.dataDir, "last-backup.json"))).toBe(false);
});

test("an old one is warned of, as doctor does", async () => {
  noteOneOf(7.9);
  expect(textOf(await owner.page(page()))).not.toContain("more than eight days old");
  noteOneOf(8.1);
  const text = textOf(await owner.page(page()));
  expect(text).toContain("The last backup is more than eight days old.");
  expect(text).toContain("Last 8 days ago Size 2.9 MB File /elsewhere/old.db");
  expect(text).toContain("Warning Backup the last one is of");
  expect(text).toContain(`passhook backup /var/backups/passhook --keep 7 --data ${shop.dataDir}`);
});

test("a server without any is warned of when it has run for eight days", async () => {
  shop.clock.advance(9 * DAY_MS);
  const later = await signedIn(shop, "owner", "later@example.com");
  expect(textOf(await later.page(page()))).toContain("No backup was ever made.");
});

test("others see the state, and no button", async () => {
  for (const role of ["viewer", "editor"] as const) {
    const browser = await signedIn(shop, role);
    const text = textOf(await browser.page(page()));
    expect(text).toContain("Last none yet");
    expect(text).not.toContain("Make a backup now");
  }
});

test("one that is being made does not outlive the server", async () => {
  const made = shop.app.backups.start();
  await shop.app[Symbol.asyncDispose]();
  expect(await made).toMatchObject({ state: "failed", reason: expect.stringContaining("It was stopped") });
});

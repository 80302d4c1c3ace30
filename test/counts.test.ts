import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import * as fc from "fast-check";
import type { TemplateList, TemplateObject } from "../src/api/schemas/template.ts";
import { migrateDatabase } from "../src/db/migrate.ts";
import { MIGRATIONS } from "../src/db/migrations.ts";
import { callApi } from "./support/api.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { TEST_NOW } from "./support/clock.ts";
import { phone } from "./support/phone.ts";
import { readRows } from "./support/prepared-shop.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { makeOldDatabase, OLD } from "./support/upgrade-fixture.ts";

const DAY_MS = 86_400_000;

let shop: TestApp;
beforeAll(async () => {
  shop = await startTestApp();
});
afterAll(() => shop[Symbol.asyncDispose]());

const countsOf = async (id: string) => {
  const { body } = await callApi<TemplateObject>(shop, "GET", `/v1/pass_templates/${id}`);
  expect([body.issued_pass_count, body.installed_pass_count]).toEqual([body.issuedPassCount, body.installedPassCount]);
  const { body: list } = await callApi<TemplateList>(shop, "GET", "/v1/pass_templates");
  const listed = list.pass_templates.find((one) => one.id === id);
  expect([listed?.issuedPassCount, listed?.installedPassCount]).toEqual([
    body.issuedPassCount,
    body.installedPassCount,
  ]);
  return { issued: body.issuedPassCount, installed: body.installedPassCount };
};

/** By looking at every pass. */
const counted = (id: string) =>
  readRows<{ issued: number; installed: number }>(
    shop.dataDir,
    `SELECT count(*) AS issued, count(*) FILTER (WHERE state = 'active' AND installed_at IS NOT NULL) AS installed
     FROM passes WHERE template_id = '${id}'`,
  )[0];

type Step = "issue" | "register" | "unregister" | "update" | "void" | "delete" | "tomorrow";
const step: fc.Arbitrary<{ what: Step; pass: number; device: number }> = fc.record({
  what: fc.constantFrom<Step>(
    "issue",
    "register",
    "register",
    "unregister",

    "update",
    "void",
    "delete",
    "tomorrow",
  ),
  pass: fc.nat(3),
  device: fc.nat(1),
});

test("counts of any lives are what counting the passes gives", async () => {
  const template = await shop.pushGallery("points-card");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      const serials: string[] = [];
      for (const { what, pass, device } of steps) {
        const serial = serials[pass];
        const reference = { accountId: shop.accountId, serial: serial ?? "" };
        const held = phone(shop, serial ?? "", `phone-${device}`);
        if (what === "issue" && serials.length < 4) {
          serials.push((await shop.issue({ passTemplate: template, pass: {} })).serialNumber);
        } else if (what === "tomorrow") shop.clock.advance(DAY_MS);
        else if (serial === undefined) continue;
        else if (what === "register") await held.register();
        else if (what === "unregister") await held.unregister();
        else if (what === "delete") await shop.app.updater.remove(reference);
        else if (what === "void") await shop.app.updater.setVoided(reference, true).catch(() => {});
        else if (what === "update") {
          const given = new Map([["points-balance", { kind: "text", text: String(shop.clock.now()) } as const]]);
          await shop.app.updater.update(reference, { given, mode: "merge" }).catch(() => {});
        }
      }
      expect(await countsOf(template)).toEqual(counted(template) ?? { issued: -1, installed: -1 });
    }),
    { numRuns: 40 },
  );
}, 60_000);

test("what happened is counted on its day, in UTC", async () => {
  const template = await shop.pushGallery("coupon");
  const pass = { offer: "20 % off", "coupon-code": "AUTUMN20" };
  shop.clock.set(Date.UTC(2027, 0, 31, 23, 59, 59, 999));
  const { serialNumber } = await shop.issue({ passTemplate: template, pass });
  await phone(shop, serialNumber).register();
  shop.clock.advance(1);
  await shop.issue({ passTemplate: template, pass });
  await shop.issue({ passTemplate: template, pass });
  await shop.app.updater.remove({ accountId: shop.accountId, serial: serialNumber });
  const rows = readRows<{ date: string; kind: string; count: number }>(
    shop.dataDir,
    `SELECT date(day * 86400, 'unixepoch') AS date, kind, count FROM daily_counts WHERE template_id = '${template}' ORDER BY day, kind`,
  );
  expect(rows).toEqual([
    { date: "2027-01-31", kind: "created", count: 1 },
    { date: "2027-01-31", kind: "installed", count: 1 },
    { date: "2027-02-01", kind: "created", count: 2 },
    { date: "2027-02-01", kind: "deleted", count: 1 },
    { date: "2027-02-01", kind: "deleted_installed", count: 1 },
  ]);
});

test("what an older program recorded is counted by the upgrade", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "passhook.db");
  makeOldDatabase(path, MIGRATIONS.slice(0, 1));
  const client = new SqliteDatabase(path);
  const event = client.prepare(
    "INSERT INTO pass_events (serial, kind, version, at, changed_fields) VALUES (?, ?, 1, ?, '[]')",
  );
  client.exec(`UPDATE pass_events SET at = ${TEST_NOW}`);
  for (const at of [TEST_NOW, TEST_NOW + DAY_MS]) event.run(OLD.serial, "updated", at);
  event.run(OLD.serial, "installed", TEST_NOW);
  event.run(OLD.serial, "deleted", TEST_NOW + DAY_MS);
  client.exec(`UPDATE passes SET state = 'deleted', installed_at = ${TEST_NOW}`);
  migrateDatabase(path, TEST_NOW);
  const day = Math.floor(TEST_NOW / DAY_MS);
  const rows = client
    .prepare("SELECT account_id, template_id, kind, day, count FROM daily_counts ORDER BY day, kind")
    .raw()
    .all();
  client.close();
  expect(rows).toEqual(
    [
      ["created", day],
      ["installed", day],
      ["updated", day],
      ["deleted", day + 1],
      ["deleted_installed", day + 1],
      ["updated", day + 1],
    ].map(([kind, on]) => [OLD.accountId, OLD.templateId, kind, on, 1]),
  );
});

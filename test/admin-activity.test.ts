import { afterAll, beforeAll, expect, test } from "bun:test";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { phone } from "./support/phone.ts";
import { readRows } from "./support/prepared-shop.ts";
import { seededRandom } from "./support/random.ts";
import { SAFARI_IPHONE } from "./support/user-agents.ts";

const DAY_MS = 86_400_000;

let shop: TestApp;
let owner: AdminBrowser;
const templates: string[] = [];

/** Passes of two templates that are issued, fetched, installed, removed and ended over half a year. */
beforeAll(async () => {
  shop = await startTestApp();
  templates.push(await shop.pushGallery("points-card"), await shop.pushTemplate());
  const random = seededRandom(7);
  const alive: string[] = [];
  for (let i = 0; i < 120; i++) {
    shop.clock.advance(Math.floor(random() * 3 * DAY_MS));
    const passTemplate = templates[random() < 0.7 ? 0 : 1] ?? "";
    const { serialNumber } = await shop.issue({ passTemplate, pass: {} });
    alive.push(serialNumber);
    const other = alive[Math.floor(random() * alive.length)] ?? serialNumber;
    if (random() < 0.6) await shop.request(`/p/${other}`, { headers: { "user-agent": SAFARI_IPHONE } });
    if (random() < 0.6) await phone(shop, other).register();
    if (random() < 0.3) await phone(shop, other).unregister();
    if (random() < 0.15) {
      await shop.app.updater.remove({ accountId: shop.accountId, serial: other });
      alive.splice(alive.indexOf(other), 1);
    }
  }
  owner = await signedIn(shop, "owner");
});
afterAll(() => shop[Symbol.asyncDispose]());

/** From every event of every pass, by day. */
function bruteForce(template: string | undefined, fromDay: number) {
  const events = readRows<{ kind: string; day: number; held: number; template: string }>(
    shop.dataDir,
    `SELECT e.kind, e.at / ${DAY_MS} AS day, p.template_id AS template, p.installed_at IS NOT NULL AS held
     FROM pass_events e JOIN passes p ON p.serial = e.serial`,
  );
  const fetched = readRows<{ kind: string; day: number; held: number; template: string }>(
    shop.dataDir,
    `SELECT 'fetched' AS kind, fetched_at / ${DAY_MS} AS day, template_id AS template, 0 AS held
     FROM passes WHERE fetched_at IS NOT NULL`,
  );
  const meant = [...events, ...fetched].filter(
    (event) => event.day >= fromDay && (template === undefined || event.template === template),
  );
  const count = (isMeant: (event: (typeof events)[number]) => boolean) => meant.filter(isMeant).length;
  return {
    issued: count(({ kind }) => kind === "created"),
    fetched: count(({ kind }) => kind === "fetched"),
    installed: count(({ kind }) => kind === "installed"),
    removed: count(({ kind, held }) => kind === "uninstalled" || (kind === "deleted" && held === 1)),
  };
}

const today = () => Math.floor(shop.clock.now() / DAY_MS);
const cellsOf = (html: string): number[][] => {
  const table = /<table aria-label="Passes issued.*?<\/table>/s.exec(html)?.[0] ?? "";
  return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .slice(1)
    .map(([, row]) => [...(row ?? "").matchAll(/<td[^>]*>(\d+)<\/td>/g)].map(([, cell]) => Number(cell)));
};

test.each([
  [30, 30, 30],
  [90, 90, 90],
  [365, 53, 371],
])("over %p days there are %p steps, and they are what the passes' lives give", async (days, steps, covered) => {
  for (const template of [undefined, ...templates]) {
    const query = new URLSearchParams({ days: String(days), ...(template ? { template } : {}) });
    const html = await owner.page(`/admin/${shop.accountId}?${query}`);
    const rows = cellsOf(html);
    expect(rows).toHaveLength(steps);
    const sums = [0, 1, 2].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0));
    const expected = bruteForce(template, today() - covered + 1);
    expect(sums).toEqual([expected.issued, expected.installed, expected.removed]);
    expect(textOf(html)).toMatch(
      new RegExp(
        `Issued ${expected.issued} Opened by a person ${expected.fetched} \\d+ % Added to a wallet ${expected.installed} `,
      ),
    );
    // The first row is today's: the newest first.
    if (steps === days) {
      const now = bruteForce(template, today());
      expect(rows[0]).toEqual([now.issued, now.installed, now.removed]);
    }
  }
});

test("the drawing has no style of its own, and nothing is drawn where nothing was issued", async () => {
  const html = await owner.page(`/admin/${shop.accountId}`);
  expect(html).toContain('aria-label="Passes issued, added to a wallet and removed from it"');
  expect(html).not.toMatch(/style="/);
  const other = await shop.app.accounts.create("Other");
  expect(await owner.page(`/admin/${other.id}`)).not.toContain("Passes over time");
});

test("a pass that is fetched twice counts once", async () => {
  const before = bruteForce(undefined, 0).fetched;
  const { serialNumber } = await shop.issue({ passTemplate: templates[0], pass: {} });
  const get = () => shop.request(`/p/${serialNumber}`, { headers: { "user-agent": SAFARI_IPHONE } });
  await Promise.all([get(), get(), get()]);
  await shop.app.db.transaction(async () => {});
  const [row] = readRows<{ n: number }>(
    shop.dataDir,
    "SELECT sum(count) AS n FROM daily_counts WHERE kind = 'fetched'",
  );
  expect(row?.n).toBe(before + 1);
});

import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { PROFILE, startConnectedShop } from "./support/connected-shop.ts";

/** The overview's view of an account's webhooks, and of how soon Klaviyo knows. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MIA = { email: "mia@shop.example.org" };

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  spyOn(performance, "now").mockRestore();
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});
function kept<T extends AsyncDisposable>(one: T): T {
  opened.push(one);
  return one;
}

let visits = 0;
/** What a viewer who comes now finds on an account's overview. */
async function overview(shop: TestApp, accountId = shop.accountId): Promise<{ html: string; text: string }> {
  const viewer = await signedIn(shop, "viewer", `viewer${visits++}@example.com`);
  const html = await viewer.page(`/admin/${accountId}`);
  return { html, text: textOf(html) };
}

/** What came in each hour, the present one first: taken, refused, asked to come again. */
function hoursIn(html: string): number[][] {
  const table = /<table aria-label="Webhooks of each hour".*?<\/table>/s.exec(html)?.[0] ?? "";
  const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].slice(1);
  return rows.map(([, row]) => [...(row ?? "").matchAll(/<td[^>]*>(\d+)<\/td>/g)].map(([, cell]) => Number(cell)));
}

describe("webhooks", () => {
  test("are counted by what came of them: those of the account, and nothing else that happens to its passes", async () => {
    const shop = kept(await startTestApp());
    const other = await shop.app.accounts.create("Other");
    const template = await shop.pushGallery("points-card");
    const send = (points: string) =>
      shop.post({ passTemplate: template, pass: { "points-balance": points }, recipient: MIA });
    const call = (path: string, body: unknown = {}) =>
      shop.request(`/v1/passes/${template}/${path}`, {
        method: "POST",
        headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
        body: JSON.stringify(body),
      });
    for (const points of ["1", "2", "2"]) {
      await send(points);
      shop.clock.advance(1_000);
    }
    await send("many");
    await shop.post("{}");
    await call("by-recipient/void", { recipient: MIA });
    shop.clock.advance(1_000);
    await call("by-recipient/void", { recipient: MIA });
    await call("by-recipient/void", { recipient: { email: "nobody@example.com" } });
    // A wrong key is nobody's; looking, and what admins do, are no webhooks.
    await shop.post("{}", { "x-api-key": "wrong" });
    await shop.request(`/v1/passes?limit=1`, { headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId } });
    const { items } = await shop.app.data.search.page({ accountId: shop.accountId }, { limit: 1 });
    const serial = items[0]?.pass.serial ?? "";
    await shop.app.updater.setVoided({ accountId: shop.accountId, serial }, false);

    const { html, text } = await overview(shop);
    expect(text).toContain("Taken 5 Refused 3 Asked to come again 0");
    expect(text).toContain("1 made a pass, 2 changed one, 2 said nothing new");
    expect(text).toContain("Last hour 8, 0.1 a minute");
    expect(html).toContain(`href="/admin/${shop.accountId}/rejected">See why`);
    expect((await overview(shop, other.id)).html).not.toContain("Webhooks received");
  });

  test("that could not be taken are shown as asked to come again", async () => {
    const shop = kept(await startTestApp());
    const template = await shop.pushGallery("points-card");
    await shop.issue({ passTemplate: template, pass: {}, recipient: MIA });
    const other = new SqliteDatabase(join(shop.dataDir, "passhook.db"));
    other.exec("BEGIN IMMEDIATE");
    // Patience ends at once.
    let at = 0;
    spyOn(performance, "now").mockImplementation(() => (at += 1_000));
    const answers = [
      await shop.post({ passTemplate: template, pass: {}, recipient: { email: "noah@shop.example.org" } }),
      // What is refused must be kept, which cannot be done either.
      await shop.post("{}"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    other.close();
    spyOn(performance, "now").mockRestore();
    expect((await overview(shop)).text).toContain("Taken 1 Refused 0 Asked to come again 2");
  });

  test("go back a day, hour by hour, and say so once there is one", async () => {
    const shop = kept(await startTestApp());
    const template = await shop.pushGallery("points-card");
    const issue = (n: number) => shop.issue({ passTemplate: template, pass: { "points-balance": n }, recipient: MIA });
    const nothing = Array.from({ length: 24 }, () => [0, 0, 0]);
    await issue(1);
    await issue(2);
    shop.clock.advance(3 * HOUR_MS);
    await issue(3);
    const { html, text } = await overview(shop);
    expect(text).toContain("since the server started 3 hours ago");
    expect(hoursIn(html)).toEqual(nothing.with(0, [1, 0, 0]).with(3, [2, 0, 0]));
    expect(html).not.toMatch(/style="/);

    shop.clock.advance(22 * HOUR_MS);
    const later = await overview(shop);
    expect(later.text).toContain("in the last 24 hours");
    expect(hoursIn(later.html)).toEqual(nothing.with(22, [1, 0, 0]));
    shop.clock.advance(2 * HOUR_MS);
    expect((await overview(shop)).text).toContain("None came");
  });

  test("are shown before the first pass, too, where all of them were refused", async () => {
    const shop = kept(await startTestApp());
    expect((await overview(shop)).html).not.toContain("Webhooks received");
    await shop.post("{}");
    expect((await overview(shop)).text).toContain("Taken 0 Refused 1");
  });
});

describe("Klaviyo", () => {
  test("knows after as long as it took from the change on; what waits is told with its age", async () => {
    const { shop, template } = kept(await startConnectedShop({ working: false }));
    const issue = (n: number) =>
      shop.issue({ passTemplate: template, pass: {}, recipient: { email: `person${n}@shop.example.org` } });
    for (let n = 0; n < 3; n++) await issue(n);
    shop.clock.advance(4 * MINUTE_MS);
    const before = await overview(shop);
    expect(before.text).toContain("Half of the changes – 95 of 100 – Changes told 0");
    expect(before.text).toContain("Messages waiting 6 the oldest came 4 minutes ago");
    expect(before.html).toContain(`href="/admin/${shop.accountId}/klaviyo"`);
    for (let n = 3; n < 8; n++) await issue(n);
    shop.clock.advance(4_000);
    shop.app.worker.start();
    await shop.app.worker.idle();
    expect((await overview(shop)).text).toContain(
      "Half of the changes ≤ 5 s 95 of 100 ≤ 5 min Changes told 8 Messages waiting 0",
    );
  });

  test("is not said to know late what a resync only repeats", async () => {
    const { shop, issue, advance, writes } = kept(await startConnectedShop());
    await issue(MIA);
    await shop.app.klaviyo.resyncs.start({ accountId: shop.accountId });
    await advance(HOUR_MS);
    expect(writes().filter(({ path }) => path === PROFILE)).toHaveLength(2);
    const { text } = await overview(shop);
    expect(text).toContain("95 of 100 ≤ 1 s Changes told 1 Messages waiting 0");
  });

  test("knows nothing of a sandbox, and its delay is not told", async () => {
    const shop = kept(await startTestApp());
    await shop.issue({ passTemplate: await shop.pushGallery("points-card"), pass: {}, recipient: MIA });
    shop.app.worker.start();
    await shop.app.worker.idle();
    const { text } = await overview(shop);
    expect(text).toContain("This account is a sandbox");
    expect(text).not.toContain("Changes told");
  });
});

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { PUBLIC_URL } from "../support/app.ts";
import { barriersOf } from "../support/browser/axe.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { type FurnishedShop, startFurnishedShop } from "../support/browser/furnished-shop.ts";
import { keepPicture } from "../support/browser/screenshots.ts";
import { browse, PHONE, type ShopBrowser, WIDE } from "../support/browser/shop-browser.ts";
import { pageRoutes, siteMap } from "../support/browser/site-map.ts";

/** What differs between a light and a dark page are its colours, so everything else is looked at once for each width. */
const LOOKS = [
  { look: "wide and light", viewport: WIDE, colorScheme: "light", rule: undefined },
  { look: "wide and dark", viewport: WIDE, colorScheme: "dark", rule: "color-contrast" },
  { look: "on a phone, light", viewport: PHONE, colorScheme: "light", rule: "color-contrast" },
  { look: "on a phone, dark", viewport: PHONE, colorScheme: "dark", rule: undefined },
] as const;

/** Addresses that answer a file or lead on. */
const FILES = [
  "/admin/:account/passes/export",
  "/admin/:account/certificates/add/file",
  "/admin/:account/templates/:template/images/:version/:file",
];

describe.skipIf(noChromium !== undefined)("every page of the admin site", () => {
  let furnished: FurnishedShop;
  let browser: ShopBrowser;
  let routes: readonly string[];
  /** An address for each route. */
  let pages: Map<string, string>;

  beforeAll(async () => {
    furnished = await startFurnishedShop();
    browser = await browse(furnished.shop);
    await using owner = await browser.signedIn("owner");
    routes = pageRoutes(furnished.shop);
    pages = await siteMap(owner.page, addressOf("/"), { routes, files: FILES });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await furnished?.[Symbol.asyncDispose]();
  });
  const addressOf = (path: string) => `${PUBLIC_URL}/admin/${furnished.shop.accountId}${path === "/" ? "" : path}`;

  test("can be found by its links", () => {
    expect([...pages.keys(), ...FILES].toSorted()).toEqual(routes.toSorted());
  });

  /** What of the page as it is shown now could be better, for everybody. */
  async function faultsOf(page: Page, rule?: string): Promise<string[]> {
    const faults = await barriersOf(page, rule);
    const [headings, tooWide] = await page.evaluate(() => [
      document.querySelectorAll("h1").length,
      document.documentElement.scrollWidth - window.innerWidth,
    ]);
    if (headings !== 1) faults.push(`${headings} headings of the first rank`);
    if ((tooWide ?? 0) > 0) faults.push(`${tooWide} pixels wider than the window`);
    return faults;
  }

  test.each(LOOKS)("keeps nobody out and complains of nothing: $look", async ({ look, rule, ...options }) => {
    await using owner = await browser.signedIn("owner", options);
    const { page } = owner;
    const faults: string[] = [];
    for (const [route, url] of pages) {
      expect((await page.goto(url))?.status()).toBe(200);
      faults.push(...(await faultsOf(page, rule)).map((fault) => `${route}: ${fault}`), ...owner.complaints());
      if (rule === undefined) await keepPicture(page, `${nameOf(route)} ${look}`);
    }
    expect(faults).toEqual([]);
  });

  test("where there is nothing yet, too", async () => {
    const { shop } = furnished;
    const { id } = await shop.app.accounts.create("New brand");
    await using owner = await browser.signedIn("owner");
    const { page } = owner;
    const faults: string[] = [];
    for (const [route] of [...pages].filter(([path]) => path.split(":").length === 2)) {
      expect((await page.goto(route.replace(":account", id)))?.status()).toBe(200);
      const found = await faultsOf(page, "color-contrast");
      faults.push(...found.map((fault) => `${route}: ${fault}`), ...owner.complaints());
      await keepPicture(page, `${nameOf(route)} empty`);
    }
    expect(faults).toEqual([]);
  });

  test.each(LOOKS)(
    "and those for somebody who is not signed in, or may not: $look",
    async ({ look, rule, ...options }) => {
      const { access } = furnished.shop.app;
      const { url: invitation } = await access.links.invite(`${look.replaceAll(/\W/g, "")}@shop.example`, "editor");
      await using viewer = await browser.signedIn("viewer", options);
      await using stranger = await browser.open(options);
      const faults: string[] = [];
      for (const [name, { page, complaints }, address, status] of [
        ["sign in", stranger, addressOf("/keys"), 200],
        ["invitation", stranger, invitation, 200],
        ["unknown link", stranger, "/admin/link/unknown", 404],
        ["nothing there", viewer, addressOf("/nothing"), 404],
        ["not allowed", viewer, addressOf("/settings"), 403],
      ] as const) {
        expect([name, (await page.goto(address))?.status()]).toEqual([name, status]);
        faults.push(...(await faultsOf(page, rule)).map((fault) => `${name}: ${fault}`));
        // Browsers report in the console that a page is an answer like 404.
        faults.push(...complaints().filter((complaint) => status === 200 || !complaint.includes(` ${status} `)));
        if (rule === undefined) await keepPicture(page, `${name} ${look}`);
      }
      expect(faults).toEqual([]);
    },
  );
});

const nameOf = (route: string): string => `admin ${route.split("/").slice(3).join(" ").replaceAll(":", "one ")}`.trim();

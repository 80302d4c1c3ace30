import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { PUBLIC_URL } from "../support/app.ts";
import { barriersOf } from "../support/browser/axe.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { type FurnishedShop, startFurnishedShop } from "../support/browser/furnished-shop.ts";
import { keepPicture } from "../support/browser/screenshots.ts";
import { browse, PHONE, type ShopBrowser, WIDE } from "../support/browser/shop-browser.ts";
import { pageRoutes, siteMap } from "../support/browser/site-map.ts";

const LOOKS = [
  { look: "wide", viewport: WIDE, colorScheme: "light" },
  { look: "on a phone", viewport: PHONE, colorScheme: "dark" },
] as const;

/** Addresses that answer a file, or a part of a page that changes while it is looked at. */
const FILES = [
  "/admin/:account/passes/export",
  "/admin/:account/certificates/add/file",
  "/admin/:account/files/:id/results",
  "/admin/:account/klaviyo/flow/:template/:does/live",
  "/admin/:account/klaviyo/object/live",
  "/admin/:account/klaviyo/resync/live",
  "/admin/:account/templates/:template/design/images/:edition/:file",
  "/admin/:account/templates/:template/images/:version/:file",
  "/admin/:account/templates/new/images/:edition/:name/:file",
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

  /** What of the page could be better, for everybody. In the other colours than now, only colours are looked at. */
  async function faultsOf(page: Page): Promise<string[]> {
    const faults = await barriersOf(page);
    const [headings, tooWide] = await page.evaluate(() => [
      document.querySelectorAll("h1").length,
      document.documentElement.scrollWidth - window.innerWidth,
    ]);
    if (headings !== 1) faults.push(`${headings} headings of the first rank`);
    if ((tooWide ?? 0) > 0) faults.push(`${tooWide} pixels wider than the window`);
    const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
    await page.emulateMedia({ colorScheme: isDark ? "light" : "dark" });
    await page.evaluate(() => {
      for (const animation of document.getAnimations()) animation.finish();
    });
    faults.push(...(await barriersOf(page, "color-contrast")).map((fault) => `in other colours: ${fault}`));
    await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
    return faults;
  }

  test.each(LOOKS)("keeps nobody out and complains of nothing: $look", async ({ look, ...options }) => {
    await using owner = await browser.signedIn("owner", options);
    const { page } = owner;
    const faults: string[] = [];
    for (const [route, url] of pages) {
      expect((await page.goto(url))?.status()).toBe(200);
      await keepPicture(page, `${nameOf(route)} ${look}`);
      faults.push(...(await faultsOf(page)).map((fault) => `${route}: ${fault}`), ...owner.complaints());
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
      await keepPicture(page, `${nameOf(route)} empty`);
      faults.push(...(await barriersOf(page)).map((fault) => `${route}: ${fault}`), ...owner.complaints());
    }
    expect(faults).toEqual([]);
  });

  test.each(LOOKS)("and those for somebody who is not signed in, or may not: $look", async ({ look, ...options }) => {
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
      faults.push(...(await faultsOf(page)).map((fault) => `${name}: ${fault}`));
      // Browsers report in the console that a page is an answer like 404.
      faults.push(...complaints().filter((complaint) => status === 200 || !complaint.includes(` ${status} `)));
      await keepPicture(page, `${name} ${look}`);
    }
    expect(faults).toEqual([]);
  });
});

const nameOf = (route: string): string => `admin ${route.split("/").slice(3).join(" ").replaceAll(":", "one ")}`.trim();

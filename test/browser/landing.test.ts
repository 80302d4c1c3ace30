import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { LANDING_TEXTS } from "../../src/web/landing/texts/index.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "../support/app.ts";
import { barriersOf } from "../support/browser/axe.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { scannedCodes } from "../support/browser/scanned-codes.ts";
import { keepPicture } from "../support/browser/screenshots.ts";
import { browse, PHONE, type ShopBrowser, TABLET, WIDE } from "../support/browser/shop-browser.ts";
import { BARCODE, issueStyledPasses, type StyledPass } from "../support/browser/styled-passes.ts";
import { CHROME_ANDROID, IN_APP, SAFARI_MAC } from "../support/user-agents.ts";

describe.skipIf(noChromium !== undefined)("the page behind a wallet link", () => {
  let shop: TestApp;
  let browser: ShopBrowser;
  let passes: readonly StyledPass[];
  let card: string;

  beforeAll(async () => {
    shop = await startTestApp();
    browser = await browse(shop);
    passes = await issueStyledPasses(shop);
    card = `/p/${passes.find(({ name }) => name === "points-card")?.serial}`;
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });

  /** Whether the pass stands whole in the window's width, and nothing makes the page wider. */
  const layoutOf = (page: Page) =>
    page.evaluate(() => {
      const box = document.querySelector(".pass-card")?.getBoundingClientRect();
      return {
        tooWide: Math.max(0, document.documentElement.scrollWidth - innerWidth),
        pass: box !== undefined && box.left >= 0 && box.right <= innerWidth && box.width >= 260,
      };
    });
  const WELL = { tooWide: 0, pass: true };

  describe.each([
    { look: "phone light", viewport: PHONE, colorScheme: "light", rule: undefined },
    { look: "phone dark", viewport: PHONE, colorScheme: "dark", rule: "color-contrast" },
    { look: "tablet light", viewport: TABLET, colorScheme: "light", rule: "color-contrast" },
    { look: "wide light", viewport: WIDE, colorScheme: "light", rule: "color-contrast" },
    { look: "wide dark", viewport: WIDE, colorScheme: "dark", rule: undefined },
  ] as const)("$look", ({ look, rule, ...options }) => {
    test("shows passes of every style whole, with a code that a scanner reads, and keeps nobody out", async () => {
      await using visitor = await browser.open({ ...options, userAgent: SAFARI_MAC, deviceScaleFactor: 2 });
      const { page } = visitor;
      for (const { name, serial } of passes) {
        await page.goto(`/p/${serial}`);
        expect([name, await layoutOf(page)]).toEqual([name, WELL]);
        expect([name, await barriersOf(page, rule)]).toEqual([name, []]);
        if (rule !== undefined) continue;
        expect([name, await scannedCodes(await page.locator(".pass-code").first().screenshot())]).toEqual([
          name,
          [BARCODE],
        ]);
        await keepPicture(page, `landing ${name} ${look}`);
      }
      // The code for the phone leads to the page itself.
      const code = await page.locator(".scan-code").screenshot();
      expect(await scannedCodes(code)).toEqual([page.url()]);
      expect(visitor.complaints()).toEqual([]);
    });
  });

  test("on a wide screen the button is seen without scrolling, and saves the pass", async () => {
    await using visitor = await browser.open({ userAgent: SAFARI_MAC });
    const { page } = visitor;
    await page.goto(card);
    const button = page.getByRole("link", { name: "Add to Apple Wallet" });
    const { y, height } = (await button.boundingBox()) ?? { y: Number.NaN, height: 0 };
    expect([y + height < WIDE.height, height >= 44]).toEqual([true, true]);
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
    expect(download.suggestedFilename()).toEndWith(".pkpass");
  });

  test.each(LANDING_TEXTS.map(({ language }) => language))("speaks %s", async (language) => {
    await using visitor = await browser.open({ userAgent: SAFARI_MAC, locale: language, viewport: PHONE });
    const { page } = visitor;
    const texts = LANDING_TEXTS.find((one) => one.language === language);
    await page.goto(card);
    await page.getByRole("heading", { name: texts?.heading.storeCard ?? "" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe(language);
    expect(await layoutOf(page)).toEqual(WELL);
    await page.goto(`/p/${"0".repeat(26)}`);
    await page.getByRole("heading", { name: texts?.notices.notFound.title ?? "" }).waitFor();
    expect((await layoutOf(page)).tooWide).toBe(0);
  });

  test("in the browsers of apps shows the way out, above the pass", async () => {
    const [known, unknown] = [
      IN_APP.find(([, app]) => app === "Instagram"),
      IN_APP.find(([, app]) => app === undefined),
    ];
    for (const [userAgent = "", app] of [known ?? [], unknown ?? []]) {
      await using visitor = await browser.open({ userAgent, viewport: PHONE, isMobile: true, hasTouch: true });
      const { page } = visitor;
      await page.goto(card);
      await page.getByRole("heading", { name: "Open this page in Safari" }).waitFor();
      const steps = (await page.getByRole("list").boundingBox())?.y ?? Number.NaN;
      expect(steps).toBeLessThan((await page.locator("#pass").boundingBox())?.y ?? Number.NaN);
      expect(await page.getByText(`${PUBLIC_URL}${card}`).isVisible()).toBe(true);
      expect(await page.getByRole("link", { name: "Add to Apple Wallet" }).count()).toBe(app === undefined ? 1 : 0);
      expect([app, await layoutOf(page)]).toEqual([app, WELL]);
      if (app === "Instagram") {
        expect(await barriersOf(page)).toEqual([]);
        await keepPicture(page, "landing in an app");
      }
      expect(visitor.complaints()).toEqual([]);
    }
  });

  test("on Android shows the code as large as the screen, and goes back to the pass", async () => {
    const options = {
      userAgent: CHROME_ANDROID,
      viewport: PHONE,
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 2,
    };
    await using visitor = await browser.open(options);
    const { page } = visitor;
    for (const { name, serial } of passes) {
      await page.goto(`/p/${serial}`);
      const small = await page.locator("#pass .pass-code-bars").boundingBox();
      await page.getByRole("link", { name: "Show the code large" }).tap();
      const large = page.locator("#code");
      await large.waitFor();
      const bars = await large.locator(".pass-code-bars").boundingBox();
      expect((bars?.width ?? 0) / (small?.width ?? 1)).toBeGreaterThan(1);
      expect([name, await scannedCodes(await page.screenshot())]).toEqual([name, [BARCODE]]);
      await keepPicture(page, `landing ${name} large code`);
      await page.getByRole("link", { name: "Close" }).tap();
      await large.waitFor({ state: "hidden" });
    }
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole("link", { name: "Show the code large" }).tap();
    expect(await barriersOf(page)).toEqual([]);
    expect(visitor.complaints()).toEqual([]);
  });

  test("of a pass that has ended shows it as such", async () => {
    const { serialNumber: serial } = await shop.issue({
      passTemplate: await shop.pushGallery("coupon"),
      pass: { offer: "20 % off", "coupon-code": "AUTUMN20" },
      recipient: { email: "void@example.com" },
    });
    await shop.app.updater.setVoided({ accountId: shop.accountId, serial }, true);
    for (const colorScheme of ["light", "dark"] as const) {
      await using visitor = await browser.open({ colorScheme, viewport: PHONE, userAgent: SAFARI_MAC });
      const { page } = visitor;
      await page.goto(`/p/${serial}`);
      await page.getByRole("heading", { name: "This pass is no longer valid" }).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await keepPicture(page, `landing void ${colorScheme}`);
      expect(visitor.complaints()).toEqual([]);
    }
  });
});

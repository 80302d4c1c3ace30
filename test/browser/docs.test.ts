import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC_URL, startTestApp, type TestApp } from "../support/app.ts";
import { barriersOf } from "../support/browser/axe.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { browse, PHONE, type ShopBrowser, TABLET, WIDE } from "../support/browser/shop-browser.ts";

const LOOKS = [
  ["wide and light", { viewport: WIDE, colorScheme: "light" }],
  ["on a tablet", { viewport: TABLET, colorScheme: "light" }],
  ["on a phone, dark", { viewport: PHONE, colorScheme: "dark" }],
] as const;

describe.skipIf(noChromium !== undefined)("the reference of the API", () => {
  let shop: TestApp;
  let browser: ShopBrowser;
  beforeAll(async () => {
    shop = await startTestApp();
    browser = await browse(shop);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });
  const address = `${PUBLIC_URL}/docs`;

  test.each(LOOKS)("keeps nobody out and complains of nothing: %s", async (_, options) => {
    await using reader = await browser.open(options);
    const { page } = reader;
    expect((await page.goto(address))?.status()).toBe(200);
    // What is folded away is part of it.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("main details")) details.setAttribute("open", "");
    });
    expect(await barriersOf(page)).toEqual([]);
    const [headings, tooWide] = await page.evaluate(() => [
      document.querySelectorAll("h1").length,
      document.documentElement.scrollWidth - window.innerWidth,
    ]);
    expect([headings, tooWide]).toEqual([1, 0]);
    expect(reader.complaints()).toEqual([]);
  });

  test("leads from the contents to a call, and its example can be taken along", async () => {
    await using reader = await browser.open({ permissions: ["clipboard-read", "clipboard-write"] });
    const { page } = reader;
    await page.goto(address);
    const entry = page.locator(".side").getByRole("link", { name: "Issue a pass" });
    await entry.click();
    expect(page.url()).toBe(`${address}#issuePass`);
    await page.locator('.side a[aria-current="true"]').waitFor();
    expect(await page.locator('.side a[aria-current="true"]').getAttribute("href")).toBe("#issuePass");
    await page.locator("#issuePass").getByRole("button", { name: "Copy" }).first().click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toStartWith(`curl ${PUBLIC_URL}/v1/passes \\\n`);
  });

  test("on a phone the contents give way to what was asked for", async () => {
    await using reader = await browser.open({ viewport: PHONE });
    const { page } = reader;
    await page.goto(address);
    await page.getByText("Contents", { exact: true }).click();
    await page.locator(".menu").getByRole("link", { name: "Send a ping" }).click();
    expect(await page.locator(".menu[open]").count()).toBe(0);
    expect(page.url()).toBe(`${address}#testWebhook`);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import { startTestApp, type TestApp } from "../support/app.ts";
import { barriersOf } from "../support/browser/axe.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { keepPicture } from "../support/browser/screenshots.ts";
import { browse, PHONE, type ShopBrowser, TABLET, WIDE } from "../support/browser/shop-browser.ts";

describe.skipIf(noChromium !== undefined)("the form of the designer", () => {
  let shop: TestApp;
  let browser: ShopBrowser;
  let path: string;

  beforeAll(async () => {
    shop = await startTestApp();
    browser = await browse(shop);
  });
  beforeEach(async () => {
    path = `/admin/${shop.accountId}/templates/${await shop.pushGallery("coupon")}/design`;
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });

  const input = (page: Page, name: string) => page.locator(`[name="${name}"]`);
  const openAll = (page: Page) =>
    page.evaluate(() => {
      for (const details of document.querySelectorAll("main details")) details.setAttribute("open", "");
    });

  test("says what is wrong at the input, and leads there from the summary", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    await page.locator("#when > summary").click();
    await input(page, "pass.expirationDate").fill("soon");
    await page.locator('.field.wrong:has([name="pass.expirationDate"]) .error').waitFor();
    expect(await input(page, "pass.expirationDate").getAttribute("aria-invalid")).toBe("true");
    await page.locator("#when > summary").click();
    await page.locator(".findings").getByRole("link", { name: "Valid until" }).click();
    expect(await input(page, "pass.expirationDate").evaluate((it) => it === document.activeElement)).toBe(true);
    await input(page, "pass.expirationDate").fill("{{valid-until}}");
    await page.getByText("Nothing to mend").waitFor();
    expect(await page.locator(".field.wrong").count()).toBe(0);
    expect(editor.complaints()).toEqual([]);
  });

  test("adds and moves fields by the keyboard", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    await page.locator('button[value="add front.secondaryFields"]').press("Enter");
    const label = input(page, "front.secondaryFields.2.label");
    await label.waitFor();
    expect(await label.evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.type("Extra");
    await page.keyboard.press("Tab");
    await page.locator(".chip", { hasText: "{{offer}}" }).click();
    await page.locator(".pass-row dd", { hasText: "20 % off" }).waitFor();
    await page.locator('button[value="up front.secondaryFields 2"]').press("Enter");
    await page.locator('[id="front.secondaryFields.1"] > summary', { hasText: "Extra" }).waitFor();
    expect(await input(page, "front.secondaryFields.1.value").inputValue()).toBe("{{offer}}");
    expect(editor.complaints()).toEqual([]);
  });

  test("does what is pressed while it is sending, and nothing to what stands elsewhere by then", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    const items = page.locator('[data-list="front.backFields"] > .item');
    const before = await items.count();
    await page.evaluate(() => {
      const press = (value: string) => document.querySelector<HTMLButtonElement>(`button[value="${value}"]`)?.click();
      for (let i = 0; i < 3; i++) press("add front.backFields");
    });
    await items.nth(before + 2).waitFor();
    await page.evaluate(() => {
      const press = (value: string) => document.querySelector<HTMLButtonElement>(`button[value="${value}"]`)?.click();
      for (let i = 0; i < 3; i++) press("remove front.backFields 0");
      press("add front.headerFields");
    });
    await page.locator('[id="front.headerFields.0"]').waitFor();
    expect(await items.count()).toBe(before + 2);
    expect(editor.complaints()).toEqual([]);
  });

  test("takes a picture as soon as it is chosen", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    const picture = new PNG({ width: 480, height: 150 });
    picture.data.fill(200);
    const buffer = PNG.sync.write(picture);
    await input(page, "images.logo").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer });
    await page.locator('[id="at-images.logo"]', { hasText: "1× (made)" }).waitFor();
    const drawing = Buffer.from("<svg/>");
    await input(page, "images.strip").setInputFiles({ name: "strip.png", mimeType: "image/png", buffer: drawing });
    await page.locator('[id="at-images.strip"]', { hasText: "this is an SVG drawing" }).waitFor();
  });

  test("a picture that is too large is refused at once, and what is typed afterwards is stored", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    const buffer = Buffer.alloc(9 * 1024 * 1024);
    await input(page, "images.logo").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer });
    await page.locator('[id="at-images.logo"] .error', { hasText: "larger than 4 MB" }).waitFor();
    await input(page, "pass.logoText").fill("Larkspur");
    await page.locator(".pass-logo-text", { hasText: "Larkspur" }).waitFor();
    expect(editor.complaints()).toEqual([]);
  });

  test("an address that is none yet keeps nobody from pressing other buttons", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    await page.locator("#links > summary").click();
    await page.locator('button[value="add pass.featuredActions"]').click();
    await input(page, "pass.featuredActions.0.url").fill("{{shop");
    await page.locator("#links > summary").click();
    await page.locator('button[value="add front.headerFields"]').click();
    await input(page, "front.headerFields.0.label").waitFor();
    expect(editor.complaints()).toEqual([]);
  });

  test("follows a field that moves into another area", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(path);
    await page.locator('[id="front.primaryFields.0"] > summary').click();
    await page.locator('button[value="down front.primaryFields 0"]').press("Enter");
    const moved = page.locator('[id="front.secondaryFields.0"]');
    await moved.locator("summary", { hasText: "{{offer}}" }).first().waitFor();
    const summary = moved.locator("> summary");
    expect(await summary.evaluate((it) => it === document.activeElement)).toBe(true);
    expect(await moved.getAttribute("open")).toBe("");
    expect(await page.locator('[id="front.secondaryFields.1"]').getAttribute("open")).toBeNull();
  });

  test("leaves nothing that has the focus under its bars", async () => {
    for (const viewport of [WIDE, PHONE]) {
      await using editor = await browser.signedIn("editor", { viewport });
      const { page } = editor;
      await page.goto(path);
      await openAll(page);
      const covered: string[] = [];
      for (const key of ["Tab", "Shift+Tab"]) {
        for (let i = 0; i < 60; i++) {
          await page.keyboard.press(key);
          const name = await page.evaluate(() => {
            const { activeElement: at } = document;
            const { left, top, width, height } = at?.getBoundingClientRect() ?? new DOMRect();
            const seen = document.elementFromPoint(left + Math.min(width / 2, 60), top + height / 2);
            return !at || at === document.body || width < 2 || at.contains(seen) || seen?.contains(at)
              ? ""
              : at.outerHTML;
          });
          if (name !== "") covered.push(name);
        }
      }
      expect(covered).toEqual([]);
    }
  });

  test("works without script", async () => {
    await using editor = await browser.signedIn("editor");
    const state = await editor.page.context().storageState();
    await using plain = await browser.open({ javaScriptEnabled: false, storageState: state });
    const { page } = plain;
    await page.goto(path);
    await input(page, "pass.logoText").fill("By hand");
    await input(page, "pass.logoText").press("Enter");
    await page.locator(".pass-logo-text", { hasText: "By hand" }).waitFor();
    await page.locator('button[value="add front.headerFields"]').click();
    await input(page, "front.headerFields.0.label").fill("Code");
    await input(page, "front.headerFields.0.value").fill("{{coupon-code}}");
    await page.getByRole("button", { name: "Save as version 2" }).click();
    await page.getByText("Saved: this is version 2.").waitFor();
    await page.locator(".pass-header-fields dd", { hasText: "AUTUMN20" }).waitFor();
  });

  test.each([
    ["wide", { viewport: WIDE, colorScheme: "light" }],
    ["tablet, dark", { viewport: TABLET, colorScheme: "dark" }],
    ["phone", { viewport: PHONE, colorScheme: "light" }],
    ["phone, dark", { viewport: PHONE, colorScheme: "dark" }],
  ] as const)("keeps nobody out with everything open and much to mend: %s", async (look, options) => {
    await using editor = await browser.signedIn("editor", options);
    const { page } = editor;
    await page.goto(path);
    await openAll(page);
    for (const list of ["fields", "pass.barcodes", "pass.locations", "pass.featuredActions"]) {
      const items = page.locator(`[data-list="${list}"] > .item`);
      const before = await items.count();
      await page.locator(`button[value="add ${list}"]`).press("Enter");
      await items.nth(before).waitFor();
    }
    await input(page, "language").fill("de");
    await page.getByRole("button", { name: "Add the language" }).click();
    await page.locator(".translations").waitFor();
    await openAll(page);
    await input(page, "timeZone").fill("Mars/Olympus");
    await input(page, "front.primaryFields.0.value").fill("{{nothing}}");
    await input(page, "rest").fill('{"pass": {"nonsense": 1}}');
    await input(page, "pass.logoText").fill("A name that is far too long for the room beside the logo of this pass");
    await page.locator(".json-problems li").waitFor();
    const faults = await barriersOf(page);
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (tooWide > 0) faults.push(`${tooWide} pixels wider than the window`);
    await keepPicture(page, `designer with everything open, ${look}`);
    expect([...faults, ...editor.complaints()]).toEqual([]);
  });
});

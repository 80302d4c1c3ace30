import { describe, expect, test } from "bun:test";
import { PUBLIC_URL, startTestApp } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { browse } from "../support/browser/shop-browser.ts";

describe.skipIf(noChromium !== undefined)("a part of a page that is shown anew", () => {
  test("can still be copied from", async () => {
    await using shop = await startTestApp();
    await using browser = await browse(shop);
    await using owner = await browser.signedIn("owner", { permissions: ["clipboard-read", "clipboard-write"] });
    const { page } = owner;
    await page.goto(`${PUBLIC_URL}/admin/${shop.accountId}/system`);
    await page.locator('[data-live="backup"]').evaluate((part) => {
      part.setAttribute("data-refresh", "");
      part.classList.add("former");
    });
    const part = page.locator('[data-live="backup"]:not(.former)');
    await part.getByRole("button", { name: "Copy" }).click({ timeout: 10_000 });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toStartWith("passhook backup ");
    expect(owner.complaints()).toEqual([]);
  });
});

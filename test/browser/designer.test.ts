import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startTestApp, type TestApp } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { browse, type ShopBrowser } from "../support/browser/shop-browser.ts";
import { eventually } from "../support/eventually.ts";

describe.skipIf(noChromium !== undefined)("the designer", () => {
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

  test.each([
    ["with scripts", true],
    ["without", false],
  ])("%s leads from the gallery to a test pass and its page", async (_, javaScriptEnabled) => {
    await using editor = await browser.signedIn("editor", { javaScriptEnabled });
    const { page } = editor;
    await page.goto(`/admin/${shop.accountId}/templates`);
    await page.getByRole("link", { name: "New template" }).click();
    await page.getByRole("button", { name: /^Begin with it.*Points card/ }).click();

    const name = javaScriptEnabled ? "Bean card" : "Leaf card";
    const pass = page.locator("#preview");
    await page.getByLabel("Name of the template").fill(name);
    await page.getByLabel("Background", { exact: true }).fill("#7a1f3d");
    await page.getByLabel("Text beside the logo").fill("");
    await page.getByLabel("Text beside the logo").pressSequentially("Larkspur");
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Preview" }).last().click();
    await pass.getByText("Larkspur").waitFor();
    const card = pass.locator(".pass-card");
    expect(await card.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe("rgb(122, 31, 61)");
    if (javaScriptEnabled) {
      const field = page.getByLabel("Text beside the logo");
      expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    }

    // What cannot be saved is named, and stays as it was typed.
    await page.getByLabel("Name of the template").fill("");
    await page.getByRole("button", { name: "Save the template" }).click();
    await page.getByRole("alert").getByText("there is something to mend first").waitFor();
    expect(await page.getByLabel("Text beside the logo").inputValue()).toBe("Larkspur");
    await page.getByLabel("Name of the template").fill(name);
    await page.getByRole("button", { name: "Save the template" }).click();
    await page.getByText("Saved: this is version 1.").waitFor();

    await page.getByRole("link", { name: "Issue a test pass" }).click();
    await page.getByLabel("Points balance").fill("450");
    await page.getByRole("button", { name: "Issue the pass" }).click();
    await page.getByText("The test pass is issued.").waitFor();
    await page.goto((await page.getByTitle("Wallet link").textContent()) ?? "");
    await page.getByRole("link", { name: "Add to Apple Wallet" }).waitFor();
    const shown = await page.locator("#pass").textContent();
    for (const text of ["Larkspur", "450"]) expect(shown).toContain(text);
    expect(editor.complaints().filter((complaint) => !complaint.includes(" 400 "))).toEqual([]);
  });

  test("keeps what was typed, though the window was closed at once", async () => {
    const template = await shop.pushGallery("points-card");
    const design = `/admin/${shop.accountId}/templates/${template}/design`;
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(design);
    await page.getByLabel("Text beside the logo").fill("Larkspur");
    await page.close();
    const again = await page.context().newPage();
    await eventually("the draft is stored", async () => {
      await again.goto(design);
      return (await again.getByLabel("Text beside the logo").inputValue()) === "Larkspur";
    });
  });

  test("adds fields, and shows each on the pass while it is filled in", async () => {
    const template = await shop.pushGallery("points-card");
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(`/admin/${shop.accountId}/templates/${template}/design`);
    const third = page.locator('[data-list$="auxiliaryFields"]');
    const add = page.locator("button[name=edit][value*='add'][value*='auxiliaryFields']");
    for (const label of ["Seat", "Row"]) {
      const before = await third.locator("> .item").count();
      await add.click();
      await third.locator(`> .item:nth-of-type(${before + 1})`).waitFor();
      const item = third.locator("> .item").last();
      await item.getByLabel("Label").fill(label);
      await item.getByLabel("Value", { exact: true }).fill(`${label} 7`);
      await page.locator("#preview").getByText(`${label} 7`).waitFor();
    }
    expect(editor.complaints()).toEqual([]);
  });
});

import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { PASSWORD } from "../support/admin-browser.ts";
import { startTestApp } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { browse } from "../support/browser/shop-browser.ts";

/** Where the focus is: the element's name for screen readers, and whether anything shows that it is there. */
async function focus(page: Page): Promise<{ name: string; isVisible: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const labels = (element as HTMLInputElement).labels;
    const name = element.ariaLabel ?? labels?.[0]?.textContent ?? element.textContent ?? "";
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { width, height, top, bottom } = element.getBoundingClientRect();
    const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    return { name: name.trim(), isVisible: isOutlined && width > 0 && height > 0 && bottom > 0 && top < innerHeight };
  });
}

test.skipIf(noChromium !== undefined)("everything can be done by the keyboard, and the focus can be seen", async () => {
  await using shop = await startTestApp();
  await using browser = await browse(shop);
  await shop.app.access.admins.create({ email: "owner@shop.example", password: PASSWORD, role: "owner" });
  const passTemplate = await shop.pushGallery("points-card");
  await shop.issue({ passTemplate, pass: {}, recipient: { name: "Mia Weber", email: "mia@example.com" } });
  await using watched = await browser.open();
  const { page } = watched;
  const { keyboard } = page;

  const stops: { name: string; isVisible: boolean }[] = [];
  async function tabTo(name: string): Promise<void> {
    for (let i = 0; i < 60; i++) {
      await keyboard.press("Tab");
      stops.push(await focus(page));
      if (stops.at(-1)?.name.startsWith(name)) return;
    }
    throw new Error(`There is no way to “${name}”: ${stops.map((stop) => stop.name).join(", ")}`);
  }

  // The first field has the focus already.
  await page.goto("/admin/sign-in");
  await keyboard.type("owner@shop.example");
  await tabTo("Password");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();

  // Past the navigation, which is the same on every page.
  await keyboard.press("Tab");
  stops.push(await focus(page));
  expect(stops.at(-1)?.name).toBe("Skip to the content");
  await keyboard.press("Enter");
  await tabTo("Get a certificate from Apple");
  const step = page.locator("details", { hasText: "Get a certificate from Apple" });
  const wasOpen = await step.getAttribute("open");
  await keyboard.press("Enter");
  await page.waitForFunction(([details, before]) => details?.getAttribute("open") !== before, [
    await step.elementHandle(),
    wasOpen,
  ] as const);

  // Help, and away with it.
  await keyboard.press("?");
  const help = page.getByRole("heading", { name: "Keys", exact: true });
  await help.waitFor();
  await keyboard.press("Escape");
  await help.waitFor({ state: "hidden" });

  // Search, from a page that has none and from the one that has.
  await keyboard.press("/");
  await page.waitForURL(/\/passes#search$/);
  await page.waitForFunction(() => document.activeElement?.matches("input[type=search]"));
  await keyboard.type("mi/a?");
  await page.waitForURL((url) => url.searchParams.get("q") === "mi/a?");
  expect(await help.isVisible()).toBe(false);
  await tabTo("Search");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BUTTON");
  await keyboard.press("/");
  await keyboard.type("mia");
  await page.waitForURL((url) => url.searchParams.get("q") === "mia");
  await page.getByRole("link", { name: "Mia Weber" }).waitFor();
  await tabTo("Mia Weber");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Mia Weber" }).waitFor();

  await tabTo("Points balance");
  await keyboard.press("Control+A");
  await keyboard.type("80");
  await tabTo("Save the values");
  await keyboard.press("Enter");
  await page.getByText("The values are saved.").waitFor();
  await tabTo("Void…");
  await keyboard.press("Space");
  await tabTo("Void the pass");
  await keyboard.press("Enter");
  await page.getByText("The pass is void.").waitFor();

  await tabTo("API keys");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "API keys" }).waitFor();
  await tabTo("What it is for");
  await keyboard.type("Welcome flow");
  await keyboard.press("Enter");
  await page.getByText("Copy the new key now.").waitFor();

  await tabTo("Sign out");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();

  expect([...new Set(stops.filter(({ isVisible }) => !isVisible).map(({ name }) => name))]).toEqual([]);
  expect(watched.complaints()).toEqual([]);
});

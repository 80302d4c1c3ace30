import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC_URL } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { type FurnishedShop, startFurnishedShop } from "../support/browser/furnished-shop.ts";
import { browse, type ShopBrowser } from "../support/browser/shop-browser.ts";

describe.skipIf(noChromium !== undefined)("passes", () => {
  let furnished: FurnishedShop;
  let browser: ShopBrowser;
  let list: string;

  beforeAll(async () => {
    furnished = await startFurnishedShop();
    browser = await browse(furnished.shop);
    list = `${PUBLIC_URL}/admin/${furnished.shop.accountId}/passes`;
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await furnished?.[Symbol.asyncDispose]();
  });
  const issueTo = async (name: string): Promise<string> => {
    const recipient = { name, email: `${name.toLowerCase()}@example.com` };
    const passTemplate = furnished.templates.get("points-card");
    return (await furnished.shop.issue({ passTemplate, pass: { "member-name": name }, recipient })).serialNumber;
  };

  test("are found while somebody types: the list is replaced, the page and the focus stay", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(`${list}?status=issued`);
    const rows = page.getByRole("table").locator("tbody tr");
    expect(await rows.count()).toBe(50);
    await page.evaluate(() => document.body.setAttribute("data-same", ""));

    await page.getByLabel("Search").pressSequentially("customer1");
    await page.waitForURL((url) => url.searchParams.get("q") === "customer1");
    await page.getByRole("link", { name: /^Customer 19/ }).waitFor();
    await page.keyboard.type("9");
    await page.waitForURL((url) => url.searchParams.get("q") === "customer19");
    expect(await rows.count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("status")).toBe("issued");
    expect(await page.locator("body[data-same]").count()).toBe(1);
    expect(await page.getByLabel("Search").evaluate((input) => input === document.activeElement)).toBe(true);
    // Fetched rows have what the script gives the first ones.
    expect(await page.locator("time").first().getAttribute("title")).not.toBeNull();

    await page.getByLabel("State").selectOption("deleted");
    await page.getByText("No such pass").waitFor();
    await page.getByLabel("Search").fill("");
    await page.getByRole("link", { name: /customer2@/ }).waitFor();
    expect(new URL(page.url()).search).toBe("?status=deleted");
    // Going back leads to the page before, not through every letter.
    await page.goBack();
    await page.waitForURL((url) => !url.pathname.endsWith("/passes"));
    expect(editor.complaints()).toEqual([]);
  });

  test("a search that ends with the session leads to signing in, and from there to what was searched", async () => {
    await using editor = await browser.signedIn("editor");
    const { page } = editor;
    await page.goto(list);
    await page.context().clearCookies();
    await page.getByLabel("Search").pressSequentially("mia");
    await page.waitForURL(/\/admin\/sign-in\?next=/);
    expect(new URL(page.url()).searchParams.get("next")).toEndWith("/passes?q=mia");
  });

  describe.each([
    ["with scripts", true],
    ["without", false],
  ])("%s", (_, javaScriptEnabled) => {
    test("are searched and paged through", async () => {
      await using viewer = await browser.signedIn("viewer", { javaScriptEnabled });
      const { page } = viewer;
      await page.goto(list);
      await page.getByRole("link", { name: "Older" }).click();
      await page.getByRole("link", { name: /^Customer 0/ }).waitFor();
      await page.getByRole("link", { name: "Newest" }).click();
      await page.getByRole("link", { name: /^Mia Weber/ }).waitFor();
      await page.getByLabel("Search").fill("mia");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.get("q") === "mia");
      await page.getByRole("link", { name: /^Mia Weber/ }).click();
      await page.getByRole("heading", { name: "Mia Weber" }).waitFor();
      // A viewer looks, and changes nothing.
      expect(
        await page
          .locator("main")
          .getByRole("button", { name: /Save|Void|Delete/ })
          .count(),
      ).toBe(0);
      expect(viewer.complaints()).toEqual([]);
    });

    test("are changed, voided, made good again and deleted, with a question before the end", async () => {
      const name = javaScriptEnabled ? "Noah" : "Lena";
      const serial = await issueTo(name);
      await using editor = await browser.signedIn("editor", { javaScriptEnabled });
      const { page } = editor;
      await page.goto(`${list}/${serial}`);
      const preview = page.locator("#preview");

      await page.getByLabel("Points balance").fill("120");
      await page.getByRole("button", { name: "Save the values" }).click();
      await page.getByText("The values are saved.").waitFor();
      expect(await preview.textContent()).toContain("120");
      await page.getByLabel("Points balance").fill("a lot");
      await page.keyboard.press("Enter");
      const wrong = page.getByLabel("Points balance");
      await page.locator(".field.wrong").getByText("Must be a number").waitFor();
      expect([await wrong.inputValue(), await wrong.getAttribute("aria-invalid")]).toEqual(["a lot", "true"]);
      // Loading the page again sends nothing a second time.
      await page.goto(page.url());
      expect(await page.getByLabel("Points balance").inputValue()).toBe("120");

      const voiding = page.getByRole("button", { name: "Void the pass" });
      expect(await voiding.isVisible()).toBe(false);
      await page.getByText("Void…").click();
      await voiding.click();
      await page.getByText("The pass is void.").waitFor();
      await page.getByRole("button", { name: "Make it good again" }).click();
      await page.getByText("The pass is good again.").waitFor();

      await page.getByText("Delete…").click();
      await page.getByRole("button", { name: "Delete the pass" }).click();
      await page.getByText("Type the word delete to delete the pass.").waitFor();
      await page.getByLabel("Type delete to go on").fill("delete");
      await page.getByRole("button", { name: "Delete the pass" }).click();
      await page.getByText("The pass is deleted.").waitFor();
      expect(await page.getByRole("button", { name: "Delete the pass" }).count()).toBe(0);
      expect(editor.complaints().filter((complaint) => !complaint.includes(" 400 "))).toEqual([]);
    });
  });
});

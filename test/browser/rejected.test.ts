import { expect, test } from "bun:test";
import { startTestApp } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { browse } from "../support/browser/shop-browser.ts";

test.skipIf(noChromium !== undefined)("a webhook that was refused is found, corrected and sent again", async () => {
  await using shop = await startTestApp();
  await using browser = await browse(shop);
  const passTemplate = await shop.pushGallery("points-card");
  const body = { passTemplate, pass: { "points-balanse": "70.0" }, recipient: { email: "mia@example.com" } };
  expect((await shop.post(JSON.stringify(body, null, 2))).status).toBe(400);

  await using editor = await browser.signedIn("editor");
  const { page } = editor;
  // The overview says that there is something, and leads there.
  await page.getByText("One request was rejected in the last 24 hours.").getByRole("link").click();
  await page.getByRole("row").getByRole("link").click();
  await page.getByRole("listitem").filter({ hasText: '"points-balanse": "70.0"' }).getByText("did you mean").waitFor();

  const typed = page.getByLabel("Body");
  const sent = await typed.inputValue();
  expect(JSON.parse(sent)).toEqual(body);
  await typed.fill(sent.replace("balanse", "balanze"));
  await page.getByRole("button", { name: "Send again" }).click();
  // Still wrong: what was typed is still there.
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Body").fill((await page.getByLabel("Body").inputValue()).replace("balanze", "balance"));
  await page.getByRole("button", { name: "Send again" }).click();

  await page.getByText("The request was sent again, and taken.").waitFor();
  expect(page.url()).toMatch(/\/passes\/\w{26}$/);
  expect(await page.getByLabel("Points balance").inputValue()).toBe("70");
  await page.goto(`/admin/${shop.accountId}/rejected`);
  await page.getByText("Nothing was rejected").waitFor();
  expect(editor.complaints().filter((complaint) => !complaint.includes(" 400 "))).toEqual([]);
});

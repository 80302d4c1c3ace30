import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { PASSWORD } from "../support/admin-browser.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { browse, type ShopBrowser, signIn } from "../support/browser/shop-browser.ts";

describe.skipIf(noChromium !== undefined)("a session", () => {
  let shop: TestApp;
  let browser: ShopBrowser;
  let serial: string;
  const at = (path: string) => `${PUBLIC_URL}/admin/${shop.accountId}${path}`;

  beforeAll(async () => {
    shop = await startTestApp();
    browser = await browse(shop);
    const recipient = { name: "Mia Weber", email: "mia@example.com" };
    serial = (await shop.issue({ passTemplate: await shop.pushGallery("points-card"), pass: {}, recipient }))
      .serialNumber;
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await shop?.[Symbol.asyncDispose]();
  });

  test("is a cookie that no script, no other site and no other host gets", async () => {
    await using owner = await browser.signedIn("owner");
    const cookies = await owner.page.context().cookies();
    expect(cookies).toEqual([
      expect.objectContaining({
        ...{ name: "__Host-passhook", domain: "passes.example.com", path: "/" },
        ...{ httpOnly: true, secure: true, sameSite: "Lax" },
      }),
    ]);
    expect(await owner.page.evaluate(() => document.cookie)).toBe("");
  });

  test("that has ended shows nothing more: not by the back button either", async () => {
    await using owner = await browser.signedIn("owner");
    const { page } = owner;
    await page.goto(at("/passes"));
    await page.getByRole("link", { name: /Mia Weber/ }).click();
    await page.getByRole("heading", { name: "Mia Weber" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/admin\/sign-in/);
    for (let i = 0; i < 2; i++) {
      await page.goBack();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await page.textContent("body")).not.toContain("Mia");
    }
    // Whoever signs in again is where they were.
    await signIn(page, "owner2@shop.example");
    expect(page.url()).toStartWith(at("/passes"));
  });

  test("no other site can put a page into a frame, an admin's or a customer's", async () => {
    await using owner = await browser.signedIn("owner");
    const { page } = owner;
    for (const path of [`/admin/${shop.accountId}/keys`, "/admin/sign-in", `/p/${serial}`]) {
      using site = otherSite(`<iframe src="${PUBLIC_URL}${path}"></iframe>`);
      const refusal = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
      await page.goto(site.url);
      await refusal;
      expect(await page.frames()[1]?.locator("main").count()).toBe(0);
    }
  });

  test("no other site can send its forms", async () => {
    await using owner = await browser.signedIn("owner");
    const { page } = owner;
    const address = at(`/passes/${serial}/void`);
    using site = otherSite(`<form method="post" action="${address}"><button>Win a prize</button></form>`);
    await page.goto(site.url);
    const answer = page.waitForResponse(address);
    await page.getByRole("button").click();
    expect((await answer).status()).toBe(403);
    await page.getByText("did not come from a page of this server").waitFor();
    expect((await shop.app.links.load(serial)).pass.voided).toBe(false);
  });
});

/** A page of somebody else. */
function otherSite(html: string): Disposable & { readonly url: string } {
  const answer = () => new Response(html, { headers: { "content-type": "text/html" } });
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
  return { url: server.url.href, [Symbol.dispose]: () => void server.stop(true) };
}

/** A second time while the server still works on the first; answers how often the form was sent. */
async function pressTwice(page: Page, button: string): Promise<number> {
  const pressed = Promise.withResolvers<void>();
  let sent = 0;
  await page.route("**/*", async (route) => {
    if (route.request().method() === "POST") {
      sent++;
      await pressed.promise;
    }
    await route.continue();
  });
  const { x, y } = (await page.getByRole("button", { name: button }).boundingBox()) ?? { x: 0, y: 0 };
  const first = page.waitForRequest((request) => request.method() === "POST");
  await page.mouse.click(x + 5, y + 5);
  await first;
  // One that is sent takes the place of the first.
  await page.mouse.click(x + 5, y + 5);
  const loaded = page.waitForEvent("load");
  pressed.resolve();
  await loaded;
  await page.unroute("**/*");
  return sent;
}

describe.skipIf(noChromium !== undefined)("a button that is pressed twice acts once", () => {
  test("on a page, and again when it is used again", async () => {
    await using shop = await startTestApp();
    await using browser = await browse(shop);
    await using owner = await browser.signedIn("owner");
    const { page } = owner;
    await page.goto(`/admin/${shop.accountId}/keys`);
    for (const label of ["Welcome flow", "Birthday flow"]) {
      await page.getByLabel("What it is for").fill(label);
      expect(await pressTwice(page, "Make the key")).toBe(1);
      await page.getByRole("row", { name: label }).waitFor();
    }
  });

  test("before somebody is signed in", async () => {
    await using shop = await startTestApp();
    await using browser = await browse(shop);
    await using stranger = await browser.open();
    const { page } = stranger;
    await page.goto((await shop.app.access.links.setup()).url);
    await page.getByLabel("E-mail").fill("owner@shop.example");
    await page.getByLabel("Password").fill(PASSWORD);
    expect(await pressTwice(page, "Create my access")).toBe(1);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });
});

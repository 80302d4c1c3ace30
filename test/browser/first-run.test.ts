import { expect, test } from "bun:test";
import { join } from "node:path";
import { PASSWORD } from "../support/admin-browser.ts";
import { launchChromium, noChromium } from "../support/browser/chromium.ts";
import { newPage, signIn } from "../support/browser/shop-browser.ts";
import { watch } from "../support/browser/watched-page.ts";
import { freePort, startServerProcess } from "../support/server-process.ts";
import { call, printedCall, printedFact } from "../support/start-block.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test.skipIf(noChromium !== undefined)(
  "from the first start to a pass, as somebody does it who has just installed it",
  async () => {
    using folder = temporaryFolder();
    await using server = await startServerProcess({ dataDir: join(folder.path, "data"), port: await freePort() });
    const browser = await launchChromium();
    await using watched = watch(await newPage(browser));
    await using _closing = { [Symbol.asyncDispose]: () => browser.close() };
    const { page } = watched;
    const admin = `${printedFact(server.startBlock, "public")}/admin`;
    const email = "owner@shop.example";

    // Whoever comes without the link learns where it is.
    await page.goto(admin);
    await page.getByText("Nobody has access yet.").waitFor();

    const link = printedFact(server.startBlock, "admin link");
    await page.goto(link);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("too short");
    await page.getByRole("button", { name: "Create my access" }).click();
    await page.getByText("Use at least 12 characters.").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create my access" }).click();

    await page.getByRole("heading", { name: "On the way to the first pass" }).waitFor();
    const done = page.getByRole("listitem").filter({ hasText: "(done)" });
    expect(await done.allTextContents()).toEqual(["Have a template (done)"]);

    // What the start block says to do next.
    expect((await call(printedCall(server.startBlock))).status).toBe(200);
    await page.reload();
    expect(await done.allTextContents()).toEqual(["Have a template (done)", "Receive the first webhook (done)"]);
    await page.getByRole("link", { name: "Alex Rivera" }).click();
    await page.getByRole("heading", { name: "Alex Rivera" }).waitFor();
    const address = (await page.getByTitle("Wallet link").textContent()) ?? "";
    await page.goto(address);
    await page.getByRole("link", { name: "Add to Apple Wallet" }).waitFor();
    expect(await page.locator("#pass").textContent()).toContain("Alex Rivera");

    await page.goto(admin);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The e-mail address or the password is wrong.").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
    await signIn(page, email);
    await page.getByRole("heading", { name: "Overview" }).waitFor();

    await page.goto(link);
    await page.getByText("used").waitFor();
    // Refused forms and the used link are the only ones that the console may speak of.
    expect(watched.complaints().filter((complaint) => !/ (400|401|410) /.test(complaint))).toEqual([]);
  },
);

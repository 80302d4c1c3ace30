import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { OneTimeLink } from "../src/admins/links.ts";
import { type AdminBrowser, openBrowser, PASSWORD, signedIn, textOf } from "./support/admin-browser.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let shop: TestApp;

beforeEach(async () => {
  shop = await startTestApp();
});
afterEach(() => shop[Symbol.asyncDispose]());

const pathOf = ({ url }: Pick<OneTimeLink, "url">): string => url.slice(PUBLIC_URL.length);
const isIn = async (browser: AdminBrowser): Promise<boolean> =>
  (await browser.get(`/admin/${shop.accountId}`)).status === 200;
const listed = async () =>
  (await shop.app.access.admins.list({ limit: 50 })).items.map(({ email, role }) => [email, role]);

describe("the first link", () => {
  test("makes the first owner, who is signed in", async () => {
    const path = pathOf(await shop.app.access.links.setup());
    const browser = openBrowser(shop);
    expect(textOf(await browser.page(path))).toContain("You are the first here and will be its owner.");
    const response = await browser.submit(path, { email: "Jana@Example.com", password: PASSWORD });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin"]);
    expect(await isIn(browser)).toBe(true);
    expect(await listed()).toEqual([["jana@example.com", "owner"]]);
  });

  test("is not used up by being opened, or by a password that is too weak", async () => {
    const path = pathOf(await shop.app.access.links.setup());
    const browser = openBrowser(shop);
    for (let i = 0; i < 3; i++) await browser.page(path);
    const refused = await browser.submit(path, { email: "jana@example.com", password: "short" });
    expect(refused.status).toBe(400);
    const html = await refused.text();
    expect(html).toContain('value="jana@example.com"');
    expect(textOf(html)).toContain("Use at least 12 characters.");
    const unnamed = await browser.submit(path, { email: "jana", password: PASSWORD });
    expect(textOf(await unnamed.text())).toContain('"jana" is not an e-mail address.');
    expect((await browser.submit(path, { email: "jana@example.com", password: PASSWORD })).status).toBe(303);
  });

  test("works once, also where two try at once, and where there are two of them", async () => {
    const [first, second] = [await shop.app.access.links.setup(), await shop.app.access.links.setup()].map(pathOf);
    const take = (path: string | undefined, email: string) =>
      openBrowser(shop).submit(path ?? "", { email, password: PASSWORD });
    const answers = await Promise.all([
      take(first, "a@example.com"),
      take(first, "b@example.com"),
      take(second, "c@example.com"),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410, 410]);
    expect(await listed()).toHaveLength(1);
    const page = await openBrowser(shop).get(second ?? "");
    expect([page.status, textOf(await page.text())]).toEqual([
      410,
      expect.stringContaining("The first admin was made. Sign in.") as unknown as string,
    ]);
  });

  test("is over after half an hour", async () => {
    const path = pathOf(await shop.app.access.links.setup());
    shop.clock.advance(30 * MINUTE);
    const browser = openBrowser(shop);
    for (const response of [
      await browser.get(path),
      await browser.submit(path, { email: "a@example.com", password: PASSWORD }),
    ]) {
      expect(response.status).toBe(410);
      expect(textOf(await response.text())).toContain("This link is over.");
    }
    expect(await listed()).toEqual([]);
  });

  test("that nobody made leads nowhere", async () => {
    const response = await openBrowser(shop).get(`/admin/link/${"x".repeat(43)}`);
    expect([response.status, textOf(await response.text())]).toEqual([
      404,
      expect.stringContaining("This link leads nowhere.") as unknown as string,
    ]);
  });
});

describe("an invitation", () => {
  let owner: AdminBrowser;
  let people: string;
  beforeEach(async () => {
    owner = await signedIn(shop, "owner");
    people = `/admin/${shop.accountId}/admins`;
  });

  /** Invites by the page's form, and answers the link that it shows. */
  async function invite(email: string, role: string): Promise<string> {
    const html = await owner.do(`${people}/invite`, { email, role });
    const [, path = ""] = /<code>https:\/\/passes\.example\.com(\/admin\/link\/[\w-]{43})<\/code>/.exec(html) ?? [];
    return path;
  }

  test("shows its link once, and makes an admin of the invited role and address", async () => {
    const path = await invite("Ed@Example.com", "editor");
    expect(path).not.toBe("");
    const again = await owner.page(people);
    expect(again).not.toContain(path);
    expect(textOf(again)).toContain("ed@example.com Editor in 7 days Withdraw");

    const guest = openBrowser(shop);
    expect(textOf(await guest.page(path))).toContain("Choose a password for ed@example.com. You will be an editor.");
    // Neither the address nor the role is the guest's to choose.
    await guest.submit(path, { email: "boss@example.com", role: "owner", password: PASSWORD });
    expect(await isIn(guest)).toBe(true);
    expect(await listed()).toEqual([
      ["ed@example.com", "editor"],
      ["owner@example.com", "owner"],
    ]);
    expect(textOf(await owner.page(people))).not.toContain("Withdraw");
    const used = await openBrowser(shop).get(path);
    expect([used.status, textOf(await used.text())]).toEqual([
      410,
      expect.stringContaining("This link was used. It works once.") as unknown as string,
    ]);
  });

  test("can be withdrawn", async () => {
    const path = await invite("ed@example.com", "viewer");
    const [, id = ""] = /name="id" value="(lnk_[^"]+)"/.exec(await owner.page(people)) ?? [];
    expect(textOf(await owner.do(`${people}/withdraw`, { id }))).toContain("The invitation is withdrawn");
    expect((await openBrowser(shop).submit(path, { password: PASSWORD })).status).toBe(404);
  });

  test("is replaced by the next to the same address, and over after seven days", async () => {
    const [first, second] = [await invite("ed@example.com", "owner"), await invite("ed@example.com", "viewer")];
    expect((await openBrowser(shop).get(first)).status).toBe(404);
    expect((await openBrowser(shop).get(second)).status).toBe(200);
    shop.clock.advance(7 * DAY);
    expect((await openBrowser(shop).submit(second, { password: PASSWORD })).status).toBe(410);
  });

  test("of somebody who has access, or of no address, is refused at its form", async () => {
    for (const [email, reason] of [
      ["owner@example.com", "owner@example.com has access already."],
      ["nobody", '"nobody" is not an e-mail address.'],
      ["", "Must be filled in"],
    ] as const) {
      const response = await owner.submit(`${people}/invite`, { email, role: "viewer" });
      expect([400, 409]).toContain(response.status);
      expect(textOf(await response.text())).toContain(reason);
    }
    expect((await owner.submit(`${people}/invite`, { email: "a@example.com", role: "root" })).status).toBe(400);
  });
});

describe("a link for a new password", () => {
  test("replaces it, and ends every session", async () => {
    const owner = await signedIn(shop, "owner");
    const forgetful = await signedIn(shop, "viewer");
    const html = await owner.do(`/admin/${shop.accountId}/admins/reset`, { email: "viewer@example.com" });
    const [, path = ""] = /<code>https:\/\/passes\.example\.com(\/admin\/link\/[\w-]+)<\/code>/.exec(html) ?? [];
    const other = pathOf(await shop.app.access.links.reset("viewer@example.com"));

    const browser = openBrowser(shop);
    await browser.submit(path, { password: "another good password" });
    expect([await isIn(browser), await isIn(forgetful)]).toEqual([true, false]);
    expect((await openBrowser(shop).signIn("viewer@example.com")).status).toBe(401);
    expect((await openBrowser(shop).signIn("viewer@example.com", "another good password")).status).toBe(303);
    // Other links to the same person ended with the old password.
    expect((await openBrowser(shop).get(other)).status).toBe(404);
  });

  test("does nothing for somebody whose access was taken away", async () => {
    await signedIn(shop, "owner");
    const admin = await shop.app.access.admins.create({ email: "a@example.com", password: PASSWORD, role: "viewer" });
    const path = pathOf(await shop.app.access.links.reset("a@example.com"));
    await shop.app.access.admins.disable(admin.id);
    expect((await openBrowser(shop).submit(path, { password: "another good password" })).status).toBe(404);
    expect(shop.app.access.links.reset("a@example.com")).rejects.toThrow("has no access any more");
  });
});

test("a link to sign in asks before it does", async () => {
  await signedIn(shop, "owner");
  const path = pathOf(await shop.app.access.links.signIn(undefined));
  const browser = openBrowser(shop);
  expect(textOf(await browser.page(path))).toContain("As owner@example.com.");
  expect(await isIn(browser)).toBe(false);
  await browser.submit(path);
  expect(await isIn(browser)).toBe(true);
  expect((await openBrowser(shop).submit(path)).status).toBe(410);
});

describe("the last owner", () => {
  test("stays one, and keeps access, until there is another", async () => {
    const owner = await signedIn(shop, "owner");
    const people = `/admin/${shop.accountId}/admins`;
    const { items } = await shop.app.access.admins.list({ limit: 1 });
    const id = items[0]?.id ?? "";
    for (const [action, fields] of [
      ["change", { id, role: "viewer" }],
      ["disable", { id }],
    ] as const) {
      const response = await owner.submit(`${people}/${action}`, fields);
      expect(response.status).toBe(409);
      expect(textOf(await response.text())).toContain("owner@example.com is the only owner.");
    }
    const second = await shop.app.access.admins.create({ email: "b@example.com", password: PASSWORD, role: "viewer" });
    expect((await owner.submit(`${people}/disable`, { id })).status).toBe(409);
    expect(textOf(await owner.do(`${people}/change`, { id: second.id, role: "owner" }))).toContain(
      "b@example.com is now an owner.",
    );
    expect((await owner.submit(`${people}/disable`, { id: second.id })).status).toBe(303);
    // One who has no access does not count.
    expect((await owner.submit(`${people}/change`, { id, role: "editor" })).status).toBe(409);
  });

  test("cannot be lost by two owners who demote each other at once", async () => {
    const create = (email: string) => shop.app.access.admins.create({ email, password: PASSWORD, role: "owner" });
    const [a, b] = [await create("a@example.com"), await create("b@example.com")];
    const outcomes = await Promise.allSettled([
      shop.app.access.admins.setRole(a.id, "viewer"),
      shop.app.access.admins.disable(b.id),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

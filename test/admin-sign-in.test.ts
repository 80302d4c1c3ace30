import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createPasswords } from "../src/admins/password.ts";
import { type AdminBrowser, openBrowser, PASSWORD, SESSION_COOKIE, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";

const HOUR = 3_600_000;
const EMAIL = "jana@example.com";
let shop: TestApp;

beforeEach(async () => {
  shop = await startTestApp();
});
afterEach(() => shop[Symbol.asyncDispose]());

/** Whether the browser's session leads into the site. */
const isIn = async (browser: AdminBrowser): Promise<boolean> =>
  (await browser.get(`/admin/${shop.accountId}`)).status === 200;

describe("signing in", () => {
  test("leads to the page that was asked for, with a cookie that only this host's pages send", async () => {
    await shop.app.access.admins.create({ email: "Jana@Example.com", password: PASSWORD, role: "owner" });
    const browser = openBrowser(shop);
    const asked = await browser.get("/admin/passes?q=mia");
    expect(asked.status).toBe(303);
    const location = asked.headers.get("location") ?? "";
    expect(location).toBe("/admin/sign-in?next=%2Fadmin%2Fpasses%3Fq%3Dmia");
    expect(await browser.page(location)).toContain('name="next" value="/admin/passes?q=mia"');

    const response = await browser.submit("/admin/sign-in", {
      email: ` ${EMAIL.toUpperCase()} `,
      password: PASSWORD,
      next: "/admin/passes?q=mia",
    });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin/passes?q=mia"]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-passhook=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      ) as unknown as string,
    ]);
    const own = await browser.get("/admin/passes?q=mia");
    expect(own.headers.get("location")).toBe(`/admin/${shop.accountId}/passes?q=mia`);
    expect(await isIn(browser)).toBe(true);
    expect((await browser.get("/admin/sign-in")).headers.get("location")).toBe("/admin");
  });

  test("an unknown address, a wrong password and a disabled admin get the same answer", async () => {
    const { access } = shop.app;
    await access.admins.create({ email: EMAIL, password: PASSWORD, role: "owner" });
    const gone = await access.admins.create({ email: "gone@example.com", password: PASSWORD, role: "owner" });
    await access.admins.disable(gone.id);
    const answers = [
      await openBrowser(shop).signIn(EMAIL, "wrong horse battery"),
      await openBrowser(shop).signIn("nobody@example.com", PASSWORD),
      await openBrowser(shop).signIn("gone@example.com", PASSWORD),
      await openBrowser(shop).signIn(EMAIL, ""),
    ];
    const pages = await Promise.all(answers.map(async (answer) => textOf(await answer.text())));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toContain("The e-mail address or the password is wrong.");
    for (const answer of answers) expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("an unknown address costs as much work as a wrong password", async () => {
    const { matches, hash } = createPasswords();
    const known = await hash(PASSWORD);
    expect(known).toStartWith("$argon2id$v=19$m=65536,t=2,p=1$");
    const timeOf = async (stored: string | undefined): Promise<number> => {
      const start = performance.now();
      expect(await matches("wrong horse battery", stored)).toBe(false);
      return performance.now() - start;
    };
    await timeOf(known);
    // Without a hash to compare with, it would take a thousandth.
    expect(await timeOf(undefined)).toBeGreaterThan((await timeOf(known)) / 4);
  });

  test.each([
    ["/admin/passes?q=a&after=1", "/admin/passes?q=a&after=1"],
    ["https://evil.example/admin", "/admin"],
    ["//evil.example/admin", "/admin"],
    ["/\\evil.example/admin", "/admin"],
    ["/\t/evil.example/admin", "/admin"],
    ["/admin/..//evil.example", "/admin"],
    ["/administrator", "/admin"],
    ["/v1/passes", "/admin"],
    ["javascript:alert(1)", "/admin"],
    ["", "/admin"],
  ])("with next=%j it leads to %j", async (next, location) => {
    await shop.app.access.admins.create({ email: EMAIL, password: PASSWORD, role: "viewer" });
    const response = await openBrowser(shop).submit("/admin/sign-in", { email: EMAIL, password: PASSWORD, next });
    expect(response.headers.get("location")).toBe(location);
  });

  test("a session that somebody planted in the browser is not taken over, and ends", async () => {
    const attacker = await signedIn(shop, "viewer");
    const planted = attacker.cookies.get(SESSION_COOKIE) ?? "";
    const victim = openBrowser(shop);
    victim.cookies.set(SESSION_COOKIE, planted);
    await shop.app.access.admins.create({ email: EMAIL, password: PASSWORD, role: "owner" });
    await victim.signIn(EMAIL);
    expect(victim.cookies.get(SESSION_COOKIE)).not.toBe(planted);
    expect(await isIn(victim)).toBe(true);
    expect(await isIn(attacker)).toBe(false);

    const invented = openBrowser(shop);
    invented.cookies.set(SESSION_COOKIE, "A".repeat(43));
    await invented.signIn(EMAIL);
    expect(invented.cookies.get(SESSION_COOKIE)).not.toBe("A".repeat(43));
  });

  test("over plain http, as in a demo, the cookie has no name that only https may set", async () => {
    await using demo = await startTestApp({ publicUrl: "http://localhost:8080" });
    await demo.app.access.admins.create({ email: EMAIL, password: PASSWORD, role: "owner" });
    const response = await openBrowser(demo).signIn(EMAIL);
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^passhook=[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test("before there is an admin, it says how to become one", async () => {
    const page = textOf(await openBrowser(shop).page("/admin"));
    expect(page).toContain("Nobody has access yet.");
    expect(page).toContain("passhook admin link");
  });
});

describe("guessing is slow", () => {
  test("for one account, from wherever it comes, whether the account is there or not", async () => {
    await shop.app.access.admins.create({ email: EMAIL, password: PASSWORD, role: "owner" });
    const guess = (email: string, i: number, password = "wrong horse battery") =>
      openBrowser(shop, `203.0.113.${i}`).signIn(email, password);
    for (const email of [EMAIL, "nobody@example.com"]) {
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) statuses.push((await guess(email, i)).status);
      expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    }
    const refused = await guess(EMAIL, 20, PASSWORD);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
    expect(textOf(await refused.text())).toContain("Too many requests. Try again shortly.");
    shop.clock.advance(30_000);
    expect((await guess(EMAIL, 21, PASSWORD)).status).toBe(303);
    expect((await guess(EMAIL, 22, PASSWORD)).status).toBe(429);
  });

  test("from one address, whatever account it tries", async () => {
    const browser = openBrowser(shop);
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await browser.signIn(`admin${i}@example.com`, "")).status);
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
    expect((await openBrowser(shop, "198.51.100.1").signIn("admin@example.com", "")).status).toBe(401);
    shop.clock.advance(6_000);
    expect((await browser.signIn("admin@example.com", "")).status).toBe(401);
  });

  test("also for the present password when it is changed", async () => {
    const browser = await signedIn(shop, "viewer");
    const path = `/admin/${shop.accountId}/profile/password`;
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      const given = { current: "wrong horse battery", password: "another good password" };
      statuses.push((await browser.submit(path, given)).status);
    }
    // Signing in took one.
    expect(statuses).toEqual([...Array(9).fill(400), 429]);
  });
});

describe("a session", () => {
  test("ends after 12 hours without a visit", async () => {
    const browser = await signedIn(shop, "viewer");
    for (let visit = 0; visit < 3; visit++) {
      shop.clock.advance(12 * HOUR - 1);
      expect(await isIn(browser)).toBe(true);
    }
    shop.clock.advance(12 * HOUR);
    expect(await isIn(browser)).toBe(false);
  });

  test("ends after 14 days, however busy", async () => {
    const browser = await signedIn(shop, "viewer");
    for (let hours = 0; hours < 14 * 24 - 8; hours += 8) {
      shop.clock.advance(8 * HOUR);
      expect(await isIn(browser)).toBe(true);
    }
    shop.clock.advance(8 * HOUR);
    expect(await isIn(browser)).toBe(false);
  });

  test("ends at once by signing out, and the cookie goes", async () => {
    const browser = await signedIn(shop, "viewer");
    const token = browser.cookies.get(SESSION_COOKIE) ?? "";
    const response = await browser.submit("/admin/sign-out");
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin/sign-in"]);
    expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
    browser.cookies.set(SESSION_COOKIE, token);
    expect(await isIn(browser)).toBe(false);
  });

  test("is listed with the others, and each can be ended at once", async () => {
    const here = await signedIn(shop, "viewer");
    const there = openBrowser(shop, "198.51.100.9");
    await there.signIn("viewer@example.com");
    const profile = `/admin/${shop.accountId}/profile`;
    const page = await here.page(profile);
    expect(textOf(page)).toContain("198.51.100.9");
    expect(textOf(page)).toContain("This one");
    const [, id = ""] = /name="id" value="(ses_[^"]+)"/.exec(page) ?? [];
    expect(await here.do(`${profile}/end-session`, { id })).toContain("That browser is signed out.");
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
  });

  test("of somebody else cannot be ended by its id", async () => {
    const victim = await signedIn(shop, "owner");
    const [session] = await shop.app.access.sessions.list(await idOf("owner@example.com"));
    const attacker = await signedIn(shop, "viewer");
    const path = `/admin/${shop.accountId}/profile/end-session`;
    expect((await attacker.submit(path, { id: session?.id ?? "" })).status).toBe(404);
    expect(await isIn(victim)).toBe(true);
  });

  test("ends everywhere when its admin is disabled, and a new role counts from the next page on", async () => {
    await signedIn(shop, "owner");
    const browser = await signedIn(shop, "editor");
    const id = await idOf("editor@example.com");
    const issued = await shop.issue({ passTemplate: await shop.pushGallery("points-card"), pass: {} });
    const act = () => browser.submit(`/admin/${shop.accountId}/passes/${issued.serialNumber}/void`);
    expect((await act()).status).toBe(303);
    await shop.app.access.admins.setRole(id, "viewer");
    expect((await act()).status).toBe(403);
    await shop.app.access.admins.disable(id);
    expect(await isIn(browser)).toBe(false);
    await shop.app.access.admins.enable(id);
    expect(await isIn(browser)).toBe(false);
  });

  test("rows of what is over are removed", async () => {
    await signedIn(shop, "viewer");
    await shop.app.access.links.setup();
    shop.clock.advance(40 * 24 * HOUR);
    await shop.app.access.forgetOld();
    const rows = await shop.app.db.read.query.adminSessions.findMany();
    const links = await shop.app.db.read.query.adminLinks.findMany();
    expect([rows.length, links.length]).toEqual([0, 0]);
  });
});

describe("a password", () => {
  test("that is changed ends every other session, and gives this one another id", async () => {
    const here = await signedIn(shop, "viewer");
    const there = openBrowser(shop);
    await there.signIn("viewer@example.com");
    const before = here.cookies.get(SESSION_COOKIE);
    const path = `/admin/${shop.accountId}/profile/password`;
    const page = await here.do(path, { current: PASSWORD, password: "another good password" });
    expect(textOf(page)).toContain("You are signed out everywhere else.");
    expect(here.cookies.get(SESSION_COOKIE)).not.toBe(before);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
    expect((await there.signIn("viewer@example.com")).status).toBe(401);
    expect((await there.signIn("viewer@example.com", "another good password")).status).toBe(303);
  });

  test.each([
    ["too short", "short words"],
    ["the address", "viewer@example.com"],
    ["the name in the address with digits", "viewer2026!!!!"],
    ["one that everybody tries", "password12345"],
    ["a row of digits", "1234567890123"],
    ["a row of letters", "abcdefghijklm"],
    ["a row backwards", "987654321098"],
    ["few different characters", "abababababab"],
    ["endless", "long words ".repeat(30)],
  ])("is refused when it is %s", async (_, password) => {
    const browser = await signedIn(shop, "viewer");
    const path = `/admin/${shop.accountId}/profile/password`;
    const response = await browser.submit(path, { current: PASSWORD, password });
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(textOf(html)).toContain("This password cannot be used.");
    expect(html).toContain('aria-invalid="true"');
    // What was typed is not sent back.
    expect(html).not.toContain(`value="${password}"`);
    expect((await openBrowser(shop).signIn("viewer@example.com")).status).toBe(303);
  });

  test("is the same however its accents are put together", async () => {
    const composed = "café crème brûlée";
    await shop.app.access.admins.create({ email: EMAIL, password: composed, role: "viewer" });
    expect((await openBrowser(shop).signIn(EMAIL, composed.normalize("NFD"))).status).toBe(303);
  });

  test("is stored as Argon2id, and neither it nor a token stands in the database", async () => {
    const browser = await signedIn(shop, "viewer");
    const { url } = await shop.app.access.links.reset("viewer@example.com");
    const [admin] = await shop.app.db.read.query.admins.findMany();
    expect(admin?.passwordHash).toStartWith("$argon2id$v=19$m=");
    const stored = JSON.stringify([
      admin,
      await shop.app.db.read.query.adminSessions.findMany(),
      await shop.app.db.read.query.adminLinks.findMany(),
    ]);
    for (const secret of [PASSWORD, browser.cookies.get(SESSION_COOKIE) ?? "?", url.split("/").at(-1) ?? "?"]) {
      expect(stored).not.toContain(secret);
    }
  });
});

test("what is under /admin is kept and framed by nobody, and runs no script of others", async () => {
  const browser = await signedIn(shop, "owner");
  const paths = ["", "/passes", "/keys", "/profile", "/nowhere"].map((path) => `/admin/${shop.accountId}${path}`);
  for (const path of ["/admin", "/admin/sign-in", "/admin/link/none", ...paths]) {
    const { headers } = await browser.get(path);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(headers.get("x-robots-tag")).toBe("noindex");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    const policy = headers.get("content-security-policy") ?? "";
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain("unsafe");
  }
});

async function idOf(email: string): Promise<string> {
  const { items } = await shop.app.access.admins.list({ limit: 50 });
  return items.find((admin) => admin.email === email)?.id ?? "";
}

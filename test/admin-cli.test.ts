import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser, PASSWORD, textOf } from "./support/admin-browser.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { passhookJson } from "./support/cli-process.ts";
import { createFakeClock } from "./support/clock.ts";
import { freePort, startServerProcess } from "./support/server-process.ts";
import { printedFact } from "./support/start-block.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface Link {
  readonly kind: string;
  readonly email: string | null;
  readonly role: string;
  readonly url: string;
  readonly expiresAt: string;
}

const folder = temporaryFolder();
const dataDir = join(folder.path, "data");
const passwordFile = join(folder.path, "password");
const settings = ["--data", dataDir, "--public-url", PUBLIC_URL];
let shop: TestApp;

/** The commands work while a server has the database open. */
beforeAll(async () => {
  writeFileSync(passwordFile, `${PASSWORD}\n`);
  shop = await startTestApp({ dataDir, clock: createFakeClock(Date.now()) });
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const pathOf = ({ url }: Link): string => url.slice(PUBLIC_URL.length);

test("the first link makes the first admin; later ones sign in", async () => {
  const setup = await cliJson<Link>("admin", "link", ...settings);
  expect(setup).toMatchObject({ kind: "setup", email: null, role: "owner" });
  expect(setup.url).toStartWith(`${PUBLIC_URL}/admin/link/`);
  const response = await openBrowser(shop).submit(pathOf(setup), { email: "jana@example.com", password: PASSWORD });
  expect(response.status).toBe(303);

  const link = await cliJson<Link>("admin", "link", ...settings);
  expect(link).toMatchObject({ kind: "sign-in", email: "jana@example.com" });
  const browser = openBrowser(shop);
  expect((await browser.submit(pathOf(link))).status).toBe(303);
  expect(await browser.page("/admin")).toContain("jana@example.com");
});

test("an admin is made with a password from a file, or by a link to choose one", async () => {
  const args = ["admin", "create", "--email", "Ed@Example.com", "--role", "editor"];
  const created = await cliJson(...args, "--password-file", passwordFile, ...settings);
  expect(created).toEqual({ id: expect.stringMatching(/^adm_/), email: "ed@example.com", role: "editor" } as never);
  expect((await openBrowser(shop).signIn("ed@example.com")).status).toBe(303);

  const link = await cliJson<Link>("admin", "create", "--email", "vera@example.com", "--role", "viewer", ...settings);
  expect(link).toMatchObject({ kind: "invite", email: "vera@example.com", role: "viewer" });
  const browser = openBrowser(shop);
  expect(textOf(await browser.page(pathOf(link)))).toContain("You will be a viewer.");
  expect((await browser.submit(pathOf(link), { password: PASSWORD })).status).toBe(303);

  const { stdout } = await cli("admin", "list", ...settings);
  expect(stdout).toMatch(/adm_\w+ +ed@example\.com +editor/);
  const page = await cliJson<{ items: { email: string }[]; next: string | null }>(
    "admin",
    "list",
    "--limit",
    "2",
    ...settings,
  );
  expect([page.items.map(({ email }) => email), page.next]).toEqual([
    ["ed@example.com", "jana@example.com"],
    "jana@example.com",
  ]);
});

test("a forgotten password is replaced by a link", async () => {
  const { stdout } = await cli("admin", "reset", "--email", "jana@example.com", ...settings);
  const url = printedFact(stdout, "link");
  expect(stdout).toContain("for    jana@example.com");
  const password = "another good password";
  expect((await openBrowser(shop).submit(url.slice(PUBLIC_URL.length), { password })).status).toBe(303);
  expect((await openBrowser(shop).signIn("jana@example.com")).status).toBe(401);
  expect((await openBrowser(shop).signIn("jana@example.com", password)).status).toBe(303);
});

describe("says what is wrong", () => {
  test.each<[string, number, RegExp]>([
    ["admin create", 2, /required option '--email <email>' not specified/],
    ["admin create --email a@example.com --role root", 2, /Allowed choices are viewer, editor, owner/],
    ["admin create --email nobody", 1, /email: "nobody" is not an e-mail address/],
    ["admin create --email jana@example.com", 1, /jana@example\.com has access already/],
    ["admin reset --email nobody@example.com", 1, /There is no admin nobody@example\.com/],
    ["admin link --email nobody@example.com", 1, /There is no admin nobody@example\.com/],
  ])("%s", async (line, expected, message) => {
    const { status, stdout, stderr } = await cli(...line.split(" "), ...settings);
    expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("of a weak password", async () => {
    const weak = join(folder.path, "weak");
    writeFileSync(weak, "short");
    const args = ["admin", "create", "--email", "new@example.com", "--password-file", weak, ...settings];
    expect((await cli(...args)).stderr).toContain("password: Use at least 12 characters.");
  });
});

describe("a server that starts", () => {
  test("prints a link to make the first admin until there is one", async () => {
    using own = temporaryFolder();
    const data = join(own.path, "data");
    const port = await freePort();
    await using server = await startServerProcess({ dataDir: data, port });
    const link = printedFact(server.startBlock, "admin link");
    expect(link).toStartWith(`http://localhost:${port}/admin/link/`);
    const response = await fetch(link, {
      method: "POST",
      redirect: "manual",
      headers: { "sec-fetch-site": "same-origin" },
      body: new URLSearchParams({ email: "jana@example.com", password: PASSWORD }),
    });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/admin"]);
    const [cookie = ""] = response.headers.getSetCookie();
    const page = await fetch(`${server.url}/admin`, { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(textOf(await page.text())).toContain("Overview");

    await server.stop("SIGTERM");
    await using again = await startServerProcess({ dataDir: data, port });
    expect(again.startBlock).not.toContain("/admin/link/");
  }, 30_000);

  test("makes the admin that its settings name, once", async () => {
    using own = temporaryFolder();
    const data = join(own.path, "data");
    const env = { PASSHOOK_ADMIN_EMAIL: "Boss@Example.com", PASSHOOK_ADMIN_PASSWORD_FILE: passwordFile };
    const port = await freePort();
    await using server = await startServerProcess({ dataDir: data, port, env });
    expect(server.startBlock).not.toContain("/admin/link/");
    const signIn = (password: string) =>
      fetch(`${server.url}/admin/sign-in`, {
        method: "POST",
        redirect: "manual",
        headers: { origin: server.url },
        body: new URLSearchParams({ email: "boss@example.com", password }),
      });
    expect((await signIn(PASSWORD)).status).toBe(303);
    await server.stop("SIGTERM");

    // A password that was changed since is not set back.
    const other = { ...env, PASSHOOK_ADMIN_EMAIL: "other@example.com" };
    await using again = await startServerProcess({ dataDir: data, port, env: other });
    const { items } = await passhookJson<{ items: { email: string; role: string }[] }>([
      "admin",
      "list",
      "--data",
      data,
    ]);
    expect(items.map(({ email, role }) => [email, role])).toEqual([["boss@example.com", "owner"]]);
    expect(again.startBlock).not.toContain("/admin/link/");
  }, 30_000);

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "one of the two",
      { PASSHOOK_ADMIN_EMAIL: "boss@example.com" },
      /PASSHOOK_ADMIN_EMAIL and PASSHOOK_ADMIN_PASSWORD make the first admin together/,
    ],
    [
      "a weak password",
      { PASSHOOK_ADMIN_EMAIL: "boss@example.com", PASSHOOK_ADMIN_PASSWORD: "hunter2" },
      /cannot make the first admin:\n {2}password: Use at least 12 characters/,
    ],
  ])(
    "does not start with %s",
    async (_, env, message) => {
      using own = temporaryFolder();
      const start = startServerProcess({ dataDir: join(own.path, "data"), port: await freePort(), env });
      expect(start).rejects.toThrow(message);
      await start.catch(() => {});
    },
    30_000,
  );
});

import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PassObject } from "../src/api/pass-object.ts";
import { passhookJson, runProcess } from "./support/cli-process.ts";
import { verifySignature } from "./support/openssl.ts";
import { noOwnMounts, withOwnMounts } from "./support/own-mounts.ts";
import { expectedManifest, jsonFile, readPackage, shownValue } from "./support/read-package.ts";
import { freePort, ROOT, startServerProcess } from "./support/server-process.ts";
import { call, printedCall, printedFact } from "./support/start-block.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface List {
  readonly items: readonly Record<string, unknown>[];
}

test("the executable alone does the main job, and a second start changes nothing", async () => {
  using folder = temporaryFolder();
  const home = await buildInto(folder.path);
  // Where that is possible, the folder that it was built in is out of its sight.
  const executable = join(home, "passhook");
  const command = noOwnMounts ? [executable] : withOwnMounts(`mount -t tmpfs tmpfs '${ROOT}'`, [executable]);
  const surroundings = { command, cwd: home, env: { PATH: "/usr/bin:/bin", HOME: home } };
  const dataDir = join(home, "data");
  const port = await freePort();
  const run = <T>(...args: string[]) => passhookJson<T>([...args, "--data", dataDir], surroundings);

  await using first = await startServerProcess({ ...surroundings, dataDir, port });
  const answer = await call(printedCall(first.startBlock));
  expect(answer.status).toBe(200);
  const issued = (await answer.json()) as PassObject;

  // The package: every file as the manifest says, the manifest as its signature says.
  const download = await fetch(issued.urls.apple);
  expect(download.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  const files = await readPackage(await download.bytes());
  expect(jsonFile(files, "manifest.json")).toEqual(expectedManifest(files));
  expect(jsonFile(files, "pass.json")["serialNumber"]).toBe(issued.serialNumber);
  expect(shownValue(files, "storeCard", "member")).toBe("Alex Rivera");
  const [manifest, signature] = [files.get("manifest.json"), files.get("signature")];
  if (!manifest || !signature) throw new Error("the package is not signed");
  const report = await verifySignature(folder.path, manifest, signature);
  expect([report.verified, report.stderr]).toEqual([true, expect.stringContaining("successful")]);
  expect(Math.abs(report.signingTime.getTime() - Date.now())).toBeLessThan(60_000);
  expect((await verifySignature(folder.path, Buffer.concat([manifest, manifest]), signature)).verified).toBe(false);

  // The page that a browser gets, with what it needs.
  const page = await fetch(printedFact(first.startBlock, "sample pass"), { headers: { accept: "text/html" } });
  const html = await page.text();
  expect([page.status, html]).toEqual([200, expect.stringContaining("Fennimore Coffee")]);
  expect(html).toContain("--pt: calc(100cqw / 350)");
  const [, strip = ""] = /<img class="pass-strip-image" src="([^"]+)"/.exec(html) ?? [];
  expect((await fetch(new URL(strip, page.url))).headers.get("content-type")).toBe("image/png");

  // The reference of the API.
  const reference = await (await fetch(new URL("/docs", first.url))).text();
  for (const [, path = ""] of reference.matchAll(/ (?:src|href)="(\/assets\/[^"]+)"/g)) {
    expect([path, (await fetch(new URL(path, first.url))).status]).toEqual([path, 200]);
  }
  expect((await fetch(new URL("/docs/openapi.json", first.url))).status).toBe(200);

  // The admin pages with their files.
  const welcome = await (await fetch(printedFact(first.startBlock, "admin link"))).text();
  const [, stylesheet = ""] = /href="([^"]+admin\.css)"/.exec(welcome) ?? [];
  for (const name of ["admin.css", "admin.js", "live.js", "icon.svg"]) {
    const file = await fetch(new URL(stylesheet.replace("admin.css", name), first.url));
    expect([name, file.status]).toEqual([name, 200]);
  }

  // A backup from there, for which the executable starts itself.
  const ours = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
  const submit = (path: string, body: string, cookie = "") =>
    fetch(new URL(path, first.url), { method: "POST", headers: { ...ours, cookie }, body, redirect: "manual" });
  const signedIn = await submit(
    printedFact(first.startBlock, "admin link"),
    "email=owner@example.com&password=correct+horse+battery",
  );
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const overview = await fetch(new URL("/admin", first.url), { headers: { cookie } });
  expect((await submit(`${new URL(overview.url).pathname}/system/backup`, "", cookie)).status).toBe(303);
  expect(readdirSync(join(dataDir, "backups"))).toEqual([expect.stringMatching(/^passhook-\d+T\d+Z\.db$/)]);

  // The command line, beside the running server.
  expect(await run<{ version: string }>("version")).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  const passes = await run<List>("pass", "list");
  expect(passes.items.map(({ serialNumber }) => serialNumber)).toContain(issued.serialNumber);
  expect(passes.items.length).toBe(2);
  expect((await run<List>("template", "list")).items).toMatchObject([{ id: issued.passTemplate, version: 1 }]);
  await run("template", "init", "coupon", join(home, "coupon"));
  expect(readdirSync(join(home, "coupon", "images"))).toContain("icon@2x.png");
  expect(await first.stop("SIGTERM")).toBe(0);

  const lists = async () => [await run("pass", "list"), await run("key", "list"), await run("account", "list")];
  const before = await lists();
  await using second = await startServerProcess({ ...surroundings, dataDir, port });
  expect(second.startBlock).not.toMatch(/phk_|X-API-KEY|curl/);
  expect(await lists()).toEqual(before);
  const again = await fetch(issued.urls.apple);
  expect(again.headers.get("etag")).toBe(download.headers.get("etag"));
  expect(await second.stop("SIGTERM")).toBe(0);
}, 120_000);

/** An empty folder with nothing but the executable in it, and no dependencies anywhere above. */
async function buildInto(folder: string): Promise<string> {
  const built = join(folder, "built");
  const build = await runProcess([process.execPath, "run", `${ROOT}scripts/build.ts`, "--outfile", built]);
  if (build.status !== 0) throw new Error(build.stderr);
  const home = join(folder, "home");
  mkdirSync(home);
  renameSync(built, join(home, "passhook"));
  for (let above = home; above !== dirname(above); above = dirname(above)) {
    expect(existsSync(join(above, "node_modules"))).toBe(false);
  }
  return home;
}

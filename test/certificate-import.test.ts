import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IdentityInfo } from "../src/apple/identities.ts";
import { makeCertificateFiles } from "./support/certificate-files.ts";
import { cli, cliJson } from "./support/cli.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const data = ["--data", path("data")];

beforeAll(async () => {
  await makeCertificateFiles(folder.path);
  await cliJson("account", "create", "--name", "Shop", ...data);
});
afterAll(() => folder[Symbol.dispose]());

test("takes PKCS #12 with its passphrase in a file, once", async () => {
  writeFileSync(path("passphrase.txt"), "secret\r\n");
  const args = [
    "certificate",
    "import",
    "--p12",
    path("legacy.p12"),
    "--passphrase-file",
    path("passphrase.txt"),
    ...data,
  ];
  const imported = await cliJson<IdentityInfo>(...args);
  expect(imported).toMatchObject({ passTypeIdentifier: "pass.com.example.card", teamIdentifier: "A1B2C3D4E5" });
  expect((await cliJson<IdentityInfo>(...args)).id).toBe(imported.id);
  const { items } = await cliJson<{ items: IdentityInfo[] }>("certificate", "list", ...data);
  expect(items.map(({ passTypeIdentifier }) => passTypeIdentifier).sort()).toEqual([
    "pass.com.example.card",
    "pass.dev.passhook.demo",
  ]);
  expect((await cli(...args)).stdout).toContain("not issued by Apple");
});

test("says what is wrong, and stores nothing", async () => {
  const run = await cli("certificate", "import", "--cert", path("leaf.pem"), "--key", path("other.key"), ...data);
  expect(run).toMatchObject({ status: 1, stdout: "" });
  expect(run.stderr).toMatch(/cannot be used:\n {2}key: does not belong .*\n {2}intermediate: is missing/);
});

test.each([
  ["a file that is not there", ["--p12", "/nowhere.p12"], 1, /nowhere\.p12/],
  ["both forms", ["--p12", "a.p12", "--cert", "a.pem", "--key", "a.key"], 2, /give --p12 FILE, or/],
  ["nothing", [], 2, /give --p12 FILE, or/],
])("%s", async (_, args, status, message) => {
  const run = await cli("certificate", "import", ...args, ...data);
  expect(run.stderr).toMatch(message);
  expect(run.status).toBe(status);
});

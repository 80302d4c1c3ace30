import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDevelopmentChain } from "../src/apple/development-chain.ts";
import { systemClock } from "../src/clock.ts";
import { cli } from "./support/cli.ts";
import { built, packed } from "./support/lint/packages.ts";
import { card, changed } from "./support/lint/passes.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

// The command line has the real clock.
const now = systemClock.now();
const chain = createDevelopmentChain({
  passTypeIdentifier: "pass.com.example.card",
  teamIdentifier: "A1B2C3D4E5",
  now,
});

test("a good pass, with the warning that its certificate is not Apple's", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "card.pkpass");
  writeFileSync(file, await built({ chain, signedAt: now }));
  const { status, stdout, stderr } = await cli("pass", "lint", file);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toStartWith(`${file}: 1 warning. Nothing in it is an error.`);
  expect(stdout).toContain("APL006  signature was not issued by Apple");
});

test("a pass that a phone would refuse: what, where, what to do, and what the phone says", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "card.pkpass");
  const pass = changed(card, { serialNumber: 5, foregroundColor: "#fff", "barcodes.0.format": "PKBarcodeFormatITF" });
  writeFileSync(file, await built({ pass, chain: { ...chain, intermediatePem: chain.rootPem }, signedAt: now }));

  const text = await cli("pass", "lint", file);
  expect(text.status).toBe(1);
  expect(text.stdout).toContain("3 errors and 1 warning. An iPhone would refuse this pass");
  expect(text.stdout).toContain("APL104  pass.serialNumber must be text in quotes, not the number 5.");
  expect(text.stdout).toContain("the certificate trust chain could not be verified");
  expect(text.stderr).toBe(`passhook: ${file} has errors.\n`);

  const json = await cli("pass", "lint", file, "--json");
  expect(json.status).toBe(1);
  const { ok, findings } = JSON.parse(json.stdout);
  expect(ok).toBe(false);
  expect(findings.map(({ id, severity, path }: Record<string, string>) => `${id} ${severity} ${path}`)).toEqual([
    "APL006 error signature",
    "APL104 error pass.serialNumber",
    "APL107 warning pass.foregroundColor",
    "APL301 error pass.barcodes.0.format",
  ]);
});

test("a file that is none", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "page.pkpass");
  writeFileSync(file, "<!doctype html>");
  const { status, stdout } = await cli("pass", "lint", file);
  expect(status).toBe(1);
  expect(stdout).toContain("APL012  The file is not a zip archive");
});

test("names in the file cannot write on the terminal", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "card.pkpass");
  writeFileSync(file, packed([["\x1b[2Jall is well\r\n", Buffer.from("x")]]));
  const { stdout } = await cli("pass", "lint", file);
  expect(stdout).toContain("\ufffd[2Jall is well");
  expect([stdout.includes("\x1b"), stdout.includes("\r")]).toEqual([false, false]);
});

test("the schema of template.json, with and without --json", async () => {
  const plain = await cli("template", "schema");
  expect(plain.status).toBe(0);
  expect((await cli("template", "schema", "--json")).stdout).toBe(plain.stdout);
  expect(JSON.parse(plain.stdout).properties.pass.properties.storeCard.type).toBe("object");
});

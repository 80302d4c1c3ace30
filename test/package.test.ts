import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDevelopmentChain, type DevelopmentChain } from "../src/apple/development-chain.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { runProcess } from "./support/cli-process.ts";
import { expectedManifest, jsonFile, readPackage } from "./support/read-package.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const PASS_TYPE = "pass.com.example.card";
const TEAM = "A1B2C3D4E5";
const YEAR_MS = 365 * 24 * 3_600_000;

let shop: TestApp;
let chain: DevelopmentChain;
let serial: string;
let files: ReadonlyMap<string, Buffer>;
const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);

beforeAll(async () => {
  shop = await startTestApp();
  // One that lives longer than the account's own, so that it is preferred, and whose root is known here.
  const options = { passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM, lifetimeMs: 3 * YEAR_MS };
  chain = createDevelopmentChain({ ...options, now: shop.clock.now() });
  await shop.app.identities.import(shop.accountId, {
    certificate: Buffer.from(chain.certificatePem),
    key: Buffer.from(chain.privateKeyPem),
    intermediate: Buffer.from(chain.intermediatePem),
  });
  shop.clock.advance(90_000);
  const template = await shop.pushGallery("coupon");
  const pass = await shop.issue({
    passTemplate: template,
    pass: { offer: "Ein Kaffee – gratis 🎉", "coupon-code": "AUTUMN20" },
    recipient: { email: "sarah@example.com", name: "Zoë" },
  });
  serial = pass.serialNumber;
  files = await readPackage(new Uint8Array(await (await shop.request(`/p/${serial}`)).arrayBuffer()));
  for (const name of ["manifest.json", "signature"]) writeFileSync(path(name), files.get(name) ?? "");
  writeFileSync(path("root.pem"), chain.rootPem);
  writeFileSync(path("intermediate.pem"), chain.intermediatePem);
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const openssl = (...args: string[]) => runProcess(["openssl", ...args]);
const verify = (content: string, root = "root.pem") =>
  openssl(
    ...["cms", "-verify", "-binary", "-inform", "DER", "-in", path("signature"), "-content", path(content)],
    ...["-CAfile", path(root), "-purpose", "any", "-attime", String(shop.clock.now() / 1000), "-out", "/dev/null"],
  );

describe("the package", () => {
  test("holds pass.json, its manifest, the signature and the images, and nothing else", () => {
    expect([...files.keys()]).toEqual([
      ...["pass.json", "manifest.json", "signature"],
      ...["icon.png", "icon@2x.png", "icon@3x.png", "logo.png", "logo@2x.png", "logo@3x.png"],
      ...["strip.png", "strip@2x.png", "strip@3x.png"],
    ]);
  });

  test("says in its manifest what every file is", () => {
    expect(jsonFile(files, "manifest.json")).toEqual(expectedManifest(files));
  });

  test("belongs to the pass type and the team of the certificate, and says where to ask for news", () => {
    expect(jsonFile(files, "pass.json")).toMatchObject({
      formatVersion: 1,
      passTypeIdentifier: PASS_TYPE,
      teamIdentifier: TEAM,
      serialNumber: serial,
      webServiceURL: `${PUBLIC_URL}/passkit`,
      authenticationToken: shop.app.vault.authenticationToken(serial),
      description: "Osier & Pine coupon: Ein Kaffee – gratis 🎉",
    });
    expect(shop.app.vault.authenticationToken(serial).length).toBeGreaterThanOrEqual(16);
  });
});

describe("the signature", () => {
  test("is one of the manifest by a chain that ends at the root", async () => {
    const { status, stderr } = await verify("manifest.json");
    expect(stderr.toLowerCase()).toContain("verification successful");
    expect(status).toBe(0);
  });

  test("is none of another manifest", async () => {
    writeFileSync(path("other.json"), (files.get("manifest.json")?.toString() ?? "").replace("pass.json", "pass.jsom"));
    expect((await verify("other.json")).status).not.toBe(0);
  });

  test("does not verify by another root", async () => {
    const other = createDevelopmentChain({
      passTypeIdentifier: PASS_TYPE,
      teamIdentifier: TEAM,
      now: shop.clock.now(),
    });
    writeFileSync(path("other-root.pem"), other.rootPem);
    expect((await verify("manifest.json", "other-root.pem")).status).not.toBe(0);
  });

  test("carries the leaf and the intermediate, and not the root", async () => {
    const { stdout } = await openssl("pkcs7", "-inform", "DER", "-in", path("signature"), "-print_certs", "-noout");
    const subjects = stdout.split("\n").filter((line) => line.startsWith("subject"));
    expect(subjects).toHaveLength(2);
    expect(stdout).toContain(`Pass Type ID: ${PASS_TYPE}`);
    expect(stdout).toContain("Passhook Development Pass Authority");
  });

  test("has the attributes that Wallet wants, in the order of DER, with the time of this version", async () => {
    const { stdout } = await openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", path("signature"));
    const from = stdout.indexOf("signedAttrs:");
    const signed = stdout.slice(from, stdout.indexOf("signatureAlgorithm:", from));
    const attributes = [...signed.matchAll(/^ +object: (\w+)/gm)].map(([, name]) => name);
    expect(attributes).toEqual(["contentType", "signingTime", "messageDigest"]);
    const [, time] = /UTCTIME:(.+)/.exec(signed) ?? [];
    expect(new Date(time ?? "").getTime()).toBe(shop.clock.now());
    expect(stdout).toMatch(/digestAlgorithm:\s+algorithm: sha256/);
    expect(stdout).toMatch(/signatureAlgorithm:\s+algorithm: (rsaEncryption|sha256WithRSAEncryption)/);
    expect(stdout).toMatch(/eContent: <ABSENT>/);
  });

  test("is right for each of many passes signed at once", async () => {
    const template = await shop.pushGallery("points-card");
    const serials = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const recipient = { email: `many-${i}@example.com` };
        return (await shop.issue({ passTemplate: template, pass: { "points-balance": i }, recipient })).serialNumber;
      }),
    );
    const packages = await Promise.all(
      serials.map(async (one) => readPackage(new Uint8Array(await (await shop.request(`/p/${one}`)).arrayBuffer()))),
    );
    for (const [i, one] of packages.entries()) {
      expect(jsonFile(one, "pass.json")["serialNumber"]).toBe(serials[i] ?? "");
      writeFileSync(path("signature"), one.get("signature") ?? "");
      writeFileSync(path("one.json"), one.get("manifest.json") ?? "");
      expect(await verify("one.json")).toMatchObject({ status: 0 });
    }
  });
});

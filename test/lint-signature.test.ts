import { describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDer } from "../src/apple/lint/asn1.ts";
import { certificateFactsOf, certificateInfo } from "../src/apple/lint/certificate-info.ts";
import { lintPackage } from "../src/apple/lint/lint-package.ts";
import type { PackageInput } from "../src/apple/lint/package-input.ts";
import { chainOfTrust } from "../src/apple/lint/rules/signature.ts";
import { WWDR_G4, WWDR_NAME, wwdrGeneration } from "../src/apple/wwdr.ts";
import { type ChainOptions, chain, DAY_MS } from "./support/lint/chains.ts";
import { built, errorsOf, findingsOf, lint, packed, png, signed } from "./support/lint/packages.ts";
import { card, changed, NOW, posterTicket } from "./support/lint/passes.ts";
import { readPackage } from "./support/read-package.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const signedBy = (options: ChainOptions, pass = card) => built({ chain: chain(options), pass });
const good = await readPackage(await built());

async function withSignature(signature: Uint8Array): Promise<Buffer> {
  return packed(new Map([...good, ["signature", signature]]));
}

describe("the bytes", () => {
  test("missing, empty, or something else", async () => {
    expect(await errorsOf(await withSignature(Buffer.alloc(0)))).toEqual(["APL003 signature"]);
    expect(await errorsOf(await withSignature(Buffer.from("-----BEGIN PKCS7-----")))).toEqual(["APL004 signature"]);
    expect(await errorsOf(await withSignature(Buffer.from("3000", "hex")))).toEqual(["APL004 signature"]);
  });

  test("of another manifest", async () => {
    const other = await readPackage(await built({ files: { "logo.png": png(160, 50) } }));
    const { findings } = await lint(await withSignature(other.get("signature") ?? Buffer.alloc(0)));
    expect(findings.filter(({ id }) => id === "APL004")).toEqual([
      expect.objectContaining({
        message: expect.stringContaining("changed after it was signed"),
        deviceMessage: "Data signature did not verify successfully",
      }),
    ]);
  });

  test("a changed bit in the value, in the signed attributes, or in a certificate", async () => {
    const signature = good.get("signature") ?? Buffer.alloc(0);
    const flipped = async (at: number) => {
      const broken = Buffer.from(signature);
      broken[at] = (broken[at] ?? 0) ^ 1;
      return errorsOf(await withSignature(broken));
    };
    const time = Buffer.from("06092a864886f70d010905", "hex");
    expect(await flipped(signature.length - 1)).toEqual(["APL004 signature"]);
    expect(await flipped(signature.indexOf(time) + time.length + 10)).toEqual(["APL004 signature"]);
    expect(await flipped(signature.indexOf("pass.com.example.card") + 3)).not.toEqual([]);
  });
});

describe("the signing time", () => {
  test("left out, as with openssl smime -noattr, verifies and is refused all the same", async () => {
    using folder = temporaryFolder();
    const { certificatePem, intermediatePem, privateKeyPem } = chain();
    const path = (name: string) => join(folder.path, name);
    writeFileSync(path("leaf.pem"), certificatePem);
    writeFileSync(path("key.pem"), privateKeyPem);
    writeFileSync(path("wwdr.pem"), intermediatePem);
    writeFileSync(path("manifest.json"), good.get("manifest.json") ?? "");
    const sign = (...more: string[]) => {
      const { exitCode, stderr } = Bun.spawnSync([
        ...["openssl", "smime", "-sign", "-binary", "-signer", path("leaf.pem"), "-inkey", path("key.pem")],
        ...["-certfile", path("wwdr.pem"), "-in", path("manifest.json"), "-out", path("signature"), "-outform", "DER"],
        ...more,
      ]);
      if (exitCode !== 0) throw new Error(stderr.toString());
      return readFileSync(path("signature"));
    };
    expect(await errorsOf(await withSignature(sign("-noattr")))).toEqual(["APL005 signature"]);
    expect(await errorsOf(await withSignature(sign()))).toEqual([]);
    expect(await errorsOf(await withSignature(sign("-md", "sha1")))).toEqual([]);
    // The content inside: a signature of that content all the same.
    expect(await findingsOf(await withSignature(sign("-nodetach")))).toEqual(["APL004 signature"]);
  });
});

describe("the chain", () => {
  const trust = async (bytes: Uint8Array) => (await lint(bytes)).findings.filter(({ id }) => id === "APL006");

  test("an intermediate that has the name but did not issue the leaf", async () => {
    expect(await trust(await signedBy({ foreignIntermediate: true }))).toEqual([
      expect.objectContaining({
        severity: "error",
        message: expect.stringContaining('was issued by "Test Authority G4"'),
      }),
    ]);
  });

  test("Apple's own intermediate beside a leaf that it did not issue", async () => {
    const own = chain({ issuerName: WWDR_NAME });
    const [found] = await trust(await built({ chain: { ...own, intermediatePem: WWDR_G4 } }));
    expect(found).toMatchObject({ severity: "error", deviceMessage: expect.stringContaining("could not be verified") });
    expect(found?.message).toContain("G4 certificate");
  });

  test("a stranger under Apple's name is not Apple", async () => {
    expect(await trust(await signedBy({ issuerName: WWDR_NAME }))).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: expect.stringContaining("none of the certificates that Apple has published"),
      }),
    ]);
  });

  test.each(["g1", "g2", "g3", "g5", "g6"])("the published intermediates by their bytes: %s", (name) => {
    const pem = readFileSync(new URL(`./support/apple-certificates/wwdr-${name}.pem`, import.meta.url), "utf8");
    const [problem] = trustIn(pem);
    if (name === "g1") expect(problem).toBeUndefined();
    else
      expect(problem).toEqual({
        path: "signature",
        message: expect.stringContaining(`intermediate ${wwdrGeneration(pem)},`),
      });
  });

  test("G4 is the one for passes", () => expect(trustIn(WWDR_G4)).toEqual([]));

  /** What the rule says of a leaf that this intermediate has issued; nobody here can make a real one. */
  function trustIn(pem: string) {
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
    const intermediate = certificateInfo(readDer(der));
    const signature = {
      kind: "read",
      leaf: intermediate,
      intermediate,
      others: [],
      faults: [],
      hasSigningTime: true,
      attached: false,
    };
    return [...chainOfTrust.check({ signature } as unknown as PackageInput)];
  }
});

describe("the certificate", () => {
  test("of another pass type or team", async () => {
    expect(await errorsOf(await signedBy({ uid: "pass.com.example.other" }))).toEqual([
      "APL007 pass.passTypeIdentifier",
    ]);
    expect(await errorsOf(await signedBy({ unit: "ZZZZZZZZZZ" }))).toEqual(["APL007 pass.teamIdentifier"]);
  });

  test("expired, not valid yet, or soon to expire", async () => {
    expect(await errorsOf(await signedBy({ validForMs: -1_000 }))).toEqual(["APL008 signature"]);
    expect(await errorsOf(await signedBy({ notBefore: NOW + DAY_MS }))).toEqual(["APL008 signature"]);
    expect(await errorsOf(await signedBy({ intermediateValidForMs: -1_000 }))).toEqual(["APL008 signature"]);
    expect(await findingsOf(await signedBy({ validForMs: 59 * DAY_MS }))).toEqual(["APL010 signature"]);
    expect(await findingsOf(await signedBy({ validForMs: 62 * DAY_MS }))).toEqual([]);
  });

  test("without the NFC entitlement", async () => {
    const withNfc = changed(card, { nfc: posterTicket["nfc"] });
    expect(await errorsOf(await signedBy({}, withNfc))).toEqual(["APL009 pass.nfc"]);
    expect(await errorsOf(await signedBy({ name: "Pass Type ID with NFC: pass.com.example.card" }, withNfc))).toEqual(
      [],
    );
  });

  test("with an EC key verifies, and is refused unless it is allowed", async () => {
    using folder = temporaryFolder();
    const path = (name: string) => join(folder.path, name);
    const openssl = (...args: string[]) => {
      const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args]);
      if (exitCode !== 0) throw new Error(stderr.toString());
    };
    const subject = "/UID=pass.com.example.card/CN=Pass Type ID: pass.com.example.card/OU=A1B2C3D4E5";
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      path("ca.key"),
      "-out",
      path("ca.pem"),
      "-subj",
      "/CN=Test Authority",
      "-days",
      "365",
    );
    openssl("req", ...newKey, "-keyout", path("leaf.key"), "-out", path("leaf.csr"), "-subj", subject);
    openssl(
      "x509",
      "-req",
      "-in",
      path("leaf.csr"),
      "-CA",
      path("ca.pem"),
      "-CAkey",
      path("ca.key"),
      "-CAcreateserial",
      "-out",
      path("leaf.pem"),
      "-days",
      "300",
    );
    writeFileSync(path("manifest.json"), good.get("manifest.json") ?? "");
    openssl(
      "cms",
      "-sign",
      "-binary",
      "-signer",
      path("leaf.pem"),
      "-inkey",
      path("leaf.key"),
      "-certfile",
      path("ca.pem"),
      "-in",
      path("manifest.json"),
      "-out",
      path("signature"),
      "-outform",
      "DER",
      "-md",
      "sha256",
    );
    const bytes = await withSignature(readFileSync(path("signature")));
    expect(await errorsOf(bytes, Date.now())).toEqual(["APL011 signature"]);
    expect((await lintPackage(bytes, { now: Date.now(), allowEc: true })).ok).toBe(true);
  });
});

test("what a certificate says, without a signature around it", () => {
  const facts = { passTypeIdentifier: "pass.com.example.card", teamIdentifier: "A1B2C3D4E5" };
  expect(certificateFactsOf(chain().certificatePem)).toEqual({ ...facts, nfc: false });
  const name = "Pass Type ID with NFC: pass.com.example.card";
  expect(certificateFactsOf(chain({ name }).certificatePem)).toEqual({ ...facts, nfc: true });
  expect(certificateFactsOf("no certificate")).toBeUndefined();
});

test("the manifest that is verified is the one that is stored", async () => {
  const files = await signed(
    Object.fromEntries([...good].filter(([name]) => !["manifest.json", "signature"].includes(name))),
  );
  const spaced = JSON.stringify(JSON.parse(Buffer.from(files.get("manifest.json") ?? []).toString()), undefined, 2);
  files.set("manifest.json", Buffer.from(spaced));
  expect(await errorsOf(packed(files))).toEqual(["APL004 signature"]);
});

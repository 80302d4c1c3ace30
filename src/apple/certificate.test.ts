import { afterAll, beforeAll, expect, test } from "bun:test";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { makeCertificateFiles } from "../../test/support/certificate-files.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { AppError, describeError } from "../errors.ts";
import { type CertificateFiles, readSigningMaterial } from "./certificate.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const file = (name: string) => readFileSync(path(name));
const DAY_MS = 24 * 3_600_000;
/** A minute from now, when what is made below is valid. */
const NOW = Date.now() + 60_000;
beforeAll(() => makeCertificateFiles(folder.path));
afterAll(() => folder[Symbol.dispose]());

const pem = (more: Partial<Record<"certificate" | "key" | "intermediate", string>> & { passphrase?: string } = {}) => ({
  certificate: file(more.certificate ?? "leaf.pem"),
  key: file(more.key ?? "leaf.key"),
  intermediate: file(more.intermediate ?? "authority.pem"),
  passphrase: more.passphrase,
});

const READABLE: readonly [string, () => CertificateFiles][] = [
  ["PEM", () => pem()],
  ["DER", () => pem({ certificate: "leaf.cer", key: "pkcs8.der", intermediate: "authority.cer" })],
  ["a chain in one file", () => ({ certificate: file("chain.pem"), key: file("leaf.key") })],
  ["a PKCS #1 key", () => pem({ key: "pkcs1.key" })],
  ["a PKCS #1 key in DER", () => pem({ key: "pkcs1.der" })],
  ["an encrypted PKCS #8 key", () => pem({ key: "pkcs8-encrypted.key", passphrase: "secret" })],
  ["an encrypted PKCS #1 key", () => pem({ key: "pkcs1-encrypted.key", passphrase: "secret" })],
  ["a passphrase that is not needed", () => pem({ passphrase: "secret" })],
  ["PKCS #12 as openssl 3 makes it", () => ({ p12: file("modern.p12"), passphrase: "secret" })],
  ["PKCS #12 as Keychain makes it", () => ({ p12: file("legacy.p12"), passphrase: "secret" })],
  ["PKCS #12 without a passphrase", () => ({ p12: file("empty-passphrase.p12") })],
  ["PKCS #12 without an intermediate", () => ({ p12: file("alone.p12"), intermediate: file("authority.pem") })],
];

test.each(READABLE)("%s can be read", (_, files) => {
  const material = readSigningMaterial(files(), NOW);
  const leaf = new X509Certificate(file("leaf.pem"));
  expect(material).toMatchObject({
    passTypeIdentifier: "pass.com.example.card",
    teamIdentifier: "A1B2C3D4E5",
    fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
    expiresAt: Date.parse(leaf.validTo),
    development: true,
  });
  expect(new X509Certificate(material.certificatePem).raw.equals(leaf.raw)).toBe(true);
  expect(leaf.checkIssued(new X509Certificate(material.intermediatePem))).toBe(true);
  expect(leaf.checkPrivateKey(createPrivateKey(material.privateKeyPem))).toBe(true);
});

/** What the person who holds the files is told: the path of each problem, and what to do. */
const REFUSED: readonly [string, () => CertificateFiles, RegExp, number?][] = [
  ["a wrong passphrase", () => ({ p12: file("modern.p12"), passphrase: "guess" }), /passphrase .* is wrong/],
  [
    "a wrong passphrase, in the old form",
    () => ({ p12: file("legacy.p12"), passphrase: "guess" }),
    /passphrase .* is wrong/,
  ],
  ["no passphrase", () => ({ p12: file("modern.p12") }), /passphrase .* is wrong/],
  [
    "a key's wrong passphrase",
    () => pem({ key: "pkcs8-encrypted.key", passphrase: "guess" }),
    /encrypted .* missing or wrong/,
  ],
  ["no passphrase for a key", () => pem({ key: "pkcs8-encrypted.key" }), /encrypted .* missing or wrong/],
  ["PKCS #12 without the key", () => ({ p12: file("no-key.p12") }), /no private key.*together with its key/],
  ["PKCS #12 without the certificate", () => ({ p12: file("no-certificate.p12") }), /no certificate/],
  [
    "the key of another certificate",
    () => pem({ key: "other.key" }),
    /key: does not belong to the certificate\. Use the key/,
  ],
  ["no pass type", () => pem({ certificate: "no-uid.pem" }), /UID is missing.*Make one in Apple's portal/],
  ["another kind of certificate", () => pem({ certificate: "app.pem" }), /UID is "com\.example\.card" and must be/],
  ["no team", () => pem({ certificate: "no-ou.pem" }), /no team identifier \(OU/],
  [
    "an expired certificate",
    () => pem(),
    /certificate: expired on \d{4}-\d\d-\d\d; make a new one in Apple's portal/,
    NOW + 400 * DAY_MS,
  ],
  ["an expired intermediate", () => pem(), /intermediate: expired on .*download/, NOW + 800 * DAY_MS],
  [
    "one that is not valid yet",
    () => pem(),
    /certificate: is valid only from .*check this machine's clock/,
    NOW - 30 * DAY_MS,
  ],
  [
    "no intermediate",
    () => ({ certificate: file("leaf.pem"), key: file("leaf.key") }),
    /missing: the certificate was issued by "Test Authority".*as the intermediate/,
  ],
  [
    "another intermediate",
    () => pem({ intermediate: "other-authority.pem" }),
    /is "Another Authority", but the certificate was issued by "Test Authority"/,
  ],
  [
    "an intermediate of the same name with another key",
    () => pem({ intermediate: "twin.pem" }),
    /intermediate: is "Test Authority", but/,
  ],
  ["the leaf as its own intermediate", () => pem({ intermediate: "leaf.pem" }), /intermediate: is "Pass Type ID/],
  ["an elliptic key", () => pem({ key: "ec.key" }), /private key is not RSA/],
  [
    "a certificate with an elliptic key",
    () => pem({ certificate: "ec.pem", key: "ec.key" }),
    /key that is not RSA\. Ask Apple/,
  ],
  ["PKCS #12 with an elliptic key", () => ({ p12: file("ec.p12") }), /not RSA/],
  ["random bytes as PKCS #12", () => ({ p12: file("garbage.bin") }), /cannot be read as PKCS #12/],
  ["random bytes as a certificate", () => pem({ certificate: "garbage.bin" }), /certificate is neither PEM nor DER/],
  ["a web page as a certificate", () => pem({ certificate: "page.html" }), /certificate is neither PEM nor DER/],
  ["a damaged certificate", () => pem({ certificate: "broken.pem" }), /certificate is neither PEM nor DER/],
  ["a key as a certificate", () => pem({ certificate: "leaf.key" }), /certificate is neither PEM nor DER/],
  ["random bytes as a key", () => pem({ key: "garbage.bin" }), /private key cannot be read/],
  ["a certificate as a key", () => pem({ key: "leaf.pem" }), /private key cannot be read/],
  [
    "random bytes as an intermediate",
    () => pem({ intermediate: "garbage.bin" }),
    /intermediate is neither PEM nor DER/,
  ],
];

test.each(REFUSED)("%s is refused in words that help", (_, files, message, now = NOW) => {
  const refusal = (() => {
    try {
      return readSigningMaterial(files(), now);
    } catch (error) {
      return error;
    }
  })();
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({ code: "invalid" });
  expect(describeError(refusal)).toMatch(message);
});

test("everything that is wrong is said at once", () => {
  const files = pem({ certificate: "no-ou.pem", key: "other.key", intermediate: "twin.pem" });
  expect(() => readSigningMaterial(files, NOW + 400 * DAY_MS)).toThrow(
    expect.objectContaining({
      details: [
        expect.objectContaining({ path: "certificate" }),
        expect.objectContaining({ path: "key" }),
        expect.objectContaining({ path: "certificate" }),
        expect.objectContaining({ path: "intermediate" }),
      ],
    }),
  );
});

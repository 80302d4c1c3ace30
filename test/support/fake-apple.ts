import { randomBytes } from "node:crypto";
import forge from "node-forge";
import { type KeyPair, newKeyPair } from "../../src/apple/key-pair.ts";
import { WWDR_NAME } from "../../src/apple/wwdr.ts";

/**
 * An authority with the names of Apple's "WWDR G4", and its portal: what it issues counts as Apple's until a phone looks
 * at it.
 */
export interface FakeApple {
  /** To be given as `--intermediate`. */
  readonly intermediatePem: string;
  /** Answers an uploaded request, as the portal does: `pass.cer`, DER. */
  certify(csrPem: string, options: IssueOptions): Buffer;
  /** A certificate with a key of its own, as files of `certificate import`. */
  issue(options: IssueOptions): { certificate: Buffer; key: Buffer; intermediate: Buffer };
}

export interface IssueOptions {
  readonly passTypeIdentifier: string;
  readonly now: number;
  readonly lifetimeMs: number;
}

export const DAY_MS = 24 * 3_600_000;
export const TEAM = "A1B2C3D4E5";

const ISSUER = [
  { name: "commonName", value: WWDR_NAME },
  { name: "organizationalUnitName", value: "G4" },
  { name: "organizationName", value: "Apple Inc." },
  { name: "countryName", value: "US" },
];

let authority: KeyPair | undefined;

/** `intermediateLifetimeMs` counts from `now`. All fakes of a test run share one key, which takes a while to make. */
export function createFakeApple(now: number, intermediateLifetimeMs = 4 * 365 * DAY_MS): FakeApple {
  authority ??= newKeyPair();
  const { publicKey, privateKey } = authority;
  const sign = (subject: forge.pki.CertificateField[], key: forge.pki.PublicKey, from: number, until: number) => {
    const certificate = forge.pki.createCertificate();
    certificate.serialNumber = `4${randomBytes(15).toString("hex").slice(1)}`;
    certificate.publicKey = key;
    certificate.validity.notBefore = new Date(from);
    certificate.validity.notAfter = new Date(until);
    certificate.setSubject(subject);
    certificate.setIssuer(ISSUER);
    certificate.sign(privateKey, forge.md.sha256.create());
    return forge.pki.certificateToPem(certificate);
  };
  const leaf = (key: forge.pki.PublicKey, { passTypeIdentifier, now: from, lifetimeMs }: IssueOptions) => {
    const subject = [
      { type: "0.9.2342.19200300.100.1.1", value: passTypeIdentifier },
      { name: "commonName", value: `Pass Type ID: ${passTypeIdentifier}` },
      { name: "organizationalUnitName", value: TEAM },
    ];
    return sign(subject, key, from - DAY_MS, from + lifetimeMs);
  };
  const intermediatePem = sign(ISSUER, publicKey, now - 365 * DAY_MS, now + intermediateLifetimeMs);
  return {
    intermediatePem,
    certify(csrPem, options) {
      const csr = forge.pki.certificationRequestFromPem(csrPem);
      if (!csr.verify() || !csr.publicKey) throw new Error("The request is not signed with its own key.");
      return Buffer.from(forge.pem.decode(leaf(csr.publicKey, options))[0]?.body ?? "", "binary");
    },
    issue(options) {
      const pair = newKeyPair();
      return {
        certificate: Buffer.from(leaf(pair.publicKey, options)),
        key: Buffer.from(forge.pki.privateKeyToPem(pair.privateKey)),
        intermediate: Buffer.from(intermediatePem),
      };
    },
  };
}

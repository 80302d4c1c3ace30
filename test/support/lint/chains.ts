import forge from "node-forge";
import { newKeyPair } from "../../../src/apple/key-pair.ts";
import { NOW } from "./passes.ts";

export const DAY_MS = 24 * 3_600_000;

/** Leaf, intermediate and key in the form that `createSigner` takes. */
export interface Chain {
  readonly certificatePem: string;
  readonly intermediatePem: string;
  readonly privateKeyPem: string;
}

export interface ChainOptions {
  readonly uid?: string;
  readonly unit?: string;
  readonly name?: string;
  readonly issuerName?: string;
  /** From `NOW`. */
  readonly validForMs?: number;
  readonly notBefore?: number;
  readonly intermediateValidForMs?: number;
  /** The intermediate that is put into the signature did not issue the leaf, though it has its issuer's name. */
  readonly foreignIntermediate?: boolean;
}

/** Making keys takes long; who signs what is told by the certificates. */
const keys = Array.from({ length: 3 }, newKeyPair);
const [leafKey, issuerKey, otherKey] = keys as [(typeof keys)[0], (typeof keys)[0], (typeof keys)[0]];

/** A chain in which anything can be wrong. */
export function chain(options: ChainOptions = {}): Chain {
  const { uid = "pass.com.example.card", unit = "A1B2C3D4E5", issuerName = "Test Authority" } = options;
  const { validForMs = 365 * DAY_MS, notBefore = NOW - DAY_MS, intermediateValidForMs = 3650 * DAY_MS } = options;
  const issuer = [
    { name: "commonName", value: issuerName },
    { name: "organizationalUnitName", value: "G4" },
  ];
  const subject = [
    { type: "0.9.2342.19200300.100.1.1", value: uid },
    { name: "commonName", value: options.name ?? `Pass Type ID: ${uid}` },
    { name: "organizationalUnitName", value: unit },
  ];
  const intermediateKey = options.foreignIntermediate ? otherKey : issuerKey;
  return {
    certificatePem: certify(subject, issuer, leafKey.publicKey, issuerKey.privateKey, notBefore, NOW + validForMs),
    intermediatePem: certify(
      issuer,
      issuer,
      intermediateKey.publicKey,
      intermediateKey.privateKey,
      NOW - DAY_MS,
      NOW + intermediateValidForMs,
    ),
    privateKeyPem: leafKey.pem,
  };
}

let serial = 1;

function certify(
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  key: forge.pki.PublicKey,
  issuerKey: forge.pki.rsa.PrivateKey,
  notBefore: number,
  notAfter: number,
): string {
  const certificate = forge.pki.createCertificate();
  serial += 1;
  certificate.serialNumber = `40${serial.toString(16).padStart(6, "0")}`;
  certificate.publicKey = key;
  certificate.validity.notBefore = new Date(notBefore);
  certificate.validity.notAfter = new Date(notAfter);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.sign(issuerKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

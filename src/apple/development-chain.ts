import { randomBytes } from "node:crypto";
import forge from "node-forge";
import { type KeyPair, newKeyPair } from "./key-pair.ts";

export interface DevelopmentChain {
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface DevelopmentChainOptions {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly now: number;
  readonly lifetimeMs?: number;
}

const YEAR_MS = 365 * 24 * 3600 * 1000;

/**
 * A chain with the shape of Apple's (root → intermediate → leaf with UID and OU), so that everything up to the phone
 * can be tried without an Apple account. No iPhone trusts its root.
 */
export function createDevelopmentChain(options: DevelopmentChainOptions): DevelopmentChain {
  const root = newKeyPair();
  const intermediate = newKeyPair();
  const leaf = newKeyPair();
  const rootName = [attribute("commonName", "Passhook Development Root CA"), attribute("organizationName", "Passhook")];
  const intermediateName = [
    attribute("commonName", "Passhook Development Pass Authority"),
    attribute("organizationalUnitName", "G1"),
    attribute("organizationName", "Passhook"),
  ];
  const leafName = [
    { type: "0.9.2342.19200300.100.1.1", value: options.passTypeIdentifier },
    attribute("commonName", `Pass Type ID: ${options.passTypeIdentifier}`),
    attribute("organizationalUnitName", options.teamIdentifier),
    attribute("organizationName", "Passhook development"),
    attribute("countryName", "US"),
  ];
  const authority = [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
  ];
  const end = [{ name: "keyUsage", digitalSignature: true, critical: true }];
  const issue = (
    subject: forge.pki.CertificateField[],
    publicKey: forge.pki.PublicKey,
    by: KeyPair,
    byName: forge.pki.CertificateField[],
    extensions: object[],
  ) => issueCertificate({ subject, publicKey, issuer: byName, issuerKey: by.privateKey, extensions, ...options });
  return {
    rootPem: issue(rootName, root.publicKey, root, rootName, authority),
    intermediatePem: issue(intermediateName, intermediate.publicKey, root, rootName, authority),
    certificatePem: issue(leafName, leaf.publicKey, intermediate, intermediateName, end),
    privateKeyPem: leaf.pem,
  };
}

function issueCertificate(request: {
  subject: forge.pki.CertificateField[];
  publicKey: forge.pki.PublicKey;
  issuer: forge.pki.CertificateField[];
  issuerKey: forge.pki.rsa.PrivateKey;
  extensions: object[];
  now: number;
  lifetimeMs?: number;
}): string {
  const certificate = forge.pki.createCertificate();
  // Positive and never zero (RFC 5280, section 4.1.2.2).
  certificate.serialNumber = `4${randomBytes(15).toString("hex").slice(1)}`;
  certificate.publicKey = request.publicKey;
  certificate.validity.notBefore = new Date(request.now - 24 * 3600 * 1000);
  certificate.validity.notAfter = new Date(request.now + (request.lifetimeMs ?? YEAR_MS));
  certificate.setSubject(request.subject);
  certificate.setIssuer(request.issuer);
  certificate.setExtensions(request.extensions);
  certificate.sign(request.issuerKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

const attribute = (name: string, value: string): forge.pki.CertificateField => ({ name, value });

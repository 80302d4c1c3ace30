import { randomBytes } from "node:crypto";
import forge from "node-forge";
import { createDevelopmentChain } from "../../../src/apple/development-chain.ts";
import { type KeyPair, newKeyPair } from "../../../src/apple/key-pair.ts";
import type { PushIdentity } from "../../../src/apple/push-client.ts";

export interface ServerCredentials {
  /** What a client must trust. */
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** TLS libraries read the real clock, which tests do not set. */
const BEGIN = Date.UTC(2020, 0, 1);
const END = Date.UTC(2049, 0, 1);

const known = new Map<string, ServerCredentials>();

/**
 * A CA of the fake's own and its certificate for a name, that of `localhost` also for 127.0.0.1; made once in a process,
 * for keys take time.
 */
export function serverCredentials(name: string): ServerCredentials {
  const credentials = known.get(name) ?? createServerCredentials(name);
  known.set(name, credentials);
  return credentials;
}

/** A push identity with a certificate of the shape of Apple's, and the root that issued it. */
export function createTestIdentity(passTypeIdentifier: string): PushIdentity & { readonly rootPem: string } {
  const chain = createDevelopmentChain({
    passTypeIdentifier,
    teamIdentifier: "A1B2C3D4E5",
    now: BEGIN,
    lifetimeMs: END - BEGIN,
  });
  return {
    id: `sid_${randomBytes(8).toString("hex")}`,
    passTypeIdentifier,
    certificatePem: chain.certificatePem,
    intermediatePem: chain.intermediatePem,
    privateKeyPem: () => chain.privateKeyPem,
    rootPem: chain.rootPem,
  };
}

function createServerCredentials(name: string): ServerCredentials {
  const authority = newKeyPair();
  const server = newKeyPair();
  const authorityName = [{ name: "commonName", value: "Fake APNs CA" }];
  const caPem = issue(authorityName, authority, authorityName, authority, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, critical: true },
  ]);
  const certificatePem = issue([{ name: "commonName", value: name }], server, authorityName, authority, [
    { name: "extKeyUsage", serverAuth: true },
    {
      name: "subjectAltName",
      altNames: [{ type: 2, value: name }, ...(name === "localhost" ? [{ type: 7, ip: "127.0.0.1" }] : [])],
    },
  ]);
  return { caPem, certificatePem, privateKeyPem: server.pem };
}

function issue(
  subject: forge.pki.CertificateField[],
  keys: KeyPair,
  issuer: forge.pki.CertificateField[],
  issuerKeys: KeyPair,
  extensions: object[],
): string {
  const certificate = forge.pki.createCertificate();
  certificate.serialNumber = `4${randomBytes(15).toString("hex").slice(1)}`;
  certificate.publicKey = keys.publicKey;
  certificate.validity.notBefore = new Date(BEGIN);
  certificate.validity.notAfter = new Date(END);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  certificate.sign(issuerKeys.privateKey as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

import { X509Certificate } from "node:crypto";
import { type Asn1, bytesOf, isTagged, oidOf, partsOf, readDer, timeOf, writeDer } from "./asn1.ts";
import type { CertificateFacts } from "./finding.ts";

/** A certificate out of a signature. */
export interface CertificateInfo {
  /** CN of the subject. */
  readonly name: string;
  /** UID of the subject. */
  readonly passTypeIdentifier: string | undefined;
  /** OU of the subject: the team in a leaf, the generation in Apple's intermediates. */
  readonly unit: string | undefined;
  readonly issuerName: string;
  readonly issuerUnit: string | undefined;
  /** Issuer and serial number as a signature names its signer. */
  readonly identity: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly x509: X509Certificate;
}

const OID = { uid: "0.9.2342.19200300.100.1.1", unit: "2.5.4.11", name: "2.5.4.3" } as const;

/** Reads a certificate (RFC 5280, section 4.1); nothing when it is none. */
export function certificateInfo(node: Asn1): CertificateInfo | undefined {
  try {
    const parts = partsOf(partsOf(node)[0]);
    // The version is left out in certificates of version 1.
    const [serial, , issuer, validity, subject] = isTagged(parts[0], 0) ? parts.slice(1) : parts;
    const [notBefore, notAfter] = partsOf(validity).map(timeOf);
    if (!serial || !issuer || !subject || notBefore === undefined || notAfter === undefined) return undefined;
    return {
      // By OID from the parsed subject: printed subjects differ between programs.
      name: attributeOf(subject, OID.name) ?? "(no name)",
      passTypeIdentifier: attributeOf(subject, OID.uid),
      unit: attributeOf(subject, OID.unit),
      issuerName: attributeOf(issuer, OID.name) ?? "(no name)",
      issuerUnit: attributeOf(issuer, OID.unit),
      identity: identityOf(issuer, serial),
      notBefore,
      notAfter,
      x509: new X509Certificate(writeDer(node)),
    };
  } catch {
    return undefined;
  }
}

export const identityOf = (issuer: Asn1, serial: Asn1): string =>
  `${bytesOf(serial).toString("hex")} ${writeDer(issuer).toString("hex")}`;

function attributeOf(name: Asn1, oid: string): string | undefined {
  for (const set of partsOf(name)) {
    for (const attribute of partsOf(set)) {
      const [type, value] = partsOf(attribute);
      if (oidOf(type) === oid && value) return bytesOf(value).toString("utf8");
    }
  }
  return undefined;
}

/** Same name, and the issuer's key verifies the signature: a certificate of the same name is not enough. */
export function isIssuedBy(certificate: CertificateInfo, issuer: CertificateInfo): boolean {
  try {
    return certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey);
  } catch {
    return false;
  }
}

/** `rsa`, `ec`, …; nothing when the key cannot be read. */
export function keyTypeOf(certificate: CertificateInfo): string | undefined {
  try {
    return certificate.x509.publicKey.asymmetricKeyType;
  } catch {
    return undefined;
  }
}

/** SHA-256 of the DER, hex in lower case. */
export const fingerprintOf = (certificate: CertificateInfo): string =>
  certificate.x509.fingerprint256.replaceAll(":", "").toLowerCase();

/** What a certificate says that a pass must agree with. */
export const certificateFacts = ({ name, passTypeIdentifier, unit }: CertificateInfo): CertificateFacts => ({
  passTypeIdentifier,
  teamIdentifier: unit,
  nfc: name.startsWith("Pass Type ID with NFC:"),
});

/** The same of a certificate in PEM; nothing when it is none. */
export function certificateFactsOf(pem: string): CertificateFacts | undefined {
  try {
    const certificate = certificateInfo(readDer(new X509Certificate(pem).raw));
    return certificate && certificateFacts(certificate);
  } catch {
    return undefined;
  }
}

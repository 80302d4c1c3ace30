import { createHash, verify } from "node:crypto";
import { messageOf } from "../../errors.ts";
import { type Asn1, bytesOf, isTagged, oidOf, partsOf, readDer, timeOf, writeDer } from "./asn1.ts";
import { type CertificateInfo, certificateInfo, identityOf, isIssuedBy } from "./certificate-info.ts";

export type SignatureFacts =
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly reason: string }
  | {
      readonly kind: "read";
      /** Why it does not verify; empty when it does. */
      readonly faults: readonly string[];
      readonly hasSigningTime: boolean;
      /** It holds what it signs, which a detached signature does not. */
      readonly attached: boolean;
      /** The certificate that signed. */
      readonly leaf: CertificateInfo | undefined;
      /** The one of the others that really issued the leaf. */
      readonly intermediate: CertificateInfo | undefined;
      readonly others: readonly CertificateInfo[];
    };

const MOST_BYTES = 256 * 1024;

const OID = {
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
} as const;

const DIGESTS: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

const SET = 0x31;

/**
 * Reads a CMS signature (RFC 5652) and verifies it over the content as it is stored, without trusting anything that it
 * says about itself. Never throws.
 */
export function readSignature(signature: Uint8Array | undefined, content: Uint8Array | undefined): SignatureFacts {
  if (!signature || signature.length === 0) return { kind: "absent" };
  if (signature.length > MOST_BYTES) return { kind: "unreadable", reason: "it is larger than any signature" };
  try {
    return readSignedData(readDer(signature), content ?? new Uint8Array());
  } catch (error) {
    return { kind: "unreadable", reason: messageOf(error) };
  }
}

function readSignedData(contentInfo: Asn1, content: Uint8Array): SignatureFacts {
  const [type, wrapped] = partsOf(contentInfo);
  if (oidOf(type) !== OID.signedData) return { kind: "unreadable", reason: "it is not CMS SignedData" };
  const [, , encapsulated, ...rest] = partsOf(partsOf(wrapped)[0]);
  const certificates = partsOf(rest.find((part) => isTagged(part, 0))).flatMap((node) => certificateInfo(node) ?? []);
  const signers = partsOf(rest.at(-1));
  const [signer] = signers;
  if (!signer) return { kind: "unreadable", reason: "nobody has signed it" };

  const { identity, attributes, ...signerInfo } = readSigner(signer);
  const leaf = certificates.find((certificate) => certificate.identity === identity);
  const others = certificates.filter((certificate) => certificate !== leaf);
  return {
    kind: "read",
    faults:
      signers.length > 1 ? ["it has several signers"] : [...faultsOf({ attributes, leaf, content, ...signerInfo })],
    hasSigningTime: timeOf(attributeOf(attributes, OID.signingTime)) !== undefined,
    attached: partsOf(encapsulated).length > 1,
    leaf,
    intermediate: leaf && others.find((certificate) => isIssuedBy(leaf, certificate)),
    others,
  };
}

interface Signer {
  readonly identity: string | undefined;
  readonly digest: string | undefined;
  /** `[0] IMPLICIT SET OF`; absent when the content is signed itself. */
  readonly attributes: Asn1 | undefined;
  readonly value: Buffer;
}

function readSigner(signer: Asn1): Signer {
  const [, sid, digestAlgorithm, ...rest] = partsOf(signer);
  const [issuer, serial] = partsOf(sid);
  const attributes = isTagged(rest[0], 0) ? rest[0] : undefined;
  const [, value] = attributes ? rest.slice(1) : rest;
  return {
    identity: issuer && serial ? identityOf(issuer, serial) : undefined,
    digest: DIGESTS[oidOf(partsOf(digestAlgorithm)[0])],
    attributes,
    value: bytesOf(value),
  };
}

function* faultsOf(
  signed: Omit<Signer, "identity"> & { leaf: CertificateInfo | undefined; content: Uint8Array },
): Iterable<string> {
  const { leaf, digest, attributes, content, value } = signed;
  if (!leaf) return yield "the certificate that signed is not inside";
  if (!digest) return yield "its digest algorithm is not known";
  if (attributes) {
    const stated = bytesOf(attributeOf(attributes, OID.messageDigest));
    const computed = createHash(digest).update(content).digest();
    if (!stated.equals(computed)) yield "manifest.json was changed after it was signed";
    if (!attributeOf(attributes, OID.contentType)) yield "its attributes lack the content type";
  }
  // What is signed are the attributes under the tag SET instead of [0] (RFC 5652, section 5.4).
  const signedBytes = attributes ? writeDer(attributes) : Buffer.from(content);
  if (attributes) signedBytes[0] = SET;
  if (!verifies(digest, signedBytes, leaf, value))
    yield `it was not made with the key of "${leaf.name}", or was changed since`;
}

function verifies(digest: string, bytes: Buffer, leaf: CertificateInfo, value: Buffer): boolean {
  try {
    return verify(digest, bytes, leaf.x509.publicKey, value);
  } catch {
    return false;
  }
}

/** The first value of an attribute. */
function attributeOf(attributes: Asn1 | undefined, oid: string): Asn1 | undefined {
  const attribute = partsOf(attributes).find((one) => oidOf(partsOf(one)[0]) === oid);
  return partsOf(partsOf(attribute)[1])[0];
}

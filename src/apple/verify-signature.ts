import { createHash, verify } from "node:crypto";
import forge from "node-forge";

/**
 * Why a phone would not take `signature` (detached CMS, DER) for the certificate's over `content`; nothing when it is
 * good. node-forge reads the structure, which it cannot verify (RFC 5652, section 5.4).
 */
export function signatureFault(signature: Buffer, content: Uint8Array, certificatePem: string): string | undefined {
  const message = forge.pkcs7.messageFromAsn1(forge.asn1.fromDer(signature.toString("binary")));
  const raw = message.rawCapture as { signature: string; authenticatedAttributes: forge.asn1.Asn1[] };
  const { Class, Type } = forge.asn1;
  const set = forge.asn1.create(Class.UNIVERSAL, Type.SET, true, raw.authenticatedAttributes);
  const attributes = Buffer.from(forge.asn1.toDer(set).getBytes(), "binary");
  if (!attributes.includes(SIGNING_TIME)) return "the signature has no signing time";
  if (!attributes.includes(createHash("sha256").update(content).digest())) return "the signature is of something else";
  return verify("sha256", attributes, certificatePem, Buffer.from(raw.signature, "binary"))
    ? undefined
    : "the signature does not verify with the certificate's key";
}

/** The encoded OID 1.2.840.113549.1.9.5; iOS refuses signatures without it. */
const SIGNING_TIME = Buffer.from("06092a864886f70d010905", "hex");

import { createHash, createPrivateKey } from "node:crypto";
import forge from "node-forge";
import { AppError } from "../errors.ts";

/** Signs manifests for one certificate. */
export interface Signer {
  /**
   * Detached CMS SignedData (DER) over `content`, with contentType, signingTime and messageDigest in DER order,
   * SHA-256, and the leaf and intermediate certificates inside (RFC 5652; Apple: "Building a Pass").
   * `signingTime` in milliseconds; its year must be before 2050 (UTCTime).
   */
  sign(content: Uint8Array, signingTime: number): Promise<Buffer>;
}

/**
 * The structure of a signature is the same for every pass but for three holes of fixed length: the signing time, the
 * digest of the manifest and the RSA signature. node-forge builds it once, with marks in the holes; a signature is
 * then a copy with the holes filled, and one native RSA operation on the runtime's thread pool.
 */
export async function createSigner(pems: {
  certificatePem: string;
  intermediatePem: string;
  privateKeyPem: string;
}): Promise<Signer> {
  const pkcs8 = createPrivateKey(pems.privateKeyPem).export({ type: "pkcs8", format: "der" });
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const certificate = forge.pki.certificateFromPem(pems.certificatePem);
  const modulusBytes = Math.ceil((certificate.publicKey as forge.pki.rsa.PublicKey).n.bitLength() / 8);
  const { der, timeAt, digestAt, attributesAt, attributesLength, signatureAt } = drawUp(
    certificate,
    forge.pki.certificateFromPem(pems.intermediatePem),
    modulusBytes,
  );
  return {
    async sign(content, signingTime) {
      const signature = Buffer.from(der);
      signature.write(utcTime(signingTime), timeAt, "latin1");
      createHash("sha256").update(content).digest().copy(signature, digestAt);
      // What is signed are the attributes under the tag SET instead of [0] (RFC 5652, section 5.4).
      const attributes = Uint8Array.from(signature.subarray(attributesAt, attributesAt + attributesLength));
      attributes[0] = 0x31;
      signature.set(new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, attributes)), signatureAt);
      return signature;
    },
  };
}

const MARK_TIME = Date.UTC(1987, 5, 4, 3, 2, 1);
const MARK_CONTENT = "passhook marks the digest";

function drawUp(leaf: forge.pki.Certificate, intermediate: forge.pki.Certificate, modulusBytes: number) {
  const markSignature = Buffer.alloc(modulusBytes, 0xa5);
  const p7 = forge.pkcs7.createSignedData();
  p7.content = forge.util.createBuffer(MARK_CONTENT);
  p7.addCertificate(leaf);
  p7.addCertificate(intermediate);
  const { contentType, data, signingTime, messageDigest, sha256 } = forge.pki.oids;
  p7.addSigner({
    // node-forge asks the key only to sign; its own pure-JavaScript RSA is never used.
    key: { sign: () => markSignature.toString("binary") } as unknown as forge.pki.rsa.PrivateKey,
    certificate: leaf,
    digestAlgorithm: sha256 ?? "",
    authenticatedAttributes: [
      { type: contentType ?? "", value: data ?? "" },
      // forge takes a Date here; its type declaration says string.
      { type: signingTime ?? "", value: new Date(MARK_TIME) as unknown as string },
      { type: messageDigest ?? "" },
    ],
  });
  p7.sign({ detached: true });
  const der = Buffer.from(forge.asn1.toDer(p7.toAsn1()).getBytes(), "binary");

  const timeAt = only(der, Buffer.from(utcTime(MARK_TIME), "latin1"));
  const digestAt = only(der, createHash("sha256").update(MARK_CONTENT).digest());
  // The attributes are the SET before the signature: [0] and one length byte, for they are shorter than 128 bytes.
  const firstAttribute = Buffer.from("301806092a864886f70d010903310b06092a864886f70d010701", "hex");
  const attributesAt = only(der, firstAttribute) - 2;
  const attributesLength = 2 + (der[attributesAt + 1] ?? 0);
  if (der[attributesAt] !== 0xa0 || digestAt + 32 !== attributesAt + attributesLength) throw unexpected();
  return { der, timeAt, digestAt, attributesAt, attributesLength, signatureAt: only(der, markSignature) };
}

function only(der: Buffer, mark: Buffer): number {
  const at = der.indexOf(mark);
  if (at < 0 || der.indexOf(mark, at + 1) >= 0) throw unexpected();
  return at;
}

const unexpected = () => new AppError("internal", "The CMS structure does not have the expected form.");

/** `YYMMDDHHMMSSZ` (X.680, UTCTime). */
const utcTime = (ms: number): string => `${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`;

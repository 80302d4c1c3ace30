import { createHash, verify } from "node:crypto";
import { buffer } from "node:stream/consumers";
import forge from "node-forge";
import { fromBufferPromise } from "yauzl";

/** Reads a zip; yauzl checks sizes and checksums. */
export async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

/**
 * Throws unless this is a whole and signed pass: every file is in the manifest with its SHA-1, nothing else is, and the
 * signature over the manifest belongs to the certificate. Answers the text of its pass.json, and its images.
 */
export async function verifyPackage(
  bytes: Buffer,
  certificatePem: string,
): Promise<{ passJson: string; images: Map<string, Buffer> }> {
  const files = await unzip(bytes);
  const take = (name: string): Buffer => {
    const content = files.get(name);
    if (!content) throw new Error(`The package has no ${name}.`);
    files.delete(name);
    return content;
  };
  const [manifest, signature] = [take("manifest.json"), take("signature")];
  const listed: unknown = JSON.parse(manifest.toString("utf8"));
  const actual = Object.fromEntries([...files].map(([name, content]) => [name, hash("sha1", content).toString("hex")]));
  if (!Bun.deepEquals(listed, actual)) throw new Error("The manifest does not tell what is in the package.");
  verifySignature(signature, manifest, certificatePem);
  return { passJson: take("pass.json").toString("utf8"), images: files };
}

/** Detached CMS with signed attributes (RFC 5652, section 5.4); SHA-1 and SHA-256 are both in use for passes. */
function verifySignature(signature: Buffer, manifest: Buffer, certificatePem: string): void {
  const message = forge.pkcs7.messageFromAsn1(forge.asn1.fromDer(signature.toString("binary")));
  // node-forge reads the structure but does not verify it.
  const raw = message.rawCapture as { signature: string; authenticatedAttributes: forge.asn1.Asn1[] };
  const { SET } = forge.asn1.Type;
  const set = forge.asn1.create(forge.asn1.Class.UNIVERSAL, SET, true, raw.authenticatedAttributes);
  const attributes = Buffer.from(forge.asn1.toDer(set).getBytes(), "binary");
  const isGood = ["sha1", "sha256"].some(
    (algorithm) =>
      attributes.includes(hash(algorithm, manifest)) &&
      verify(algorithm, attributes, certificatePem, Buffer.from(raw.signature, "binary")),
  );
  if (!isGood) throw new Error("The signature is not the certificate's over this manifest.");
}

const hash = (algorithm: string, content: Buffer): Buffer => createHash(algorithm).update(content).digest();

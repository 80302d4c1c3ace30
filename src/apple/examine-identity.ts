import { AppError, messageOf, type Problem } from "../errors.ts";
import { readSigningMaterial } from "./certificate.ts";
import type { SigningIdentity } from "./identity-store.ts";
import { readSignature } from "./lint/read-signature.ts";
import { createSigner } from "./signer.ts";

/**
 * Everything that was checked when an identity was imported, as it stands now (chain, dates, whether the key fits), and
 * a signature made with it. No problems: it signs.
 */
export async function examineIdentity(
  { certificatePem, intermediatePem }: SigningIdentity,
  privateKeyPem: string,
  now: number,
): Promise<readonly Problem[]> {
  try {
    const bytes = { certificate: Buffer.from(certificatePem), intermediate: Buffer.from(intermediatePem) };
    readSigningMaterial({ ...bytes, key: Buffer.from(privateKeyPem) }, now);
    const signer = await createSigner({ certificatePem, intermediatePem, privateKeyPem });
    const sample = Buffer.from("passhook examines a signing identity");
    // Read as the linter reads anybody's signature.
    const read = readSignature(await signer.sign(sample, now), sample);
    const faults = read.kind === "read" ? read.faults : ["cannot be read"];
    return faults.map((message) => ({ path: "signature", message }));
  } catch (error) {
    if (error instanceof AppError && error.details.length > 0) return error.details;
    return [{ path: "certificate", message: messageOf(error) }];
  }
}

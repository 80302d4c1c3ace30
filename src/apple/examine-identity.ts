import { AppError, messageOf, type Problem } from "../errors.ts";
import { readSigningMaterial } from "./certificate.ts";
import type { SigningIdentity } from "./identity-store.ts";
import { createSigner } from "./signer.ts";
import { signatureFault } from "./verify-signature.ts";

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
    const fault = signatureFault(await signer.sign(sample, now), sample, certificatePem);
    return fault ? [{ path: "signature", message: fault }] : [];
  } catch (error) {
    if (error instanceof AppError && error.details.length > 0) return error.details;
    return [{ path: "certificate", message: messageOf(error) }];
  }
}

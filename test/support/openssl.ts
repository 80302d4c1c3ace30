import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProcess } from "./cli-process.ts";

/** What the program `openssl` says about the signature of a package. */
export interface SignatureReport {
  /** Whether it signs that manifest, by a chain that ends at the intermediate certificate inside the signature. */
  readonly verified: boolean;
  readonly signingTime: Date;
  readonly intermediate: X509Certificate;
  readonly stderr: string;
}

/** Writes what it needs into `folder`. Throws when the signature cannot be read at all. */
export async function verifySignature(folder: string, manifest: Uint8Array, signature: Uint8Array) {
  const files = { manifest: join(folder, "manifest.json"), signature: join(folder, "signature") };
  const caFile = join(folder, "intermediate.pem");
  writeFileSync(files.manifest, manifest);
  writeFileSync(files.signature, signature);

  const printed = await openssl("pkcs7", "-inform", "DER", "-in", files.signature, "-print_certs");
  const certificates = [...printed.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)];
  const intermediate = certificates.map(([pem]) => new X509Certificate(pem)).find(({ ca }) => ca);
  if (!intermediate) throw new Error(`There is no intermediate certificate in the signature:\n${printed}`);
  writeFileSync(caFile, intermediate.toString());

  const structure = await openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", files.signature);
  const [, time] = /object: signingTime[^:]*\n\s*set:\s*UTCTIME:(.+)/.exec(structure) ?? [];

  // `any`: Apple's certificates are not for e-mail, which is what CMS is checked for otherwise.
  const chain = ["-CAfile", caFile, "-partial_chain", "-purpose", "any"];
  const verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", files.signature, "-content", files.manifest];
  const { status, stderr } = await runProcess(["openssl", ...verify, ...chain, "-out", "/dev/null"]);
  return { verified: status === 0, signingTime: new Date(time ?? ""), intermediate, stderr } satisfies SignatureReport;
}

async function openssl(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runProcess(["openssl", ...args]);
  if (status !== 0) throw new Error(`openssl ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout;
}

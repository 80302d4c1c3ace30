import { createHash } from "node:crypto";
import type { Json } from "../templates/placeholders.ts";
import type { Signer } from "./signer.ts";
import { type ZipEntry, zipEntry, zipStored } from "./zip.ts";

/** What all packages of one template version share: their files, and the manifest lines of these. */
export interface PreparedFiles {
  readonly entries: readonly ZipEntry[];
  /** `"icon.png":"<sha1>",…` without braces. */
  readonly manifestLines: string;
}

/** Hashes and checksums the files once; `name → bytes` as they stand in the package. */
export function prepareFiles(files: ReadonlyMap<string, Uint8Array>): PreparedFiles {
  const entries = [...files].map(([name, bytes]) => zipEntry(name, bytes));
  return {
    entries,
    manifestLines: [...files].map(([name, bytes]) => `${JSON.stringify(name)}:"${sha1(bytes)}"`).join(","),
  };
}

/** Files that all passes share, and those of one pass. */
export const withFiles = (shared: PreparedFiles, more: ReadonlyMap<string, Uint8Array>): PreparedFiles => {
  const { entries, manifestLines } = prepareFiles(more);
  return {
    entries: [...shared.entries, ...entries],
    manifestLines: [shared.manifestLines, manifestLines].filter(Boolean).join(","),
  };
};

/**
 * A signed `.pkpass` (Apple: "Building a Pass"): pass.json, the manifest with the SHA-1 of every file, its signature,
 * and the files. The same input gives the same bytes: RSA signatures of PKCS #1 v1.5 are deterministic and
 * `signingTime` (milliseconds) is given.
 */
export async function buildPackage(
  passJson: Readonly<Record<string, Json>>,
  files: PreparedFiles,
  signer: Signer,
  signingTime: number,
): Promise<Buffer<ArrayBuffer>> {
  const pass = Buffer.from(JSON.stringify(passJson), "utf8");
  const manifest = Buffer.from(
    `{"pass.json":"${sha1(pass)}"${files.manifestLines && `,${files.manifestLines}`}}`,
    "utf8",
  );
  const signature = await signer.sign(manifest, signingTime);
  return zipStored([
    zipEntry("pass.json", pass),
    zipEntry("manifest.json", manifest),
    zipEntry("signature", signature),
    ...files.entries,
  ]);
}

const sha1 = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");

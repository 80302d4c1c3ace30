import { AppError } from "../errors.ts";
import { readZip as readArchive, type ZipLimits } from "./lint/read-zip.ts";
import { isForeign } from "./lint/zip-entry.ts";

export type { ZipLimits } from "./lint/read-zip.ts";

const MB = 1024 * 1024;

/** Far more than a pass has: one with every image in ten languages stays below. */
export const PASS_LIMITS: ZipLimits = {
  archiveBytes: 64 * MB,
  entries: 500,
  entryBytes: 8 * MB,
  totalBytes: 64 * MB,
};

/**
 * The files of a package that somebody else made, name → bytes, without what file managers leave behind. Throws
 * `invalid` with everything that is wrong with the archive: names that lead out of it, folders, symbolic links,
 * encryption, files that are there twice, damage, or more than the limits allow. Nothing that it says of itself is
 * believed.
 */
export async function readZip(bytes: Uint8Array, limits: ZipLimits = PASS_LIMITS): Promise<Map<string, Buffer>> {
  const { files, problems } = await readArchive(bytes, limits);
  const serious = problems.filter(({ path }) => !isForeign(path));
  if (serious.length > 0) throw new AppError("invalid", "The archive is not one to trust:", { details: serious });
  const own = [...files].filter(([name]) => !isForeign(name));
  return new Map(own.map(([name, { buffer, byteOffset, length }]) => [name, Buffer.from(buffer, byteOffset, length)]));
}

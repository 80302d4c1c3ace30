import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PASS_LIMITS, readZip } from "../../apple/read-zip.ts";
import { AppError } from "../../errors.ts";

/**
 * The files of a `.pkpass`, or of the folder that a pass is made from: name → bytes, without hidden ones. Throws
 * `invalid` for anything else.
 */
export async function readPassFiles(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new AppError("invalid", `${path} does not exist.`);
  const files = found.isDirectory() ? readFolder(path) : await readArchive(path, found.size);
  if (files.has("pass.json")) return files;
  const isBundle = [...files.keys()].some((name) => name.endsWith(".pkpass"));
  throw new AppError(
    "invalid",
    `${path} holds ${isBundle ? "several passes; unpack it and import one" : "no pass.json"}.`,
  );
}

async function readArchive(path: string, size: number): Promise<ReadonlyMap<string, Buffer>> {
  if (size > PASS_LIMITS.archiveBytes) throw new AppError("invalid", `${path} is too large for a pass.`);
  return readZip(readFileSync(path));
}

/** Regular files only, for a link may lead anywhere, and none that is hidden. */
function readFolder(path: string): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  let left = PASS_LIMITS.totalBytes;
  const visit = (folder: string, prefix: string, depth: number): void => {
    for (const name of readdirSync(folder).sort()) {
      if (name.startsWith(".")) continue;
      const [at, entry] = [join(folder, name), lstatSync(join(folder, name))];
      if (entry.isDirectory() && depth > 0) visit(at, `${prefix}${name}/`, depth - 1);
      if (!entry.isFile()) continue;
      left -= entry.size;
      if (left < 0 || files.size >= PASS_LIMITS.entries) {
        throw new AppError("invalid", `${path} holds more than a pass has.`);
      }
      files.set(prefix + name, readFileSync(at));
    }
  };
  visit(path, "", 1);
  return files;
}

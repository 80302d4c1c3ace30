import { pictureOnly, pngSize } from "../../../../apple/image-png.ts";
import { readZip, type ZipLimits } from "../../../../apple/read-zip.ts";
import { AppError } from "../../../../errors.ts";
import { type ImportedPass, importPass } from "../../../../templates/import/import-pass.ts";

const MB = 1024 * 1024;
/** Passes that are mailed around have some hundred KB. */
export const MAX_PASS_BYTES = 10 * MB;
const PASS_LIMITS: ZipLimits = { archiveBytes: MAX_PASS_BYTES, entries: 200, entryBytes: 4 * MB, totalBytes: 24 * MB };

/** What a `.pkpass` file makes as a template. Throws `invalid`, at the input, for what is none. */
export async function readUploadedPass(file: File | undefined): Promise<ImportedPass> {
  if (!file) throw atThePass("Choose a .pkpass file.");
  const files = await readZip(new Uint8Array(await file.arrayBuffer()), PASS_LIMITS).catch(asRefusal);
  if (!files.has("pass.json")) throw noPass("holds no pass.json");
  const imported = importPass(files);
  return { ...imported, ...picturesOf(imported) };
}

const atThePass = (message: string): AppError =>
  new AppError("invalid", "The pass was not taken.", { details: [{ path: "pass", message }] });

const noPass = (why: string): AppError =>
  atThePass(
    `This is no pass that can be read: it ${why}. Choose the .pkpass file itself, as it was mailed or downloaded.`,
  );

/** The images that are some, without anything that is hidden in their files. */
function picturesOf({ images, notes }: ImportedPass): {
  images: ReadonlyMap<string, Buffer>;
  notes: readonly string[];
} {
  const [pictures, others] = [
    [...images].filter(([, bytes]) => pngSize(bytes)),
    [...images].filter(([, bytes]) => !pngSize(bytes)),
  ];
  return {
    images: new Map(pictures.map(([name, bytes]) => [name, pictureOnly(bytes)])),
    notes: [...notes, ...others.map(([name]) => `${name} was left out: it is not a PNG file.`)],
  };
}

/** What is wrong with the archive, without what only its reader understands. */
function asRefusal(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  const said = error.details.map(({ path, message }) => (path ? `holds ${path}, which ${message}` : message));
  throw noPass(
    said
      .slice(0, 5)
      .join("; it ")
      .replace(/ \([^()]*\)/g, ""),
  );
}

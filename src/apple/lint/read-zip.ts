import { crc32, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import { messageOf } from "../../errors.ts";
import type { Problem } from "./finding.ts";
import { entryFault, headerFault, nameFault, nameOf } from "./zip-entry.ts";

export interface ZipReading {
  /** Also of files that could not be read. */
  readonly names: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly Problem[];
}

/** What a check reads; no pass is near any of these. */
export interface ZipLimits {
  readonly archiveBytes: number;
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
}

const MB = 1024 * 1024;
export const ZIP_LIMITS: ZipLimits = {
  archiveBytes: 150 * MB,
  entries: 1_000,
  entryBytes: 32 * MB,
  totalBytes: 128 * MB,
};

/**
 * Reads an archive of unknown origin. It never throws and never holds more than the limits allow: inflating stops at
 * the size that is left, whatever the archive says about itself. What is read is what could be read; the rest are
 * problems.
 */
export async function readZip(bytes: Uint8Array, limits: ZipLimits = ZIP_LIMITS): Promise<ZipReading> {
  const files = new Map<string, Uint8Array>();
  const names = new Set<string>();
  const problems: Problem[] = [];
  const report = (path: string, message: string) => void problems.push({ path, message });
  if (bytes.length > limits.archiveBytes) {
    report("", `is larger than the ${limits.archiveBytes / MB} MB that are read`);
    return { names, files, problems };
  }
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let left = limits.totalBytes;
  try {
    // Names are decoded and judged here, so that one bad name does not hide what else is wrong.
    const zip = await yauzl.fromBufferPromise(archive, { decodeStrings: false, validateEntrySizes: false });
    if (hasZip64Locator(archive))
      report("", "is in the zip64 form, which is for archives over 4 GB; write a plain zip");
    for await (const entry of zip.eachEntry()) {
      if (zip.entriesRead > limits.entries) {
        report("", `has more than ${limits.entries} entries; the others were not read`);
        break;
      }
      const name = nameOf(entry);
      const fault = nameFault(name);
      if (fault) report(name, fault);
      if (name.endsWith("/")) continue;
      if (names.has(name)) {
        report(name, "is in the archive twice; which of them counts is open");
        continue;
      }
      names.add(name);
      const broken =
        entryFault(entry) ??
        (entry.uncompressedSize > Math.min(limits.entryBytes, left) ? tooLarge(limits) : undefined);
      if (broken) {
        report(name, broken);
        continue;
      }
      try {
        const header = await zip.readLocalFileHeaderPromise(entry, { minimal: false });
        const difference = headerFault(entry, header);
        if (difference) report(name, difference);
        const stored = archive.subarray(header.fileDataStart, header.fileDataStart + entry.compressedSize);
        const content = entry.compressionMethod === 0 ? stored : inflate(stored, entry.uncompressedSize);
        left -= content.length;
        if (content.length !== entry.uncompressedSize || crc32(content) !== entry.crc32)
          report(name, "is damaged: its size or checksum is not the one the archive gives");
        files.set(name, content);
      } catch (error) {
        report(name, `cannot be unpacked (${messageOf(error)})`);
      }
    }
  } catch (error) {
    report(
      "",
      names.size === 0
        ? `is not a zip archive that can be read (${messageOf(error)})`
        : `breaks off: ${messageOf(error)}`,
    );
  }
  return { names, files, problems };
}

/** Never more than the size that the entry gives, which was held against the limits. */
const inflate = (stored: Uint8Array, size: number): Buffer =>
  inflateRawSync(stored, { maxOutputLength: Math.max(1, size) });

const tooLarge = ({ entryBytes, totalBytes }: ZipLimits): string =>
  `unpacks to more than is read (${entryBytes / MB} MB for a file, ${totalBytes / MB} MB for all)`;

const END_RECORD = Buffer.from("504b0506", "hex");

/** The locator stands right before the end record, which yauzl has found (PKWARE APPNOTE 6.3.10, section 4.3.15). */
function hasZip64Locator(archive: Buffer): boolean {
  const end = archive.lastIndexOf(END_RECORD);
  return end >= 20 && archive.readUInt32LE(end - 20) === 0x07064b50;
}

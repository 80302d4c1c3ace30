import { crc32 } from "node:zlib";

/** A file of a zip archive with what does not depend on the archive it goes into. */
export interface ZipEntry {
  readonly name: Buffer;
  readonly content: Uint8Array;
  readonly crc: number;
}

const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const END_RECORD = 22;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the first date a zip can say: packages of the same pass have the same bytes. */
const DOS_DATE = 0x0021;

export const zipEntry = (name: string, content: Uint8Array): ZipEntry => ({
  name: Buffer.from(name, "utf8"),
  content,
  crc: crc32(content),
});

/**
 * A zip of stored entries (PKWARE APPNOTE 6.3.10; sections 4.3.7, 4.3.12 and 4.3.16). Passes are mostly PNG, which does
 * not shrink, and the checksum of an image is known before: see docs/performance.md for what a general library costs.
 */
export function zipStored(entries: readonly ZipEntry[]): Buffer<ArrayBuffer> {
  let size = END_RECORD;
  for (const { name, content } of entries) size += LOCAL_HEADER + CENTRAL_HEADER + 2 * name.length + content.length;
  const zip = Buffer.allocUnsafe(size);
  let at = 0;
  const offsets: number[] = [];
  for (const { name, content, crc } of entries) {
    offsets.push(at);
    zip.writeUInt32LE(0x04034b50, at);
    writeCommon(zip, at + 4, name, content, crc);
    at += LOCAL_HEADER + name.copy(zip, at + LOCAL_HEADER);
    zip.set(content, at);
    at += content.length;
  }
  const directoryAt = at;
  for (const [i, { name, content, crc }] of entries.entries()) {
    zip.writeUInt32LE(0x02014b50, at);
    zip.writeUInt16LE(VERSION, at + 4);
    writeCommon(zip, at + 6, name, content, crc);
    zip.fill(0, at + 32, at + 42); // no comment, first disk, no attributes
    zip.writeUInt32LE(offsets[i] ?? 0, at + 42);
    at += CENTRAL_HEADER + name.copy(zip, at + CENTRAL_HEADER);
  }
  zip.writeUInt32LE(0x06054b50, at);
  zip.writeUInt32LE(0, at + 4);
  zip.writeUInt16LE(entries.length, at + 8);
  zip.writeUInt16LE(entries.length, at + 10);
  zip.writeUInt32LE(at - directoryAt, at + 12);
  zip.writeUInt32LE(directoryAt, at + 16);
  zip.writeUInt16LE(0, at + 20);
  return zip;
}

/** The 26 bytes that a local and a central header have in common, from "version needed" to "extra length". */
function writeCommon(zip: Buffer, at: number, name: Buffer, content: Uint8Array, crc: number): void {
  zip.writeUInt16LE(VERSION, at);
  zip.writeUInt16LE(UTF8_NAMES, at + 2);
  zip.writeUInt16LE(0, at + 4); // stored
  zip.writeUInt16LE(0, at + 6);
  zip.writeUInt16LE(DOS_DATE, at + 8);
  zip.writeUInt32LE(crc, at + 10);
  zip.writeUInt32LE(content.length, at + 14);
  zip.writeUInt32LE(content.length, at + 18);
  zip.writeUInt16LE(name.length, at + 22);
  zip.writeUInt16LE(0, at + 24);
}

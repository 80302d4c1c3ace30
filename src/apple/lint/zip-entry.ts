import type { Entry, LocalFileHeader } from "yauzl";

const ENCRYPTED = 0x1;
const SIZES_FOLLOW = 0x8;
const STORED = 0;
const DEFLATED = 8;
const ZIP64_FIELD = 1;
const SYMBOLIC_LINK = 0xa000;

/** Names are UTF-8; what is not shows as replacement characters. */
export const nameOf = (entry: Entry): string => entry.fileNameRaw.toString("utf8");

/** Why a name must not be in a package; nothing when it may. */
export function nameFault(name: string): string | undefined {
  if (/[\p{Cc}\ufffd]|^$/u.test(name)) return "has a name that is not plain text in UTF-8";
  if (name.includes("\\")) return "has a backslash in its name; folders are separated by /";
  if (/^(?:\/|[A-Za-z]:)/.test(name)) return "has an absolute path; names begin at the top of the package";
  const parts = name.split("/");
  if (parts.some((part) => part === ".." || part === ".")) return "has a path that leads out of the package";
  if (isForeign(name))
    return "is not part of a pass but of the system that packed it; leave it out (zip -X, without __MACOSX and .DS_Store)";
  if (name.endsWith("/")) return undefined;
  const isLanguage = parts.length === 2 && parts[0]?.endsWith(".lproj");
  return parts.length === 1 || isLanguage
    ? undefined
    : "lies in a folder; files lie at the top of the package or in a language folder such as fr.lproj";
}

/** Files that systems and programs leave behind in folders. */
export const isForeign = (name: string): boolean =>
  /(?:^|\/)(?:\.DS_Store|__MACOSX|\._[^/]*|Thumbs\.db|desktop\.ini|\.git|\.svn)(?:\/|$)/i.test(name);

/** Why an entry cannot be read or must not be in a package. */
export function entryFault(entry: Entry): string | undefined {
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return "is encrypted; phones have no password for it";
  if (entry.extraFields.some(({ id }) => id === ZIP64_FIELD)) return "is in the zip64 form; write a plain zip";
  if (((entry.externalFileAttributes >>> 16) & 0xf000) === SYMBOLIC_LINK)
    return "is a symbolic link; put the file itself into the package";
  if (![STORED, DEFLATED].includes(entry.compressionMethod)) {
    return `is compressed by a method that phones do not know (${entry.compressionMethod}); use deflate or none`;
  }
  if (entry.compressionMethod === STORED && entry.compressedSize !== entry.uncompressedSize) {
    return "is damaged: it is not compressed, and yet has two sizes";
  }
  return undefined;
}

/** A reader that goes from the front sees the one header, a reader from the back the other. */
export function headerFault(entry: Entry, header: LocalFileHeader): string | undefined {
  const sizesDiffer =
    (header.generalPurposeBitFlag & SIZES_FOLLOW) === 0 &&
    (header.compressedSize !== entry.compressedSize ||
      header.uncompressedSize !== entry.uncompressedSize ||
      header.crc32 !== entry.crc32);
  const differs =
    !header.fileName.equals(entry.fileNameRaw) || header.compressionMethod !== entry.compressionMethod || sizesDiffer;
  return differs ? "has two headers that do not agree; pack the pass again" : undefined;
}

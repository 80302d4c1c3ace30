import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** Pixels as rows of red, green, blue and alpha, a byte each, colours not multiplied by alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With length, type and checksum. */
  readonly whole: Buffer;
}

const SIGNATURE = "\x89PNG\r\n\x1a\n";
const HEADER_END = 33;
const INTERLACE_AT = 28;
const COLOUR_TYPE_AT = 25;

/** Width and height from the header (RFC 2083, section 4.1.1), or nothing when it is no PNG. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const head = Buffer.from(bytes.subarray(0, HEADER_END));
  if (head.length < HEADER_END || head.toString("latin1", 0, 8) !== SIGNATURE) return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

/** Decodes a whole PNG, which must be no larger than the caller has seen `pngSize` to be bearable. Throws when broken. */
export function decodePng(bytes: Uint8Array): Pixels {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // pngjs bounds what it inflates by the header, but not for interlaced images.
  if (png[INTERLACE_AT] !== 0) checkInflatedSize(png);
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, data };
}

/** A PNG of the pixels. `colourOf` is an image whose statements about its colours hold for these pixels too. */
export function encodePng({ width, height, data }: Pixels, colourOf: Uint8Array): Buffer {
  const png = new PNG({ width, height });
  png.data.set(data);
  const opaque = data.every((value, at) => at % 4 !== 3 || value === 255);
  const encoded = PNG.sync.write(png, { colorType: opaque ? 2 : 6, inputColorType: 6, deflateLevel: 9 });
  return Buffer.concat([encoded.subarray(0, HEADER_END), ...colourChunks(colourOf), encoded.subarray(HEADER_END)]);
}

/**
 * The same picture without whatever else the file carries: remarks, what other programs put into it, and what follows
 * its end. Nobody can hide a page or an archive in it.
 */
export function pictureOnly(png: Buffer): Buffer {
  const kept = [...chunksOf(png)].filter(({ type }) => PICTURE_CHUNKS.includes(type) || COLOUR_CHUNKS.includes(type));
  return Buffer.concat([png.subarray(0, SIGNATURE.length), ...kept.map(({ whole }) => whole), END]);
}

const PICTURE_CHUNKS = ["IHDR", "PLTE", "tRNS", "IDAT"];
/** `IEND` with its length and checksum, the same in every file. */
const END = Buffer.from("0000000049454e44ae426082", "hex");

const COLOUR_CHUNKS = ["iCCP", "sRGB", "gAMA", "cHRM", "cICP"];

/** Without these, a Display P3 image would be as large at another density but not as red. */
function colourChunks(bytes: Uint8Array): Buffer[] {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const greyscale = png[COLOUR_TYPE_AT] === 0 || png[COLOUR_TYPE_AT] === 4;
  return [...chunksOf(png)]
    .filter(({ type }) => COLOUR_CHUNKS.includes(type) && !(greyscale && type === "iCCP"))
    .map(({ whole }) => whole);
}

function* chunksOf(png: Buffer): Generator<Chunk> {
  for (let at = SIGNATURE.length; at + 12 <= png.length; ) {
    const end = at + 12 + png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    if (end > png.length || type === "IEND") return;
    yield { type, data: png.subarray(at + 8, end - 4), whole: png.subarray(at, end) };
    at = end;
  }
}

function checkInflatedSize(png: Buffer): void {
  const size = pngSize(png);
  if (!size) throw new Error("no header");
  // At most 8 bytes a pixel, and a filter byte for each line of each of the seven passes.
  const maxOutputLength = size.width * size.height * 8 + 7 * (size.height + 1);
  const packed = [...chunksOf(png)].filter(({ type }) => type === "IDAT").map(({ data }) => data);
  inflateSync(Buffer.concat(packed), { maxOutputLength });
}

import { crc32, inflateSync } from "node:zlib";
import type { ImageSize } from "./finding.ts";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** More than any phone shows; read before anything is unpacked. */
const MOST_PIXELS = 4096 * 4096;
/** Unpacked pixels of all images together: a small archive must not keep a processor busy. */
const MOST_PIXELS_TOGETHER = 64 * 1024 * 1024;

/** Samples of a pixel by colour type (RFC 2083, section 4.1.1). */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Sizes of the PNG files of a package; `undefined` for one that does not decode. The runtime's own inflate and CRC do
 * the work: a decoder in JavaScript takes seconds for an image that these take milliseconds for.
 */
export function imageSizes(files: ReadonlyMap<string, Uint8Array>): Map<string, ImageSize | undefined> {
  const sizes = new Map<string, ImageSize | undefined>();
  let left = MOST_PIXELS_TOGETHER;
  for (const [name, bytes] of files) {
    if (!name.endsWith(".png")) continue;
    const size = pngHeader(bytes);
    left -= size ? size.width * size.height : 0;
    sizes.set(
      name,
      size && (left < 0 || decodes(bytes, size)) ? { width: size.width, height: size.height } : undefined,
    );
  }
  return sizes;
}

interface Header extends ImageSize {
  readonly bitsPerPixel: number;
  readonly interlaced: boolean;
}

function pngHeader(bytes: Uint8Array): Header | undefined {
  const png = view(bytes);
  if (png.length < 33 || !png.subarray(0, 8).equals(SIGNATURE) || png.toString("latin1", 12, 16) !== "IHDR")
    return undefined;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const [depth, colour, compression, filter, interlace] = png.subarray(24, 29);
  const samples = SAMPLES[colour ?? -1];
  if (samples === undefined || ![1, 2, 4, 8, 16].includes(depth ?? 0) || compression !== 0 || filter !== 0)
    return undefined;
  if (width === 0 || height === 0 || width * height > MOST_PIXELS || (interlace ?? 2) > 1) return undefined;
  return { width, height, bitsPerPixel: samples * (depth ?? 0), interlaced: interlace === 1 };
}

/** Whether all chunks are whole and as many pixels unpack as there must be. */
function decodes(bytes: Uint8Array, header: Header): boolean {
  const png = view(bytes);
  const data: Buffer[] = [];
  let at = 8;
  while (at + 12 <= png.length) {
    const length = png.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > png.length) return false;
    const type = png.toString("latin1", at + 4, at + 8);
    // Decoders pass over a broken chunk that they can do without (a small letter first; RFC 2083, section 3.3).
    const needed = ((png[at + 4] ?? 0) & 0x20) === 0;
    if (needed && crc32(png.subarray(at + 4, end - 4)) !== png.readUInt32BE(end - 4)) return false;
    if (type === "IDAT") data.push(png.subarray(at + 8, end - 4));
    if (type === "IEND") return unpacks(Buffer.concat(data), rawBytes(header));
    at = end;
  }
  return false;
}

/** Decoders ignore what comes after the last pixel. */
function unpacks(data: Buffer, size: number): boolean {
  try {
    return inflateSync(data, { maxOutputLength: size }).length === size;
  } catch (error) {
    return error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
  }
}

/** First pixel and step of the seven passes of an interlaced image (RFC 2083, section 2.6). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Every row is its pixels, filled up to a byte, after one byte for its filter. */
function rawBytes({ width, height, bitsPerPixel, interlaced }: Header): number {
  const bytes = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
  if (!interlaced) return bytes(width, height);
  return ADAM7.reduce(
    (sum, [x, y, stepX, stepY]) =>
      sum + bytes(Math.max(0, Math.ceil((width - x) / stepX)), Math.max(0, Math.ceil((height - y) / stepY))),
    0,
  );
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

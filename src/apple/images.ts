import { PNG } from "pngjs";
import { didYouMean } from "../did-you-mean.ts";
import { messageOf, type Problem } from "../errors.ts";

/** Image names of the package (Apple: "Pass design and creation", and Pass Builder for the newer ones). */
export const IMAGE_NAMES = [
  "icon",
  "logo",
  "primaryLogo",
  "secondaryLogo",
  "strip",
  "thumbnail",
  "background",
  "artwork",
  "footer",
  "personalizationLogo",
] as const;

const FILE_NAME = /^(?<name>[A-Za-z]+)(?:@[23]x)?\.png$/;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PIXELS = 4096 * 4096;

/** Checks file names, that every file really decodes as a PNG, and that there is an icon. */
export function checkImages(images: ReadonlyMap<string, Uint8Array>): Problem[] {
  const problems: Problem[] = [];
  for (const [file, bytes] of images) {
    const message = checkName(file) ?? checkPng(bytes);
    if (message) problems.push({ path: `images/${file}`, message });
  }
  if (![...images.keys()].some((file) => /^icon(@[23]x)?\.png$/.test(file))) {
    problems.push({ path: "images/icon.png", message: "is missing: an iPhone refuses a pass without an icon" });
  }
  return problems;
}

function checkName(file: string): string | undefined {
  const name = FILE_NAME.exec(file)?.groups?.["name"];
  if (name && (IMAGE_NAMES as readonly string[]).includes(name)) return undefined;
  return `is not an image of a pass${didYouMean(
    file,
    IMAGE_NAMES.flatMap((known) => [`${known}.png`, `${known}@2x.png`, `${known}@3x.png`]),
  )}`;
}

function checkPng(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_BYTES) return `is ${Math.ceil(bytes.length / 1024 / 1024)} MB; at most 4 MB`;
  const size = pngSize(bytes);
  if (!size) return "is not a PNG file";
  // Read from the header before decoding, so that a small file cannot ask for a gigabyte of memory.
  if (size.width * size.height > MAX_PIXELS)
    return `is ${size.width} × ${size.height} pixels, far more than a phone shows`;
  try {
    PNG.sync.read(Buffer.from(bytes));
    return undefined;
  } catch (error) {
    return `is a broken PNG (${messageOf(error)})`;
  }
}

/** Width and height from the header (RFC 2083, section 4.1.1), or nothing when it is no PNG. */
function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const head = Buffer.from(bytes.subarray(0, 24));
  if (head.length < 24 || head.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n") return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

import { decodePng, encodePng, pictureOnly, pngSize } from "../../apple/image-png.ts";
import { shrink } from "../../apple/image-scaling.ts";
import { checkImageSize, IMAGE_SIZES, type ImageName } from "../../apple/image-sizes.ts";
import { imageName, parseImageName } from "../../apple/images.ts";
import { AppError, messageOf } from "../../errors.ts";
import { makeDensities } from "../densities.ts";

/** Of a file that is uploaded. Far more than a picture of a pass has, which is 1,125 pixels wide. */
export const MAX_UPLOAD_BYTES = 4 * 1024 * 1024;
export const TOO_LARGE = "is larger than 4 MB; export it smaller, as PNG";
const MAX_SIDE = 3_000;
const DENSITIES = [3, 2, 1] as const;

/** An image with all densities that can be had of it. */
export interface ImageSet {
  /** File name, such as `logo@3x.png`, to bytes. */
  readonly images: ReadonlyMap<string, Buffer>;
  /** Which of them were made from a larger one. */
  readonly made: readonly string[];
}

/**
 * Takes a picture that somebody chose for a place on the pass. One that is too large for it is made smaller, in its own
 * proportions; nothing is cut off and nothing is enlarged. Throws `invalid`, in words for whoever chose it, for what is
 * no picture or too large to be looked at.
 */
export async function takeImage(name: ImageName, bytes: Buffer): Promise<ImageSet> {
  const refuse = (message: string) =>
    new AppError("invalid", "The picture was not taken.", { details: [{ path: `images.${name}`, message }] });
  if (bytes.length > MAX_UPLOAD_BYTES) throw refuse(TOO_LARGE);
  const size = pngSize(bytes);
  if (!size) throw refuse(notPng(bytes));
  if (size.width > MAX_SIDE || size.height > MAX_SIDE || size.width * size.height === 0) {
    throw refuse(`is ${size.width} × ${size.height} pixels; at most ${MAX_SIDE} × ${MAX_SIDE}`);
  }
  const picture = pictureOnly(bytes);
  let pixels: ReturnType<typeof decodePng>;
  try {
    pixels = decodePng(picture);
  } catch (error) {
    throw refuse(`is a broken PNG file (${messageOf(error)})`);
  }
  if (isInvisible(pixels.data)) throw refuse("shows nothing: every pixel of it is transparent");
  const fitting = fittedSize(name, size);
  const isSame = fitting.width === size.width && fitting.height === size.height;
  const file = imageName({ name, density: fitting.density });
  const given = isSame ? picture : encodePng(shrink(pixels, fitting.width, fitting.height), picture);
  const images = new Map([[file, given]]);
  const made = await makeDensities(images);
  return { images: new Map([...images, ...made]), made: [...made.keys()] };
}

/** Whether no pixel has any opacity; the fourth byte of each is it. */
const isInvisible = (data: Uint8Array): boolean => {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return false;
  return true;
};

const notPng = (bytes: Buffer): string => {
  const start = bytes.toString("latin1", 0, 256);
  const kind = /^\xff\xd8/.test(start)
    ? "a JPEG picture"
    : /^GIF8/.test(start)
      ? "a GIF picture"
      : /^RIFF....WEBP/s.test(start)
        ? "a WebP picture"
        : /<svg|<\?xml/i.test(start)
          ? "an SVG drawing"
          : bytes.length === 0
            ? "an empty file"
            : "no picture";
  return `must be a PNG file; this is ${kind}`;
};

interface FittedSize {
  readonly width: number;
  readonly height: number;
  readonly density: 1 | 2 | 3;
}

/** The largest that fits, in the picture's own proportions; a picture that fits nowhere stays as it is. */
function fittedSize(name: ImageName, size: { width: number; height: number }): FittedSize {
  for (const density of DENSITIES) {
    if (!checkImageSize({ name, density }, size)) return { ...size, density };
    // A smaller density is for a picture that is smaller.
    const smaller = IMAGE_SIZES[name].boxes
      .map(({ width: [, width], height: [, height] }) =>
        Math.min((width * density) / size.width, (height * density) / size.height),
      )
      .filter((share) => share < 1)
      .map((share) => ({ width: Math.round(size.width * share), height: Math.round(size.height * share), density }))
      .find((shrunk) => shrunk.width > 0 && shrunk.height > 0 && !checkImageSize({ name, density }, shrunk));
    if (smaller) return smaller;
  }
  return { ...size, density: nearestDensity(name, size) };
}

/** The one at which the picture is closest to the width of its place. */
function nearestDensity(name: ImageName, size: { width: number }): 1 | 2 | 3 {
  const [box] = IMAGE_SIZES[name].boxes;
  const ratio = size.width / (box?.width[1] ?? size.width);
  return ratio >= 2.5 ? 3 : ratio >= 1.5 ? 2 : 1;
}

/** The names of an image's files in every density, without those of languages. */
export const filesOf = (images: ReadonlyMap<string, unknown>, name: ImageName): string[] =>
  [...images.keys()].filter((file) => {
    const parsed = parseImageName(file);
    return parsed?.name === name && parsed.language === undefined;
  });

/** What Apple asks of a place, in pixels of the sharpest screens: `up to 480 × 150`. */
export function wordsForSize(name: ImageName): string {
  const density = DENSITIES[0];
  const pixels = ([min, max]: readonly [number, number]) =>
    min <= 1 || min === max ? String(max * density) : `${min * density}–${max * density}`;
  const words = IMAGE_SIZES[name].boxes.map(
    ({ width, height }) => `${width[0] <= 1 ? "up to " : ""}${pixels(width)} × ${pixels(height)}`,
  );
  return words.join(" or ");
}

import { didYouMean } from "../did-you-mean.ts";
import { messageOf, type Problem } from "../errors.ts";
import { decodePng, pngSize } from "./image-png.ts";
import { IMAGE_NAMES, type ImageName } from "./image-sizes.ts";
import { isLanguage, NOT_A_LANGUAGE } from "./languages.ts";

/** What a file name such as `fr.lproj/logo@2x.png` says. */
export interface ImageFile {
  /** The language of the folder that it stands in. */
  readonly language?: string;
  readonly name: ImageName;
  /** Pixels per point. */
  readonly density: 1 | 2 | 3;
}

const FILE_NAME = /^(?:(?<language>[^/]+)\.lproj\/)?(?<name>[A-Za-z]+)(?:@(?<density>[23])x)?\.png$/;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PIXELS = 4096 * 4096;

/** Nothing when it is no image of a pass. The language is not checked. */
export function parseImageName(file: string): ImageFile | undefined {
  const { language, name, density } = FILE_NAME.exec(file)?.groups ?? {};
  const known = IMAGE_NAMES.find((one) => one === name);
  if (!known) return undefined;
  return {
    ...(language === undefined ? {} : { language }),
    name: known,
    density: density === "3" ? 3 : density === "2" ? 2 : 1,
  };
}

export const imageName = ({ language, name, density }: ImageFile): string =>
  `${language === undefined ? "" : `${language}.lproj/`}${name}${density === 1 ? "" : `@${density}x`}.png`;

/**
 * Checks file names, that every file really decodes as a PNG, that there is an icon, and that an image that one of the
 * `languages` has for itself is there for each of them.
 */
export function checkImages(images: ReadonlyMap<string, Uint8Array>, languages: Iterable<string> = []): Problem[] {
  const problems: Problem[] = [];
  for (const [file, bytes] of images) {
    const message = checkName(file) ?? checkPng(bytes);
    if (message) problems.push({ path: `images/${file}`, message });
  }
  const files = [...images.keys()].map(parseImageName).filter((file) => file !== undefined);
  if (!files.some(({ name, language }) => name === "icon" && language === undefined)) {
    problems.push({ path: "images/icon.png", message: "is missing: an iPhone refuses a pass without an icon" });
  }
  return [...problems, ...checkLocalised(files, languages)];
}

function checkName(file: string): string | undefined {
  const image = parseImageName(file);
  if (image) return image.language === undefined || isLanguage(image.language) ? undefined : NOT_A_LANGUAGE;
  const known = IMAGE_NAMES.flatMap((name) => [`${name}.png`, `${name}@2x.png`, `${name}@3x.png`]);
  const [last = file, folder] = file.split("/").reverse();
  if (folder !== undefined && !folder.endsWith(".lproj"))
    return "is in a folder that is not called fr.lproj or the like";
  return `is not an image of a pass${didYouMean(last, known)}`;
}

/** What keeps a file from being shown as an image, or nothing. */
function checkPng(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_BYTES) return `is ${Math.ceil(bytes.length / 1024 / 1024)} MB; at most 4 MB`;
  const size = pngSize(bytes);
  if (!size) return "is not a PNG file";
  // Read from the header before decoding, so that a small file cannot ask for a gigabyte of memory.
  if (size.width * size.height > MAX_PIXELS)
    return `is ${size.width} × ${size.height} pixels, far more than a phone shows`;
  try {
    decodePng(bytes);
    return undefined;
  } catch (error) {
    return `is a broken PNG (${messageOf(error)})`;
  }
}

/** Apple: every language needs the same localised images, in the same densities. Smaller ones can be made from larger. */
function checkLocalised(files: readonly ImageFile[], languages: Iterable<string>): Problem[] {
  const problems: Problem[] = [];
  const localised = files.filter(({ language }) => language !== undefined);
  const everyLanguage = [...new Set([...languages, ...localised.map(({ language = "" }) => language)])].sort();
  for (const name of new Set(localised.map((file) => file.name))) {
    const ofName = localised.filter((file) => file.name === name);
    const largest = ofName.reduce((best, file) => (file.density > best.density ? file : best));
    for (const language of everyLanguage) {
      const densities = ofName.filter((file) => file.language === language).map(({ density }) => density);
      if (densities.includes(largest.density)) continue;
      problems.push({
        path: `images/${imageName({ ...largest, language })}`,
        message: `is missing: ${imageName(largest)} is there, and every language needs the same images`,
      });
    }
  }
  return problems;
}

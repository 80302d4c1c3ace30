import { pngSize } from "../../apple/image-png.ts";
import type { ImageName } from "../../apple/image-sizes.ts";
import { imageName } from "../../apple/images.ts";

/** An image as a page shows it: the browser takes the file that fits its screen. */
export interface PassImage {
  readonly src: string;
  readonly srcset: string;
  /** Points. */
  readonly width: number;
  readonly height: number;
}

export type PassImages = Readonly<Partial<Record<ImageName, PassImage>>>;

/** Where a browser finds a file of the package. */
export type ImageAddress = (file: string, bytes: Uint8Array) => string;

/** Within the page itself, for images that are stored nowhere yet. */
export const dataAddress: ImageAddress = (_, bytes) => `data:image/png;base64,${Buffer.from(bytes).toString("base64")}`;

const DENSITIES = [1, 2, 3] as const;
const SHOWN = ["logo", "primaryLogo", "strip", "thumbnail", "background", "artwork", "footer"] as const;

/** The images that the front of a pass can show, as a phone in that language takes them from the package. */
export function passImages(
  files: ReadonlyMap<string, Uint8Array>,
  language: string | undefined,
  addressOf: ImageAddress,
): PassImages {
  const found = SHOWN.map((name) => [name, passImage(files, name, language, addressOf)] as const);
  return Object.fromEntries(found.filter(([, image]) => image !== undefined));
}

/** One image in all its densities; nothing where there is none, or none that is a PNG. */
export function passImage(
  files: ReadonlyMap<string, Uint8Array>,
  name: ImageName,
  language: string | undefined,
  addressOf: ImageAddress,
): PassImage | undefined {
  const inFolder = (folder: string | undefined) =>
    DENSITIES.flatMap((density) => {
      const file = imageName({ name, density, ...(folder === undefined ? {} : { language: folder }) });
      const bytes = files.get(file);
      const size = bytes && pngSize(bytes);
      return size ? [{ file, bytes, density, width: size.width / density, height: size.height / density }] : [];
    });
  // One at the top hides those of the languages, as in Wallet.
  const top = inFolder(undefined);
  const chosen = top.length > 0 || language === undefined ? top : inFolder(language);
  const largest = chosen.at(-1);
  if (!largest) return undefined;
  return {
    src: addressOf(largest.file, largest.bytes),
    srcset: chosen.map(({ file, bytes, density }) => `${addressOf(file, bytes)} ${density}x`).join(", "),
    width: largest.width,
    height: largest.height,
  };
}

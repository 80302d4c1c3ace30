import type { PassStyle } from "../templates/definition.ts";

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
export type ImageName = (typeof IMAGE_NAMES)[number];

/** What a pass is drawn as: its style, or the scheme it asks for in `preferredStyleSchemes`. */
export type ImageUse = PassStyle | "posterEventTicket" | "semanticBoardingPass";

/** Points; both ends count. */
export interface ImageBox {
  readonly width: readonly [min: number, max: number];
  readonly height: readonly [min: number, max: number];
}

export interface ImageSize {
  /**
   * Apple's figures disagree (Human Interface Guidelines 2026, Pass Builder, the archived Wallet Developer Guide), so
   * an image is right when it fits one of them.
   */
  readonly boxes: readonly ImageBox[];
  /** Where it is drawn; elsewhere it is ignored. */
  readonly usedBy: readonly ImageUse[];
}

const exactly = (width: number, height: number): ImageBox => ({ width: [width, width], height: [height, height] });
/** A space that the image may leave partly empty. */
const within = (width: number, height: number): ImageBox => ({ width: [1, width], height: [1, height] });

const CLASSIC = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"] as const;

export const IMAGE_SIZES: Readonly<Record<ImageName, ImageSize>> = {
  icon: {
    boxes: [exactly(38, 38), exactly(29, 29)],
    usedBy: [...CLASSIC, "posterGeneric", "posterEventTicket", "semanticBoardingPass"],
  },
  logo: { boxes: [within(160, 50)], usedBy: CLASSIC },
  primaryLogo: { boxes: [within(126, 30)], usedBy: ["semanticBoardingPass", "posterEventTicket", "posterGeneric"] },
  secondaryLogo: { boxes: [within(135, 12)], usedBy: ["posterEventTicket"] },
  strip: {
    boxes: [exactly(375, 144), exactly(375, 123), exactly(375, 98)],
    usedBy: ["coupon", "storeCard", "eventTicket"],
  },
  thumbnail: { boxes: [{ width: [60, 90], height: [60, 90] }], usedBy: ["eventTicket", "generic"] },
  background: {
    boxes: [exactly(343, 503), exactly(345, 505), exactly(180, 220)],
    usedBy: ["eventTicket", "posterEventTicket", "posterGeneric"],
  },
  artwork: { boxes: [exactly(358, 448)], usedBy: ["posterEventTicket", "posterGeneric"] },
  footer: { boxes: [within(286, 15)], usedBy: ["boardingPass"] },
  personalizationLogo: { boxes: [within(150, 40)], usedBy: CLASSIC },
};

/** What is wrong with an image's size in pixels, or nothing; a pixel more or less than the points allow is rounding. */
export function checkImageSize(
  { name, density }: { readonly name: ImageName; readonly density: number },
  { width, height }: { readonly width: number; readonly height: number },
): string | undefined {
  const { boxes } = IMAGE_SIZES[name];
  const fits = (pixels: number, [min, max]: readonly [number, number]) =>
    pixels >= min * density - 1 && pixels <= max * density + 1;
  if (boxes.some((box) => fits(width, box.width) && fits(height, box.height))) return undefined;
  const expected = boxes.map((box) => `${pixelsOf(box.width, density)} × ${pixelsOf(box.height, density)}`);
  return `is ${width} × ${height} pixels; Apple asks for ${expected.join(" or ")}`;
}

const pixelsOf = ([min, max]: readonly [number, number], density: number): string => {
  if (min === max) return String(max * density);
  return min === 1 ? `up to ${max * density}` : `${min * density}–${max * density}`;
};

import { didYouMean } from "../../../did-you-mean.ts";
import { checkImageSize, IMAGE_NAMES, IMAGE_SIZES, type ImageName } from "../../image-sizes.ts";
import type { Problem } from "../finding.ts";
import type { ImageAt, PassInput } from "../pass-input.ts";
import { passRule } from "../rule.ts";

/** The icon is what stands for the pass on the Lock Screen and in Mail. */
export const iconPresent = passRule({
  id: "APL401",
  severity: "error",
  summary: "no icon in any density",
  effect: "pass refused",
  deviceMessage: "Pass does not contain icon.png/icon@2x.png/icon@3x.png",
  mark: "observed",
  *check({ images }) {
    if (!images.some(({ name }) => name === "icon")) {
      yield {
        path: "icon@3x.png",
        message: "is missing, and so are icon@2x.png and icon.png: every pass needs an icon",
      };
    }
  },
});

/** Every iPhone of today has two or three pixels to the point. */
export const iconDensities = passRule({
  id: "APL402",
  severity: "warning",
  summary: "icon@2x or icon@3x is missing",
  effect: "blurred",
  mark: "documented",
  *check({ images }) {
    const icons = images.filter(({ name }) => name === "icon");
    if (icons.length === 0) return;
    for (const scale of [2, 3]) {
      if (!icons.some((icon) => icon.scale === scale)) {
        yield {
          path: `icon@${scale}x.png`,
          message: `is missing: the icon is blurred on displays of that density; make one of ${38 * scale} × ${38 * scale} pixels`,
        };
      }
    }
  },
});

/** A JPEG by the name of PNG is the usual case. */
export const decodableImages = passRule({
  id: "APL403",
  severity: "error",
  summary: "an image is not a decodable PNG",
  effect: "pass refused, or nothing shown",
  mark: "documented",
  *check({ images }) {
    for (const { file, size } of images) {
      if (size === undefined) yield { path: file, message: "is not a PNG that can be decoded; export it as PNG again" };
    }
  },
});

/** Wallet scales, crops or leaves out what it did not expect. */
export const imageSizes = passRule({
  id: "APL404",
  severity: "warning",
  summary: "image of another size than Apple gives, unused by the style, or a strip beside background or thumbnail",
  effect: "cropped or ignored",
  mark: "documented",
  *check(input) {
    for (const image of input.images) {
      const message = unusedBecause(image, input) ?? wrongSize(image, input);
      if (message) yield { path: image.file, message };
    }
    yield* stripExcludes(input);
  },
});

function unusedBecause({ name }: ImageAt, { styles, scheme, context }: PassInput): string | undefined {
  if (!isImageName(name)) {
    return `is no image of a pass${name.length > 64 ? "" : didYouMean(name, IMAGE_NAMES)}; Wallet ignores it`;
  }
  if (name === "personalizationLogo") {
    return context.personalization === undefined ? "is not shown without personalization.json" : undefined;
  }
  const { usedBy } = IMAGE_SIZES[name];
  if (styles.length === 0 || usedBy.some((use) => use === scheme || styles.some((style) => style.name === use))) {
    return undefined;
  }
  const shown = styles.map((style) => style.name).join(" and ");
  return `is not shown by ${shown}, but by ${usedBy.join(", ")}; leave it out`;
}

const isImageName = (name: string): name is ImageName => (IMAGE_NAMES as readonly string[]).includes(name);

function wrongSize({ name, scale, size }: ImageAt, { styles, scheme }: PassInput): string | undefined {
  if (!size || !isImageName(name)) return undefined;
  // No source gives the size of a background that stands in for the artwork of a poster.
  const isPoster = scheme === "posterEventTicket" || styles.some((style) => style.name === "posterGeneric");
  if (name === "background" && isPoster) return undefined;
  const fault = checkImageSize({ name, density: scale }, size);
  return fault && `${fault}; Wallet scales or crops it`;
}

function* stripExcludes({ images, classic, scheme }: PassInput): Iterable<Problem> {
  if (classic?.name !== "eventTicket" || !images.some(({ name }) => name === "strip")) return;
  for (const name of ["background", "thumbnail"]) {
    const image = images.find((one) => one.name === name);
    // The poster has a use for the background.
    if (!image || (name === "background" && scheme)) continue;
    yield { path: image.file, message: "is not shown beside a strip on an event ticket; keep one of the two" };
  }
}

/** The root of the package wins over every language. */
export const hiddenImages = passRule({
  id: "APL405",
  severity: "warning",
  summary: "an image at the top level hides a localized one",
  effect: "shown in the wrong language",
  mark: "documented",
  *check({ images }) {
    const atRoot = new Set(images.filter(({ language }) => language === undefined).map(({ name }) => name));
    for (const { file, language, name } of images) {
      if (language !== undefined && atRoot.has(name)) {
        yield { path: file, message: `is hidden by ${name} at the top level; move that into a language folder too` };
      }
    }
  },
});

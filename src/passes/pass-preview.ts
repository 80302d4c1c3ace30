import { contentOf } from "../apple/content.ts";
import { textsOfPass } from "../apple/localised-texts.ts";
import { lookUpIn } from "../apple/pass-json.ts";
import type { PassPackage } from "../apple/pass-packages.ts";
import type { Clock } from "../clock.ts";
import { bestLanguage } from "../web/landing/languages.ts";
import { type PassView, passView } from "../web/preview/pass-view.ts";
import { passUrl } from "./pass-url.ts";
import type { WholePass } from "./whole-pass.ts";

/**
 * Of an image of the template. The version is in it, so that a browser may keep the image for good; it is as secret as
 * the link, whose serial number it holds.
 */
export const imageUrl = (publicUrl: string, { pass, template }: WholePass, file: string): string =>
  `${passUrl(publicUrl, pass.serial)}/images/${template.version}/${file}`;

/** The same from the server's root: pages show images of no other server, under whatever name they were called. */
export const imagePath = (publicUrl: string, whole: WholePass, file: string): string =>
  new URL(imageUrl(publicUrl, whole, file)).pathname;

/** Draws a pass as a phone would show it to somebody with the languages `wanted`, the best first. */
export function createPassPreview({ publicUrl, clock }: { readonly publicUrl: string; readonly clock: Clock }) {
  return (whole: WholePass, { passJson }: PassPackage, wanted: readonly string[]): PassView => {
    const { definition, images, locales } = whole.template;
    const code = bestLanguage([...wanted, "en"], Object.keys(locales));
    const texts = code === undefined ? undefined : locales[code];
    const lookUp = lookUpIn(definition, contentOf(whole, publicUrl));
    return passView(
      {
        passJson: passJson(),
        images,
        imageAddress: (file) => imagePath(publicUrl, whole, file),
        language: code && texts ? { code, texts: textsOfPass(definition, texts, lookUp) } : undefined,
      },
      { locale: wanted[0] ?? "en", timeZone: definition.timeZone ?? "UTC", now: clock.now() },
    );
  };
}

import { contentOf } from "../apple/content.ts";
import { textsOfPass } from "../apple/localised-texts.ts";
import { lookUpIn } from "../apple/pass-json.ts";
import type { PassPackage } from "../apple/pass-packages.ts";
import type { Clock } from "../clock.ts";
import { bestLanguage } from "../web/landing/languages.ts";
import { renderLinkPreviewPage } from "../web/landing/link-preview-page.tsx";
import { renderNoticePage } from "../web/landing/notice-page.tsx";
import type { LandingHtml } from "../web/landing/page-frame.tsx";
import { type PageVisitor, renderPassPage } from "../web/landing/pass-page.tsx";
import { textsFor } from "../web/landing/texts/index.ts";
import type { NoticeName } from "../web/landing/texts/landing-texts.ts";
import { passImage } from "../web/preview/pass-images.ts";
import { endOfPass, type PassView, passView } from "../web/preview/pass-view.ts";
import { packageUrl, passUrl } from "./pass-url.ts";
import type { WholePass } from "./whole-pass.ts";

export type WalletLinkPages = ReturnType<typeof createWalletLinkPages>;

/** The pages behind wallet links. `wanted` are a person's languages, the best first. */
export function createWalletLinkPages({ publicUrl, clock }: { readonly publicUrl: string; readonly clock: Clock }) {
  /**
   * Of an image of the template. The version is in it, so that a browser may keep the image for good; it is as secret as
   * the link, whose serial number it holds.
   */
  const imageUrl = ({ pass, template }: WholePass, file: string): string =>
    `${passUrl(publicUrl, pass.serial)}/images/${template.version}/${file}`;

  /** The same from the server's root: pages show images of no other server, under whatever name they were called. */
  const imagePath = (whole: WholePass, file: string): string => new URL(imageUrl(whole, file)).pathname;

  function viewOf(whole: WholePass, { passJson }: PassPackage, wanted: readonly string[]): PassView {
    const { definition, images, locales } = whole.template;
    const code = bestLanguage([...wanted, "en"], Object.keys(locales));
    const texts = code === undefined ? undefined : locales[code];
    const lookUp = lookUpIn(definition, contentOf(whole, publicUrl));
    return passView(
      {
        passJson: passJson(),
        images,
        imageAddress: (file) => imagePath(whole, file),
        language: code && texts ? { code, texts: textsOfPass(definition, texts, lookUp) } : undefined,
      },
      { locale: wanted[0] ?? "en", timeZone: definition.timeZone ?? "UTC", now: clock.now() },
    );
  }

  /** The largest icon, where there is one. */
  const iconOf = ({ template }: WholePass, addressOf: (file: string) => string): string | undefined =>
    passImage(template.images, "icon", undefined, addressOf)?.src;

  return {
    /** Whether the pass is of no more use, so that even an iPhone is told so instead of being given it. */
    hasEnded: ({ passJson }: PassPackage): boolean => endOfPass(passJson(), clock.now()) !== undefined,

    pass(whole: WholePass, passPackage: PassPackage, visitor: PageVisitor, wanted: readonly string[]): LandingHtml {
      return renderPassPage({
        view: viewOf(whole, passPackage, wanted),
        texts: textsFor(wanted),
        organization: brandOf(whole),
        icon: iconOf(whole, (file) => imagePath(whole, file)),
        url: passUrl(publicUrl, whole.pass.serial),
        packageUrl: packageUrl(publicUrl, whole.pass.serial),
        development: passPackage.development,
        visitor,
      });
    },

    linkPreview: (whole: WholePass, wanted: readonly string[]): LandingHtml =>
      renderLinkPreviewPage({
        texts: textsFor(wanted),
        organization: brandOf(whole),
        image: iconOf(whole, (file) => imageUrl(whole, file)),
      }),

    notice: (name: NoticeName, wanted: readonly string[]): LandingHtml => renderNoticePage(name, textsFor(wanted)),
  };
}

/** Whose pass it is. Titles stay in histories and are shown by chat programs, so nothing of the customer may be in it. */
function brandOf({ template, account }: WholePass): string {
  const { organizationName } = template.definition.pass;
  const isFixed = typeof organizationName === "string" && !organizationName.includes("{{");
  return isFixed ? organizationName : account.name;
}

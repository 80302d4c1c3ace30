import type { PassPackage } from "../apple/pass-packages.ts";
import type { Clock } from "../clock.ts";
import { renderLinkPreviewPage } from "../web/landing/link-preview-page.tsx";
import { renderNoticePage } from "../web/landing/notice-page.tsx";
import type { LandingHtml } from "../web/landing/page-frame.tsx";
import { type PageVisitor, renderPassPage } from "../web/landing/pass-page.tsx";
import { textsFor } from "../web/landing/texts/index.ts";
import type { NoticeName } from "../web/landing/texts/landing-texts.ts";
import { passImage } from "../web/preview/pass-images.ts";
import { endOfPass } from "../web/preview/pass-view.ts";
import { createPassPreview, imagePath, imageUrl } from "./pass-preview.ts";
import { packageUrl, passUrl } from "./pass-url.ts";
import type { WholePass } from "./whole-pass.ts";

export type WalletLinkPages = ReturnType<typeof createWalletLinkPages>;

/** The pages behind wallet links. `wanted` are a person's languages, the best first. */
export function createWalletLinkPages({ publicUrl, clock }: { readonly publicUrl: string; readonly clock: Clock }) {
  const previewPass = createPassPreview({ publicUrl, clock });

  /** The largest icon, where there is one. */
  const iconOf = ({ template }: WholePass, addressOf: (file: string) => string): string | undefined =>
    passImage(template.images, "icon", undefined, addressOf)?.src;

  return {
    /** Whether the pass is of no more use, so that even an iPhone is told so instead of being given it. */
    hasEnded: ({ passJson }: PassPackage): boolean => endOfPass(passJson(), clock.now()) !== undefined,

    pass(whole: WholePass, passPackage: PassPackage, visitor: PageVisitor, wanted: readonly string[]): LandingHtml {
      return renderPassPage({
        view: previewPass(whole, passPackage, wanted),
        texts: textsFor(wanted),
        organization: brandOf(whole),
        icon: iconOf(whole, (file) => imagePath(publicUrl, whole, file)),
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
        image: iconOf(whole, (file) => imageUrl(publicUrl, whole, file)),
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

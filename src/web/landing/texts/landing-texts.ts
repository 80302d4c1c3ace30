import type { PassStyle } from "../../../templates/definition.ts";
import type { PreviewTexts } from "../../preview/preview-texts.ts";

/** A heading and what there is to say to it. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** Pages that are all text. */
export type NoticeName = "notFound" | "deleted" | "bundleNotFound" | "bundleOver" | "busy" | "unavailable" | "failed";

/** Everything that the pages behind a wallet link say in one language. */
export interface LandingTexts {
  /** `lang` of the page (BCP 47). */
  readonly language: string;
  readonly preview: PreviewTexts;
  /** What the pass is to the one who gets it. */
  readonly heading: Readonly<Record<PassStyle, string>>;
  /** Why to add it. */
  readonly lead: string;
  /** Apple's wording for its button. */
  readonly addToAppleWallet: string;
  readonly scan: Notice & { readonly codeLabel: string };
  readonly android: {
    readonly lead: string;
    readonly enlarge: string;
    readonly close: string;
    readonly keep: string;
  };
  readonly inApp: {
    readonly title: string;
    readonly reason: (app: string) => string;
    readonly reasonOfUnknown: string;
    readonly openMenu: string;
    readonly chooseBrowser: string;
    readonly addThere: string;
    readonly address: string;
  };
  /** Heading above the back of the pass. */
  readonly details: string;
  readonly ended: Readonly<Record<"voided" | "expired", Notice>>;
  readonly development: string;
  readonly notices: Readonly<Record<NoticeName, Notice>>;
  /** What chat programs show of a link: nothing that is known of the customer. */
  readonly linkPreview: { readonly title: (organization: string) => string; readonly text: string };
}

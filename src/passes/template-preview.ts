import type { Account } from "../accounts/account-store.ts";
import { contentOf } from "../apple/content.ts";
import { textsOfPass } from "../apple/localised-texts.ts";
import { normalisePass } from "../apple/normalise.ts";
import { lookUpIn, renderPassJson } from "../apple/pass-json.ts";
import type { Clock } from "../clock.ts";
import type { JsonObject } from "../templates/placeholders.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { ImageAddress } from "../web/preview/pass-images.ts";
import { type PassView, passView } from "../web/preview/pass-view.ts";
import { samplePass } from "./sample-pass.ts";

export interface TemplateLook {
  readonly account: Account;
  /** May be one that somebody is just writing: what is wrong in its pass is left out. */
  readonly template: TemplateVersion;
  readonly imageAddress: ImageAddress;
  /** The language to show it in, where the template has that one. */
  readonly language?: string | undefined;
  /** With the fields alone that every pass has. */
  readonly requiredOnly?: boolean | undefined;
}

export type TemplatePreview = ReturnType<typeof createTemplatePreview>;

/** Draws a pass of a template, filled with the examples of its fields. */
export function createTemplatePreview({ publicUrl, clock }: { readonly publicUrl: string; readonly clock: Clock }) {
  return ({ account, template, imageAddress, language, requiredOnly }: TemplateLook): PassView => {
    const { timeZone = "UTC" } = template.definition;
    // The definition was parsed from JSON.
    const { pass } = normalisePass(template.definition.pass as JsonObject, timeZone);
    const definition = { ...template.definition, pass };
    const whole = samplePass(account, { ...template, definition }, clock.now(), requiredOnly);
    const content = contentOf(whole, publicUrl);
    const texts = language === undefined ? undefined : template.locales[language];
    return passView(
      {
        passJson: renderPassJson(definition, content, { ...SIGNER, organizationName: account.name }),
        images: template.images,
        imageAddress,
        language:
          language && texts
            ? { code: language, texts: textsOfPass(definition, texts, lookUpIn(definition, content)) }
            : undefined,
      },
      { locale: language ?? "en", timeZone, now: clock.now() },
    );
  };
}

/** Nothing of it is drawn. */
const SIGNER = { passTypeIdentifier: "", teamIdentifier: "", webServiceURL: "", authenticationToken: "" };

import { createHash } from "node:crypto";
import type { Appearance } from "../passes/changes.ts";
import { passUrl } from "../passes/pass-url.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import { type LocalisedTexts, prepareTexts } from "./localised-texts.ts";
import { lookUpIn, type PassContent, type PassIssuer, renderPassJson } from "./pass-json.ts";

/** The signer's part does not show on a pass and may change without a word to phones. */
const NO_ISSUER: Omit<PassIssuer, "organizationName"> = {
  passTypeIdentifier: "",
  teamIdentifier: "",
  webServiceURL: "",
  authenticationToken: "",
};

/** What a pass brings to its template. */
export const contentOf = ({ pass, recipient }: WholePass, publicUrl: string): PassContent => ({
  serial: pass.serial,
  url: passUrl(publicUrl, pass.serial),
  values: pass.values,
  recipientName: recipient.name,
  recipientEmail: recipient.email,
  issuedAt: pass.createdAt,
  voided: pass.voided || pass.state === "deleted",
});

/** Hashes what shows of passes, so that phones are told of a change only when there is one to see. */
export function createAppearance(publicUrl: string): (whole: WholePass) => Appearance {
  const shared = new WeakMap<TemplateVersion, { hash: string; texts: LocalisedTexts }>();

  function sharedOf(template: TemplateVersion): { hash: string; texts: LocalisedTexts } {
    const known = shared.get(template);
    if (known !== undefined) return known;
    const texts = prepareTexts(template.definition, template.locales);
    const made = { texts, hash: hashOf([...template.images, ...texts.constant]) };
    shared.set(template, made);
    return made;
  }

  return (whole) => {
    const { template, account } = whole;
    const { hash, texts } = sharedOf(template);
    const content = contentOf(whole, publicUrl);
    const passJson = renderPassJson(template.definition, content, {
      ...NO_ISSUER,
      organizationName: account.name,
    });
    const contentHash = createHash("sha256")
      .update(hash)
      .update(JSON.stringify(passJson))
      .update(texts.ofPass ? hashOf(texts.ofPass(lookUpIn(template.definition, content))) : "")
      .digest("base64url")
      .slice(0, 22);
    return { contentHash, warnings: [] };
  };
}

function hashOf(files: Iterable<readonly [name: string, bytes: Buffer]>): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of files) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  return hash.digest("base64");
}

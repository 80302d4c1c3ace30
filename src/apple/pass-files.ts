import type { WholePass } from "../passes/whole-pass.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import { contentOf } from "./content.ts";
import type { LintContext } from "./lint/finding.ts";
import { filesContext } from "./lint/lint-package.ts";
import { type LocalisedTexts, prepareTexts } from "./localised-texts.ts";
import { type PreparedFiles, prepareFiles, withFiles } from "./package.ts";
import { lookUpIn } from "./pass-json.ts";
import { personalizationFile } from "./personalization-file.ts";

/** What the passes of a template version share. */
interface TemplateFiles {
  readonly shared: PreparedFiles;
  readonly texts: LocalisedTexts;
  /** As the linter wants to know of them. */
  readonly context: Pick<LintContext, "images" | "locales">;
}

export type PassFiles = ReturnType<typeof createPassFiles>;

/** The files of packages beside pass.json. What does not depend on the pass is read and hashed once. */
export function createPassFiles(publicUrl: string) {
  /** For as long as the version itself is in memory. */
  const known = new WeakMap<TemplateVersion, TemplateFiles>();

  function ofTemplate(template: TemplateVersion): TemplateFiles {
    const before = known.get(template);
    if (before) return before;
    const texts = prepareTexts(template.definition, template.locales);
    const files = new Map([...template.images, ...texts.constant]);
    const made: TemplateFiles = { texts, shared: prepareFiles(files), context: filesContext(files) };
    known.set(template, made);
    return made;
  }

  return {
    /** For the linter. */
    contextOf: (template: TemplateVersion): TemplateFiles["context"] => ofTemplate(template).context,

    of(whole: WholePass): PreparedFiles {
      const { shared, texts } = ofTemplate(whole.template);
      const own = new Map(personalizationFile(whole));
      if (texts.ofPass) {
        const lookUp = lookUpIn(whole.template.definition, contentOf(whole, publicUrl));
        for (const [name, bytes] of texts.ofPass(lookUp)) own.set(name, bytes);
      }
      return own.size === 0 ? shared : withFiles(shared, own);
    },
  };
}

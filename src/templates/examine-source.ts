import type { CertificateFacts, Finding } from "../apple/lint/finding.ts";
import { AppError, type Problem } from "../errors.ts";
import { checkTemplate } from "./check.ts";
import { makeDensities } from "./densities.ts";
import { lintTemplate } from "./lint-template.ts";
import type { TemplateSource } from "./template-source.ts";
import type { TemplateVersion } from "./template-store.ts";

/** A template that can be stored, with what will not show, or not everywhere. */
export interface ExaminedTemplate {
  readonly content: Pick<TemplateVersion, "definition" | "images" | "locales" | "madeImages">;
  readonly warnings: readonly Finding[];
}

/**
 * Checks a template, makes the image densities it lacks, and lints passes of it. Throws `invalid` with every problem:
 * first those of the template itself, then those for which Wallet would refuse its passes.
 */
export async function examineSource(
  source: TemplateSource,
  now: number,
  certificate?: CertificateFacts,
): Promise<ExaminedTemplate> {
  const checked = checkTemplate(source.definition, source.images, source.locales);
  if (!checked.ok) throw new AppError("invalid", "The template has problems:", { details: checked.problems });
  const made = await makeDensities(source.images);
  const images = new Map([...source.images, ...made]);
  const { locales } = checked;
  const template = { definition: checked.definition, images, locales };
  const { definition, findings } = lintTemplate(template, now, certificate);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new AppError("invalid", "Wallet would refuse passes of this template:", { details: errors.map(asProblem) });
  }
  return { content: { definition, images, locales, madeImages: [...made.keys()] }, warnings: findings };
}

/** The rule's name is kept, for it leads to the explanation in docs/lint.md. */
export const asProblem = ({ id, path, message }: Finding): Problem => ({ path, message: `${message} (${id})` });

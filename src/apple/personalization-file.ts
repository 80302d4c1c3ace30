import type { WholePass } from "../passes/whole-pass.ts";
import { PERSONALIZATION_FIELDS } from "../templates/definition.ts";

/** `personalization.json`, as long as the customer has not signed up; nothing after that (Apple demands it gone). */
export function personalizationFile({ pass, template }: WholePass): ReadonlyMap<string, Buffer> {
  const { personalization } = template.definition;
  if (!personalization || pass.personalizedAt !== null) return new Map();
  const { description, termsAndConditions, fields } = personalization;
  const content = {
    requiredPersonalizationFields: PERSONALIZATION_FIELDS.filter((name) => name in fields).map(
      (name) => `PKPassPersonalizationField${name}`,
    ),
    description,
    ...(termsAndConditions === undefined ? {} : { termsAndConditions }),
  };
  return new Map([["personalization.json", Buffer.from(JSON.stringify(content))]]);
}

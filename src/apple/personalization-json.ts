import { PERSONALIZATION_FIELDS, type Personalization } from "../templates/definition.ts";
import type { JsonObject } from "../templates/placeholders.ts";

/** The object of personalization.json (Apple: "Personalize"). */
export const personalizationJson = ({ description, termsAndConditions, fields }: Personalization): JsonObject => ({
  requiredPersonalizationFields: PERSONALIZATION_FIELDS.filter((name) => name in fields).map(
    (name) => `PKPassPersonalizationField${name}`,
  ),
  description,
  ...(termsAndConditions === undefined ? {} : { termsAndConditions }),
});

import type { Static } from "@sinclair/typebox";
import { constants, dictionary, list, localizable, oneOf, optional } from "./schema.ts";

export const PERSONALIZATION_FIELDS = constants("PKPassPersonalizationField", [
  "Name",
  "PostalCode",
  "EmailAddress",
  "PhoneNumber",
]);

/** `personalization.json`: the form with which somebody signs up for a rewards programme (Apple: "Personalize"). */
export const Personalization = dictionary(
  {
    requiredPersonalizationFields: list(
      oneOf(PERSONALIZATION_FIELDS, "An item of the form.", { type: "APL601", value: "APL601" }),
      "What must be filled in.",
      { missing: "APL601", type: "APL601", value: "APL601" },
      { minItems: 1 },
    ),
    description: localizable("What signing up brings.", { missing: "APL601", type: "APL601" }, { minLength: 1 }),
    ...optional({
      termsAndConditions: localizable("Terms of the programme; may hold links.", { type: "APL601" }),
    }),
  },
  "The form for signing up.",
  { type: "APL601" },
);
export type Personalization = Static<typeof Personalization>;

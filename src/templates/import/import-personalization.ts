import { PERSONALIZATION_FIELDS, type Personalization } from "../definition.ts";
import { isObject, type Json } from "../placeholders.ts";

const PREFIX = "PKPassPersonalizationField";

/** The sign-up of a rewards card; the answers go into no field of the template until somebody names one. */
export function importPersonalization(bytes: Buffer | undefined, notes: string[]): Personalization | undefined {
  if (!bytes) return undefined;
  const file = parse(bytes);
  const asked = isObject(file) ? file["requiredPersonalizationFields"] : undefined;
  const fields = PERSONALIZATION_FIELDS.filter((name) => Array.isArray(asked) && asked.includes(PREFIX + name));
  if (!isObject(file) || typeof file["description"] !== "string" || file["description"] === "" || fields.length === 0) {
    notes.push("personalization.json was left out: it has no description, or asks for nothing.");
    return undefined;
  }
  notes.push("personalization.fields says what is asked for; name the fields of the template that take the answers.");
  const terms = file["termsAndConditions"];
  return {
    description: file["description"],
    ...(typeof terms === "string" ? { termsAndConditions: terms } : {}),
    fields: Object.fromEntries(fields.map((name) => [name, ""])),
  };
}

function parse(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}

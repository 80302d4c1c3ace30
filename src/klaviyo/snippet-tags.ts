import type { FieldDefinition, TemplateDefinition } from "../templates/definition.ts";

/** What to put into a field of a webhook's body, and what a person must look at. */
export interface SuggestedTag {
  readonly tag: string;
  /** Nothing where the tag is right in every Klaviyo account. */
  readonly adapt: string | null;
}

const tag = (expression: string): string => `{{ ${expression}|default:'' }}`;

/** Klaviyo's tags for what it knows of every person (its glossary of variables). */
export const PERSON_TAGS = {
  /** The profile's id; always there. */
  klaviyoId: "{{ person.KlaviyoID }}",
  /** `person.id` is the external id, not the profile's. */
  externalId: tag("person.id"),
  email: tag("person.email"),
  phone: tag("person.phone_number"),
  name: `${tag("person.first_name")} ${tag("person.last_name")}`,
} as const;

/** The id of the event that started the flow; blank in flows that a list, a segment or a date starts. */
export const EVENT_ID_TAG = tag("event|lookup:'$event_id'");

/** A profile property by its name. */
export const propertyTag = (name: string): string => `{{ person|lookup:'${name}' }}`;

/** Passes of these styles are about an event or a journey rather than about a person. */
const EVENT_STYLES: ReadonlySet<string> = new Set(["eventTicket", "boardingPass"]);

/** A likely tag for a field, from its name and type. */
export function suggestTag(name: string, { type }: FieldDefinition, { style }: TemplateDefinition): SuggestedTag {
  const words = wordsOf(name);
  const has = (...any: readonly string[]) => any.some((word) => words.includes(word));
  if (type === "email" || has("email")) return { tag: PERSON_TAGS.email, adapt: null };
  if (type === "phone" || has("phone", "mobile")) return { tag: PERSON_TAGS.phone, adapt: null };
  const personsName = nameTag(words.join(" "));
  if (personsName) return { tag: personsName, adapt: null };
  if (has("code") && has("coupon", "promo", "voucher", "discount")) {
    return {
      tag: tag(`person|lookup:'${title(words)}'`),
      adapt: "Klaviyo's coupon codes do not work in webhooks: keep the code in a profile property, or write it here.",
    };
  }
  if (EVENT_STYLES.has(style)) {
    return {
      tag: tag(`event|lookup:'${title(words)}'`),
      adapt: "Name the property of the event that starts the flow; it is blank in flows that something else starts.",
    };
  }
  return { tag: tag(`person|lookup:'${title(plainest(words))}'`), adapt: "Name the profile property that holds it." };
}

const WHOSE = "(?:full|member|customer|card ?holder|holder|guest|attendee|passenger|recipient|client) ";

function nameTag(words: string): string | undefined {
  if (new RegExp(`^(?:${WHOSE})?(?:first|given) name$`).test(words)) return tag("person.first_name");
  if (new RegExp(`^(?:${WHOSE})?(?:last|family) name$|^surname$`).test(words)) return tag("person.last_name");
  return new RegExp(`^(?:${WHOSE})?name$`).test(words) ? PERSON_TAGS.name : undefined;
}

/** `points-balance`, `pointsBalance` → points, balance. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

/** What such a property is usually called: `points-balance` is Points, `member-level` is Level. */
function plainest(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !["member", "customer", "balance", "value"].includes(word));
  return kept.length > 0 ? kept : words;
}

const title = (words: readonly string[]): string =>
  words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");

import { encode } from "html-entities";
import type { TemplateDefinition } from "../templates/definition.ts";
import type { FieldValues } from "../templates/fill.ts";
import { jsonValueOrDefault } from "../templates/fill.ts";
import { fillPlaceholders, isObject, type Json, type Lookup } from "../templates/placeholders.ts";

/** What a pass brings to its template. */
export interface PassContent {
  readonly serial: string;
  readonly url: string;
  readonly values: FieldValues;
  readonly recipientName: string | null;
  readonly recipientEmail: string | null;
  /** Milliseconds. */
  readonly issuedAt: number;
  readonly voided: boolean;
  /** Milliseconds; stands in place of the template's `expirationDate`. */
  readonly expiredAt: number | null;
}

/** What the server brings. */
export interface PassIssuer {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  /** Used where the template names no organization. */
  readonly organizationName: string;
  readonly webServiceURL: string;
  readonly authenticationToken: string;
}

/** Keys that take text only: a card number of type number must not make the pass one that Wallet refuses. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  ...["description", "organizationName", "logoText", "relevantText", "groupingIdentifier"],
  ...["message", "altText", "label", "changeMessage"],
]);

/** As pass.json writes times: ISO 8601 in whole seconds. */
const secondOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** What placeholders stand for on one pass. */
export function lookUpIn(definition: TemplateDefinition, content: PassContent): Lookup {
  const builtIn: Record<string, string | undefined> = {
    serial: content.serial,
    url: content.url,
    "recipient.name": content.recipientName ?? undefined,
    "recipient.email": content.recipientEmail ?? undefined,
    "issued-at": secondOf(content.issuedAt),
  };
  return (name, key) => {
    // A coupon that is valid until the 30th still is on the 30th.
    const endOfDay = key === "expirationDate";
    const value = name in builtIn ? builtIn[name] : jsonValueOrDefault(definition, content.values, name, endOfDay);
    // The one key that is markup: a name must not become a link (Apple: "PassFieldContent", attributedValue).
    if (key === "attributedValue" && typeof value === "string") return encode(value);
    // A field shows text, a number or a date; Wallet refuses a pass with true or false there.
    const isText = TEXT_KEYS.has(key) || (key === "value" && typeof value === "boolean");
    return isText && value !== undefined ? String(value) : value;
  };
}

/** The object of pass.json (Apple: "Pass"), filled with the values of one pass. */
export function renderPassJson(
  definition: TemplateDefinition,
  content: PassContent,
  issuer: PassIssuer,
): Record<string, Json> {
  // The definition was parsed from JSON.
  const filled = fillPlaceholders(definition.pass as Record<string, Json>, lookUpIn(definition, content));
  const pass: Record<string, Json> = isObject(filled) ? dropIncomplete(filled) : {};
  return {
    ...pass,
    formatVersion: 1,
    passTypeIdentifier: issuer.passTypeIdentifier,
    teamIdentifier: issuer.teamIdentifier,
    organizationName: pass["organizationName"] ?? issuer.organizationName,
    serialNumber: content.serial,
    webServiceURL: issuer.webServiceURL,
    authenticationToken: issuer.authenticationToken,
    ...(content.voided ? { voided: true } : {}),
    ...(content.expiredAt === null ? {} : { expirationDate: secondOf(content.expiredAt) }),
  };
}

/** Keys without which an entry of a list means nothing, or makes Wallet refuse the pass. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  barcodes: ["message"],
  locations: ["latitude", "longitude"],
  beacons: ["proximityUUID"],
  headerFields: ["value"],
  primaryFields: ["value"],
  secondaryFields: ["value"],
  auxiliaryFields: ["value"],
  backFields: ["value"],
  additionalInfoFields: ["value"],
  footerFields: ["value"],
};

/** Leaves out list entries whose value came out empty, lists that became empty by it, and objects with nothing left. */
function dropIncomplete(object: { readonly [key: string]: Json }): Record<string, Json> {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    if (Array.isArray(value)) {
      const entries = value
        .map((item) => (isObject(item) ? dropIncomplete(item) : item))
        .filter((item) => isComplete(key, item));
      if (entries.length > 0 || value.length === 0) kept[key] = entries;
    } else if (isObject(value)) {
      kept[key] = dropIncomplete(value);
    } else {
      kept[key] = value;
    }
  }
  return kept;
}

function isComplete(list: string, item: Json): boolean {
  if (!isObject(item)) return true;
  const needed = NEEDED[list];
  if (!needed) return Object.keys(item).length > 0;
  return needed.every((key) => item[key] !== undefined && item[key] !== null && item[key] !== "");
}

import { asHexColour, toPassColour } from "../../apple/format/values.ts";
import { PASS_STYLES, type PassStyle } from "../definition.ts";
import { isObject, type Json, type JsonObject } from "../placeholders.ts";

/** Inputs that belong together, such as those of one field of the pass: name → what was typed. */
export type Item = Readonly<Record<string, string>>;

/** Where fields stand on a pass; each is a list of the style's dictionary. */
export const AREAS = [
  "headerFields",
  "primaryFields",
  "secondaryFields",
  "auxiliaryFields",
  "backFields",
  "additionalInfoFields",
  "footerFields",
] as const;
export type Area = (typeof AREAS)[number];

/** Lists of pass.json beside those. */
export const PASS_LISTS = ["barcodes", "locations", "featuredActions"] as const;

export type ListName =
  | `front.${Area}`
  | `pass.${(typeof PASS_LISTS)[number]}`
  | "fields"
  | "languages"
  | "translations";

export const LIST_NAMES: readonly ListName[] = [
  ...AREAS.map((area) => `front.${area}` as const),
  ...PASS_LISTS.map((name) => `pass.${name}` as const),
  "fields",
  "languages",
  "translations",
];

/**
 * A template as a form holds it: everything as text, right or wrong, under the path that it has in `template.json`.
 * `front` stands for the dictionary of the style, whatever that is. What has no input of its own is JSON: in `more` of
 * an item, or in `rest` for the whole.
 */
export interface Design {
  readonly texts: Item;
  readonly lists: Readonly<Partial<Record<ListName, readonly Item[]>>>;
}

export const itemsOf = ({ lists }: Design, name: ListName): readonly Item[] => lists[name] ?? [];
export const styleOf = ({ texts }: Design): PassStyle =>
  PASS_STYLES.find((style) => style === texts["style"]) ?? "generic";

/** `content`: text, or a number as text. */
type Kind = "text" | "content" | "flag" | "number" | "colour";
type Kinds = Readonly<Record<string, Kind>>;

/** Keys of template.json with an input of their own. */
export const SETTINGS: Kinds = {
  name: "text",
  style: "text",
  repeat: "text",
  timeZone: "text",
  profilePropertyPrefix: "text",
  passTypeIdentifier: "text",
};

/** Keys of pass.json with an input of their own. */
export const PASS_TEXTS: Kinds = {
  description: "text",
  organizationName: "text",
  logoText: "text",
  backgroundColor: "colour",
  foregroundColor: "colour",
  labelColor: "colour",
  expirationDate: "text",
  relevantDate: "text",
  maxDistance: "number",
  sharingProhibited: "flag",
};

const PASS_FIELD: Kinds = {
  key: "text",
  label: "text",
  value: "content",
  attributedValue: "text",
  changeMessage: "text",
  textAlignment: "text",
  dateStyle: "text",
  timeStyle: "text",
  ignoresTimeZone: "flag",
  isRelative: "flag",
  numberStyle: "text",
  currencyCode: "text",
  row: "number",
};

const ITEM_KINDS: Readonly<Record<(typeof PASS_LISTS)[number], Kinds>> = {
  barcodes: { format: "text", message: "text", messageEncoding: "text", altText: "text" },
  locations: { latitude: "number", longitude: "number", altitude: "number", relevantText: "text" },
  featuredActions: { identifier: "text", type: "text", url: "text" },
};

/** The inputs of an item of a list; nothing for lists that are not of pass.json. */
export function kindsOf(list: ListName): Kinds | undefined {
  if (list.startsWith("front.")) return PASS_FIELD;
  const name = PASS_LISTS.find((one) => list === `pass.${one}`);
  return name && ITEM_KINDS[name];
}

/** What of an object has an input, as its text, and what has not. */
export function toTexts(object: JsonObject, kinds: Kinds): { texts: Item; rest: JsonObject } {
  const texts: Record<string, string> = {};
  const rest: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind && isTyped(kind, value)) texts[key] = kind === "colour" ? asHexColour(String(value)) : String(value);
    else rest[key] = value;
  }
  return { texts, rest };
}

function isTyped(kind: Kind, value: Json): boolean {
  switch (kind) {
    case "text":
    case "colour":
      return typeof value === "string";
    case "content":
    case "number":
      return typeof value === "string" || typeof value === "number";
    case "flag":
      // A false that somebody wrote stays in the rest: the box that is not ticked leaves the key out.
      return value === true;
    default:
      return kind satisfies never;
  }
}

/** The object of what was typed; inputs that were left empty are left out. */
export function fromTexts(texts: Item, kinds: Kinds): Record<string, Json> {
  const object: Record<string, Json> = {};
  for (const [key, kind] of Object.entries(kinds)) {
    const text = texts[key]?.trim() ?? "";
    if (text !== "") object[key] = jsonOf(kind, text, texts);
  }
  return object;
}

function jsonOf(kind: Kind, text: string, { numberStyle = "", currencyCode = "" }: Item): Json {
  switch (kind) {
    case "text":
      return text;
    case "colour":
      return toPassColour(text) ?? text;
    case "content":
      return (numberStyle !== "" || currencyCode !== "") && isNumber(text) ? Number(text) : text;
    case "number":
      return isNumber(text) ? Number(text) : text;
    case "flag":
      return text === "true";
    default:
      return kind satisfies never;
  }
}

/** Whether a text is a number as JSON would write it, so that nothing of it is lost. */
export const isNumber = (text: string): boolean => /\d/.test(text) && String(Number(text)) === text;

/** A list of objects as items, or nothing where it is anything else. */
export function toItems(list: Json | undefined, kinds: Kinds): Item[] | undefined {
  if (!Array.isArray(list) || !list.every(isObject)) return undefined;
  return list.map((entry) => {
    const { texts, rest } = toTexts(entry, kinds);
    return Object.keys(rest).length === 0 ? texts : { ...texts, more: JSON.stringify(rest) };
  });
}

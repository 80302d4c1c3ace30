import { asHexColour } from "../apple/format/values.ts";
import type { FieldDefinition, TemplateDefinition } from "./definition.ts";
import { isObject, type Json, type JsonObject } from "./placeholders.ts";
import type { TemplateVersion } from "./template-store.ts";

/** What is not the same in two versions. Without `before` it is new, without `after` it is gone. */
export interface Difference {
  readonly what: string;
  readonly before?: string;
  readonly after?: string;
}

export interface DifferenceGroup {
  readonly title: string;
  readonly differences: readonly Difference[];
}

export type ComparedVersion = Pick<TemplateVersion, "definition" | "locales" | "images" | "madeImages">;

/** What somebody changed from one version to another, in plain words; groups without a difference are left out. */
export function differencesOf(before: ComparedVersion, after: ComparedVersion): DifferenceGroup[] {
  const groups = GROUPS.map(({ title, partsOf }) => ({
    title,
    differences: compareParts(partsOf(before), partsOf(after)),
  }));
  return groups.filter(({ differences }) => differences.length > 0);
}

/** Something with properties that is there or not: a field, a language, the template itself. */
interface Part {
  /** What the same part has in another version. */
  readonly id: string;
  /** Before each of its properties; empty for what needs no name. */
  readonly title: string;
  /** Said of it where the whole part came or went. */
  readonly summary: string;
  readonly properties: ReadonlyMap<string, string>;
}

const GROUPS: readonly { title: string; partsOf: (version: ComparedVersion) => readonly Part[] }[] = [
  { title: "Settings", partsOf: ({ definition }) => [whole(settingsOf(definition))] },
  { title: "Texts", partsOf: ({ definition }) => [whole(named(definition.pass, TEXTS))] },
  { title: "Colours", partsOf: ({ definition }) => [whole(coloursOf(definition.pass))] },
  { title: "Images", partsOf: imagesOf },
  { title: "Fields on the pass", partsOf: ({ definition }) => passFieldsOf(definition) },
  { title: "What the template asks for", partsOf: ({ definition }) => inputsOf(definition) },
  { title: "Languages", partsOf: languagesOf },
  { title: "Everything else", partsOf: ({ definition }) => [whole(restOf(definition))] },
];

const TEXTS = { logoText: "Text beside the logo", organizationName: "Organisation", description: "Description" };
const COLOURS = { backgroundColor: "Background", foregroundColor: "Values", labelColor: "Labels" };
const AREAS: Readonly<Record<string, string>> = {
  headerFields: "at the top",
  primaryFields: "large",
  secondaryFields: "second row",
  auxiliaryFields: "third row",
  backFields: "on the back",
  additionalInfoFields: "below the pass",
  footerFields: "at the foot",
};
const FIELD_WORDS: Readonly<Record<string, string>> = {
  label: "label",
  value: "value",
  attributedValue: "value with links",
  changeMessage: "message when it changes",
  textAlignment: "alignment",
  dateStyle: "form of the date",
  timeStyle: "form of the time",
  numberStyle: "form of the number",
  currencyCode: "currency",
};

const whole = (properties: ReadonlyMap<string, string>): Part => ({ id: "", title: "", summary: "", properties });

function settingsOf(definition: TemplateDefinition): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      Name: definition.name,
      Style: definition.style,
      "A repeated delivery": definition.repeat === "new" ? "makes a new pass" : "updates the pass",
      "Time zone": definition.timeZone ?? "UTC",
      "Klaviyo properties begin with": definition.profilePropertyPrefix ?? "wallet_pass",
      ...(definition.passTypeIdentifier === undefined ? {} : { "Signed as": definition.passTypeIdentifier }),
    }),
  );
}

/** Some keys of pass.json under the names that people know them by. */
const named = (
  pass: TemplateDefinition["pass"],
  names: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> =>
  new Map(Object.entries(names).flatMap(([key, name]) => (key in pass ? [[name, textOf(pass[key])]] : [])));

const coloursOf = (pass: TemplateDefinition["pass"]): ReadonlyMap<string, string> =>
  new Map([...named(pass, COLOURS)].map(([name, colour]) => [name, asHexColour(colour)]));

function imagesOf({ images, madeImages }: ComparedVersion): Part[] {
  return [...images]
    .filter(([name]) => !madeImages.includes(name))
    .map(([name, bytes]) => ({
      id: name,
      title: name,
      summary: "a picture",
      properties: new Map([["", Bun.hash(bytes).toString()]]),
    }));
}

function passFieldsOf({ style, pass }: TemplateDefinition): Part[] {
  const dictionary = pass[style];
  if (!isObject(dictionary)) return [];
  return Object.entries(dictionary).flatMap(([area, fields]) =>
    (Array.isArray(fields) ? fields : []).filter(isObject).map((field: JsonObject, i, all) => {
      const { key, ...rest } = field;
      const before = all[i - 1];
      const properties = Object.entries(rest).map(([of, value]) => [FIELD_WORDS[of] ?? of, textOf(value)] as const);
      return {
        id: textOf(key),
        title: nameOf(field),
        summary: `${textOf(rest["value"])} (${AREAS[area] ?? area})`,
        properties: new Map([
          ...properties,
          ["place", [AREAS[area] ?? area, before ? `after ${nameOf(before)}` : "first"].join(", ")],
        ]),
      };
    }),
  );
}

const nameOf = ({ label, key }: JsonObject): string => `“${textOf(label ?? key)}”`;

function inputsOf({ fields }: TemplateDefinition): Part[] {
  return Object.entries(fields).map(([name, field]) => ({
    // A renamed one is known by its first name.
    id: field.formerly?.[0] ?? name,
    title: `“${name}”`,
    summary: `${field.type}${field.required ? ", required" : ""}`,
    properties: propertiesOfInput(name, field),
  }));
}

const propertiesOfInput = (name: string, { formerly: _, required, ...rest }: FieldDefinition) =>
  new Map([
    ["name", name],
    ["required", required ? "yes" : "no"],
    ...Object.entries(rest).map(([of, value]): [string, string] => [of, textOf(value)]),
  ]);

function languagesOf({ locales }: ComparedVersion): Part[] {
  return Object.entries(locales).map(([language, texts]) => ({
    id: language,
    title: language,
    summary: `${Object.keys(texts).length} texts`,
    properties: new Map(Object.entries(texts).map(([text, said]) => [`“${text}”`, said])),
  }));
}

function restOf({ style, pass, personalization }: TemplateDefinition): ReadonlyMap<string, string> {
  const dictionary = pass[style];
  const ofStyle = isObject(dictionary)
    ? Object.fromEntries(Object.entries(dictionary).filter(([, value]) => !Array.isArray(value)))
    : {};
  const others = Object.entries(pass).filter(([key]) => key !== style && !(key in TEXTS) && !(key in COLOURS));
  const rest = { ...Object.fromEntries(others), ...ofStyle, ...(personalization ? { personalization } : {}) };
  // The definition was parsed from JSON.
  return new Map(leavesOf(rest as JsonObject, ""));
}

function leavesOf(tree: Json, path: string): [string, string][] {
  if (Array.isArray(tree)) return tree.flatMap((item, i) => leavesOf(item, `${path} ${i + 1}`));
  if (!isObject(tree)) return [[path, textOf(tree)]];
  return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, path === "" ? key : `${path} › ${key}`));
}

function compareParts(before: readonly Part[], after: readonly Part[]): Difference[] {
  const present = new Map(after.map((part) => [part.id, part]));
  const former = new Map(before.map((part) => [part.id, part]));
  return [
    ...before.filter(({ id }) => !present.has(id)).map(({ title, summary }) => ({ what: title, before: summary })),
    ...after.flatMap((part) => {
      const old = former.get(part.id);
      return old ? compareProperties(old, part) : [{ what: part.title, after: part.summary }];
    }),
  ];
}

function compareProperties(before: Part, after: Part): Difference[] {
  const names = new Set([...before.properties.keys(), ...after.properties.keys()]);
  return [...names].flatMap((name) => {
    const [was, is] = [before.properties.get(name), after.properties.get(name)];
    if (was === is) return [];
    const what = [before.title, name].filter(Boolean).join(" ");
    // Nobody reads what stands for a picture.
    if (name === "") return [{ what, before: before.summary, after: "another picture" }];
    return [{ what, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

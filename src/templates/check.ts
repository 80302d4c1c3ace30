import { Value } from "@sinclair/typebox/value";
import { checkImages } from "../apple/images.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../errors.ts";
import { schemaProblems } from "../schema-problems.ts";
import { PASS_STYLES, TemplateDefinition } from "./definition.ts";
import { isTimeZone } from "./field-dates.ts";
import { parseFieldValue } from "./field-values.ts";
import { checkedLocales, checkLocales, type LocaleSource, type Locales } from "./locales.ts";
import { BUILT_IN_NAMES, isObject, type Json, placeholdersIn } from "./placeholders.ts";

export type CheckedTemplate =
  | { readonly ok: true; readonly definition: TemplateDefinition; readonly locales: Locales }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Keys of pass.json that the server knows better than a template can. */
export const FILLED_IN = [
  "formatVersion",
  "serialNumber",
  "passTypeIdentifier",
  "teamIdentifier",
  "webServiceURL",
  "authenticationToken",
];

/**
 * Checks a template, its images (file name → bytes) and its languages, and reports every problem with its path:
 * `fields.points.type` in template.json, `images/icon.png` or `locales/fr.json` for a file.
 */
export function checkTemplate(
  input: unknown,
  images: ReadonlyMap<string, Uint8Array>,
  locales: LocaleSource = new Map(),
): CheckedTemplate {
  const imageProblems = checkImages(images, locales.keys());
  const content = checkContent(input, locales);
  if (content.ok && imageProblems.length === 0) return content;
  return { ok: false, problems: [...(content.ok ? [] : content.problems), ...imageProblems] };
}

/** The same without its images, which take long. */
export function checkContent(input: unknown, locales: LocaleSource): CheckedTemplate {
  if (!Value.Check(TemplateDefinition, input)) {
    // Whoever mends a template shall not learn of the next problem only after the first is gone.
    const rest = isReadable(input) ? checkPass(input) : [];
    return { ok: false, problems: [...schemaProblems(TemplateDefinition, input), ...rest] };
  }
  const known = [...Object.keys(input.fields), ...BUILT_IN_NAMES];
  const problems = [
    ...checkFields(input),
    ...checkPersonalization(input),
    ...checkPass(input),
    ...checkLocales(locales, known),
  ];
  if (input.timeZone !== undefined && !isTimeZone(input.timeZone)) {
    problems.push({ path: "timeZone", message: `"${input.timeZone}" is not an IANA time zone such as Europe/Berlin` });
  }
  return problems.length === 0
    ? { ok: true, definition: input, locales: checkedLocales(locales) }
    : { ok: false, problems };
}

function checkFields({ fields, timeZone }: TemplateDefinition): Problem[] {
  const problems: Problem[] = [];
  const taken = new Set(Object.keys(fields));
  for (const [name, field] of Object.entries(fields)) {
    for (const former of field.formerly ?? []) {
      if (taken.has(former))
        problems.push({ path: `fields.${name}.formerly`, message: `"${former}" is the name of another field` });
      taken.add(former);
    }
    if ((BUILT_IN_NAMES as readonly string[]).includes(name)) {
      problems.push({ path: `fields.${name}`, message: "is a built-in name; choose another" });
    }
    for (const key of ["default", "example"] as const) {
      const value = field[key];
      if (value === undefined || value === "") continue;
      const parsed = parseFieldValue(field.type, String(value), isTimeZone(timeZone ?? "UTC") ? timeZone : "UTC");
      if (!parsed.ok) problems.push({ path: `fields.${name}.${key}`, message: parsed.message });
    }
  }
  return problems;
}

function checkPersonalization({ personalization, fields }: TemplateDefinition): Problem[] {
  return Object.entries(personalization?.fields ?? {})
    .filter(([, target]) => target !== "" && !(target in fields))
    .map(([name, target]) => ({
      path: `personalization.fields.${name}`,
      message: `"${target}" is not a field of this template${didYouMean(target, Object.keys(fields))}`,
    }));
}

/** Whether as much of it has its form as `checkPass` needs. */
function isReadable(input: unknown): input is Pick<TemplateDefinition, "style" | "fields" | "pass"> {
  return (
    isObject(input) &&
    isObject(input["fields"]) &&
    isObject(input["pass"]) &&
    PASS_STYLES.some((style) => style === input["style"])
  );
}

function checkPass({ style, fields, pass }: Pick<TemplateDefinition, "style" | "fields" | "pass">): Problem[] {
  const problems: Problem[] = [];
  // The definition was parsed from JSON: whatever is below `pass` is JSON too.
  const tree = pass as Record<string, Json>;
  if (!isObject(tree[style])) problems.push({ path: `pass.${style}`, message: `is missing: the style is ${style}` });
  for (const other of PASS_STYLES) {
    const isFallback = style === "posterGeneric";
    if (other !== style && tree[other] !== undefined && !isFallback) {
      problems.push({ path: `pass.${other}`, message: `does not belong here: the style is ${style}` });
    }
  }
  for (const key of FILLED_IN) {
    if (tree[key] !== undefined)
      problems.push({ path: `pass.${key}`, message: "is filled in by Passhook; leave it out" });
  }
  if (typeof tree["description"] !== "string" || tree["description"].trim() === "") {
    problems.push({ path: "pass.description", message: "is missing: VoiceOver reads it out" });
  }
  const known = [...Object.keys(fields), ...BUILT_IN_NAMES];
  for (const { name, path } of placeholdersIn(tree, "pass")) {
    if (!known.includes(name)) {
      problems.push({
        path,
        message: `{{${name}}} is neither a field of this template nor built in${didYouMean(name, known)}`,
      });
    }
  }
  return [...problems, ...checkPassFields(tree[style], `pass.${style}`)];
}

/** Wallet drops a field whose key repeats, and refuses one without key or value. */
function checkPassFields(dictionary: Json | undefined, path: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<Json>();
  if (!isObject(dictionary)) return problems;
  for (const [group, entries] of Object.entries(dictionary)) {
    if (!Array.isArray(entries)) continue;
    for (const [i, field] of entries.entries()) {
      const at = `${path}.${group}.${i}`;
      if (!isObject(field)) {
        problems.push({ path: at, message: "must be an object with key and value" });
        continue;
      }
      if (typeof field["key"] !== "string") problems.push({ path: `${at}.key`, message: "is missing" });
      else if (seen.has(field["key"])) problems.push({ path: `${at}.key`, message: `"${field["key"]}" is used twice` });
      else seen.add(field["key"]);
      if (field["value"] === undefined) problems.push({ path: `${at}.value`, message: "is missing" });
    }
  }
  return problems;
}

import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../errors.ts";
import type { FieldDefinition, TemplateDefinition } from "./definition.ts";
import { toInstant } from "./field-dates.ts";
import { addToNumber, type ParsedValue, parseFieldValue } from "./field-values.ts";

/** Field name → value as canonical text; a field without a value is absent. */
export type FieldValues = Readonly<Record<string, string>>;

/** What an input says of one field: a text, an amount to add to its number, or that there is none and why. */
export type GivenValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "add"; readonly amount: string }
  | { readonly kind: "missing"; readonly reason?: string }
  | { readonly kind: "unusable"; readonly message: string };

/** An input without what it adds. */
export const withoutAdditions = (given: ReadonlyMap<string, GivenValue>): ReadonlyMap<string, GivenValue> =>
  new Map([...given].filter(([, { kind }]) => kind !== "add"));

/** The name that a field has now, from that or a former one; nothing when there is no such field. */
export function presentName({ fields }: TemplateDefinition, name: string): string | undefined {
  if (Object.hasOwn(fields, name)) return name;
  return Object.keys(fields).find((present) => fields[present]?.formerly?.includes(name));
}

/** The values of a pass, each under the name that its field has now. */
export const presentValues = (definition: TemplateDefinition, stored: FieldValues): FieldValues =>
  Object.fromEntries(underPresentNames(definition, new Map(Object.entries(stored))));

/** Where a field is there under two names, the present one counts. */
function underPresentNames<T>(definition: TemplateDefinition, entries: ReadonlyMap<string, T>): Map<string, T> {
  const named = new Map<string, T>();
  for (const [name, value] of entries) {
    const present = presentName(definition, name) ?? name;
    if (present === name || !entries.has(present)) named.set(present, value);
  }
  return named;
}

/** merge: a field that is not given keeps its value. replace: it loses it. */
export type FillMode = "merge" | "replace";

/**
 * Checks given values against the template's fields and puts them in the place of `stored` (the values that the pass
 * already has). Every problem is reported, not the first only; paths begin with `pass.`.
 */
export function fillFields(
  definition: TemplateDefinition,
  written: ReadonlyMap<string, GivenValue>,
  stored: FieldValues = {},
  mode: FillMode = "merge",
): { values: FieldValues; problems: Problem[] } {
  const given = underPresentNames(definition, written);
  const present = presentValues(definition, stored);
  const values: Record<string, string> = mode === "merge" ? { ...present } : {};
  const problems: Problem[] = [];
  for (const [name, value] of given) {
    const field = own(definition.fields, name);
    const path = `pass.${name}`;
    if (!field) {
      problems.push({
        path,
        message: `is not a field of this template${didYouMean(name, Object.keys(definition.fields))}`,
      });
      continue;
    }
    const read = readGiven(field, value, valueOrDefault(definition, present, name), definition.timeZone);
    if (read?.ok) values[name] = read.value;
    else if (read) problems.push({ path, message: read.message });
  }
  const refused = new Set(problems.map(({ path }) => path));
  for (const [name, field] of Object.entries(definition.fields)) {
    const path = `pass.${name}`;
    if (!field.required || own(values, name) !== undefined || field.default !== undefined || refused.has(path))
      continue;
    const why = given.get(name);
    problems.push({
      path,
      message: `is required${why?.kind === "missing" && why.reason ? `, but ${why.reason}` : ""}`,
    });
  }
  return { values, problems };
}

/** The field's new value; nothing where none was given. */
function readGiven(
  { type }: FieldDefinition,
  given: GivenValue,
  present: string | undefined,
  timeZone: string | undefined,
): ParsedValue | undefined {
  switch (given.kind) {
    case "missing":
      return undefined;
    case "unusable":
      return { ok: false, message: given.message };
    case "text":
      return parseFieldValue(type, given.text, timeZone);
    case "add":
      if (type === "number") return addToNumber(present ?? "0", given.amount);
      return { ok: false, message: `is of type ${type}; only to a number can something be added` };
    default:
      return given satisfies never;
  }
}

/** Names come from outside: `constructor` and `__proto__` are in every object. */
const own = <T>(from: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(from, name) ? from[name] : undefined;

/** The value of a field on the pass: the pass's own, else the template's default, in canonical text. */
export function valueOrDefault(definition: TemplateDefinition, values: FieldValues, name: string): string | undefined {
  const field = own(definition.fields, name);
  const given = own(values, name) ?? field?.formerly?.map((former) => own(values, former)).findLast(Boolean);
  if (given !== undefined) return given;
  if (field?.default === undefined) return undefined;
  const parsed = parseFieldValue(field.type, String(field.default), definition.timeZone);
  return parsed.ok && parsed.value !== "" ? parsed.value : undefined;
}

/** The same value as pass.json has it; a day without a time is its start, or its end where `endOfDay` is asked for. */
export function jsonValueOrDefault(
  definition: TemplateDefinition,
  values: FieldValues,
  name: string,
  endOfDay = false,
): string | number | boolean | undefined {
  const value = valueOrDefault(definition, values, name);
  const field = own(definition.fields, name);
  if (value === undefined || !field) return undefined;
  switch (field.type) {
    case "number":
      return Number(value);
    case "boolean":
      return value === "true";
    case "date":
      return toInstant(value, definition.timeZone ?? "UTC", endOfDay);
    default:
      return value;
  }
}

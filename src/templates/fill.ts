import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../errors.ts";
import type { TemplateDefinition } from "./definition.ts";
import { toInstant } from "./field-dates.ts";
import { parseFieldValue } from "./field-values.ts";

/** Field name → value as canonical text; a field without a value is absent. */
export type FieldValues = Readonly<Record<string, string>>;

/** What an input says of one field: a text, or that there is none and why. */
export type GivenValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing"; readonly reason?: string }
  | { readonly kind: "unusable"; readonly message: string };

/** The name that a field has now, from that or a former one; nothing when there is no such field. */
export function presentName({ fields }: TemplateDefinition, name: string): string | undefined {
  if (Object.hasOwn(fields, name)) return name;
  return Object.keys(fields).find((present) => fields[present]?.formerly?.includes(name));
}

/** The values of a pass, each under the name that its field has now. */
export const presentValues = (definition: TemplateDefinition, values: FieldValues): FieldValues =>
  Object.fromEntries(underPresentNames(definition, new Map(Object.entries(values))));

/** Where a field is there under two names, the present one counts. */
function underPresentNames<T>(definition: TemplateDefinition, entries: ReadonlyMap<string, T>): Map<string, T> {
  const named = new Map<string, T>();
  for (const [name, value] of entries) {
    const present = presentName(definition, name) ?? name;
    if (present === name || !entries.has(present)) named.set(present, value);
  }
  return named;
}

/**
 * Checks given values against the template's fields and adds them to `present` (the values that the pass already
 * has). Every problem is reported, not the first only; paths begin with `pass.`.
 */
export function fillFields(
  definition: TemplateDefinition,
  written: ReadonlyMap<string, GivenValue>,
  present: FieldValues = {},
): { values: FieldValues; problems: Problem[] } {
  const given = underPresentNames(definition, written);
  const values: Record<string, string> = { ...present };
  const problems: Problem[] = [];
  for (const [name, value] of given) {
    const field = own(definition.fields, name);
    const path = `pass.${name}`;
    if (!field) {
      problems.push({
        path,
        message: `is not a field of this template${didYouMean(name, Object.keys(definition.fields))}`,
      });
    } else if (value.kind === "unusable") {
      problems.push({ path, message: value.message });
    } else if (value.kind === "text") {
      const parsed = parseFieldValue(field.type, value.text, definition.timeZone);
      if (parsed.ok) values[name] = parsed.value;
      else problems.push({ path, message: parsed.message });
    }
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

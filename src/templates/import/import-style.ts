import { isObject, type Json, type JsonObject } from "../placeholders.ts";
import { guessType } from "./guess-field.ts";
import { followFields, type ImportContext, mapTexts } from "./import-context.ts";

/** From this length on, a text on the back is one to read rather than a value of somebody. */
const PROSE_LENGTH = 100;

/**
 * The dictionary of a style with placeholders for the values of its fields. What else a field has stays as it is, but
 * for the pass's own serial number: an attributed value too, since it is markup that was written by hand.
 */
export function importStyle(dictionary: JsonObject, style: string, context: ImportContext): JsonObject {
  const keys = new Set<string>();
  const imported = mapFields(dictionary, style, (field, path) => importField(field, path, keys, context));
  // After all fields, for a field's semantics may repeat any of them.
  return mapFields(imported, style, (field, path) =>
    isObject(field) && field["semantics"] !== undefined
      ? { ...field, semantics: followFields(field["semantics"], `${path}.semantics`, context) }
      : field,
  );
}

/** The groups of a style with each of their fields changed, or left out. */
function mapFields(
  style: JsonObject,
  path: string,
  change: (field: Json, path: string) => Json | undefined,
): JsonObject {
  return Object.fromEntries(
    Object.entries(style).map(([group, entries]) => [
      group,
      Array.isArray(entries)
        ? entries.map((field, i) => change(field, `${path}.${group}.${i}`)).filter((field) => field !== undefined)
        : entries,
    ]),
  );
}

function importField(field: Json, path: string, keys: Set<string>, context: ImportContext): Json | undefined {
  const { ownTexts, notes } = context;
  if (!isObject(field) || field["value"] === undefined || field["value"] === null) {
    notes.push(`${path} has no value and was left out: Wallet refuses such a field.`);
    return undefined;
  }
  const key = uniqueKey(field["key"], keys);
  keys.add(key);
  if (key !== field["key"]) notes.push(`${path} is called ${key} now: Wallet drops a field without a key of its own.`);
  const { semantics: _, value, ...rest } = field;
  const kept = mapTexts(rest, path, ownTexts);
  return {
    ...field,
    ...(isObject(kept) ? kept : {}),
    key,
    value: importValue({ ...field, value, key }, path, context),
  };
}

function uniqueKey(key: Json | undefined, taken: ReadonlySet<string>): string {
  const wanted = typeof key === "string" && key !== "" ? key : "field";
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`;
    if (!taken.has(name)) return name;
  }
}

interface FieldToImport extends JsonObject {
  readonly key: string;
  readonly value: Json;
}

function importValue(field: FieldToImport, path: string, context: ImportContext): Json {
  const { fields, translated, ownTexts, notes } = context;
  const { key, value, label } = field;
  if (typeof value === "string") {
    const own = ownTexts(value);
    if (own !== value) return own;
    if (translated.has(value)) {
      notes.push(
        `${path}.value is translated and was kept; give it placeholders, here and in locales/, where it varies.`,
      );
      return value;
    }
  }
  const drawnAsDate = typeof field["dateStyle"] === "string" || typeof field["timeStyle"] === "string";
  const type = guessType(value, drawnAsDate);
  if (type === undefined) {
    notes.push(`${path}.value is ${JSON.stringify(value)}, which no field can be, and was kept as it is.`);
    return value;
  }
  const isProse = path.includes(".backFields.") && type === "text" && String(value).length >= PROSE_LENGTH;
  const { name } = fields.add(key, value, `${path}.value`, {
    type,
    ...(typeof label === "string" && label.trim() !== "" ? { label } : {}),
    ...(isProse ? { default: String(value) } : {}),
  });
  return `{{${name}}}`;
}

import { AppError, messageOf } from "../../errors.ts";
import { passUrl } from "../../passes/pass-url.ts";
import { FILLED_IN } from "../check.ts";
import { PASS_STYLES, type PassStyle, type TemplateDefinition } from "../definition.ts";
import type { Locales } from "../locales.ts";
import { isObject, type Json, type JsonObject } from "../placeholders.ts";
import { createGuessedFields, type GuessedField, guessType } from "./guess-field.ts";
import { followFields, type ImportContext, mapTexts } from "./import-context.ts";
import { importFiles } from "./import-files.ts";
import { importPersonalization } from "./import-personalization.ts";
import { importStyle } from "./import-style.ts";

/** A template made from a pass, with everything a person should look at. */
export interface ImportedPass {
  readonly definition: TemplateDefinition;
  readonly images: ReadonlyMap<string, Buffer>;
  readonly locales: Locales;
  readonly fields: readonly GuessedField[];
  /** Keys of pass.json that every pass gets from the server. */
  readonly leftOut: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Turns the files of a pass into a template: the values of its fields, its barcode and its expiry become fields of the
 * template, with the present value as their example. Throws `invalid` when pass.json is none.
 */
export function importPass(files: ReadonlyMap<string, Buffer>): ImportedPass {
  const pass = parsePass(files.get("pass.json"));
  const style = styleOf(pass);
  const notes: string[] = [];
  const { images, locales } = importFiles(files, notes);
  const context: ImportContext = {
    fields: createGuessedFields(),
    translated: new Set(Object.values(locales).flatMap((texts) => Object.keys(texts))),
    ownTexts: ownTextsOf(pass),
    notes,
  };
  // The styles first: other places repeat what their fields show.
  const styles = new Map<string, Json>();
  for (const name of [style, ...PASS_STYLES.filter((other) => other !== style)]) {
    const dictionary = pass[name];
    if (isObject(dictionary)) styles.set(name, importStyle(dictionary, name, context));
  }
  const kept: Record<string, Json> = Object.fromEntries(
    Object.entries(pass)
      .filter(([key]) => !FILLED_IN.includes(key) && key !== "voided")
      .map(([key, value]) => [key, styles.get(key) ?? importTopLevel(key, value, context)]),
  );
  const name = nameOf(pass);
  if (typeof kept["description"] !== "string" || kept["description"].trim() === "") {
    kept["description"] = name;
    notes.push("The pass has no description, which VoiceOver reads out; its name was taken.");
  }
  if (pass["voided"] === true) notes.push("The pass is void; passes of the template will not be.");
  const personalization = importPersonalization(files.get("personalization.json"), notes);
  const fields = context.fields.all();
  return {
    definition: {
      name: name.slice(0, 100),
      style,
      ...(personalization ? { personalization } : {}),
      fields: Object.fromEntries(fields.map((field) => [field.name, field.definition])),
      pass: kept,
    },
    images,
    locales: Object.fromEntries(
      Object.entries(locales).map(([language, texts]) => [
        language,
        Object.fromEntries(Object.entries(texts).map((line) => line.map(context.ownTexts))),
      ]),
    ),
    fields,
    leftOut: Object.keys(pass).filter((key) => FILLED_IN.includes(key)),
    notes,
  };
}

function parsePass(bytes: Buffer | undefined): JsonObject {
  try {
    const parsed: Json = JSON.parse((bytes ?? Buffer.alloc(0)).toString("utf8").replace(/^\ufeff/, ""));
    if (isObject(parsed)) return parsed;
    throw new Error("must hold an object");
  } catch (error) {
    throw new AppError("invalid", `pass.json is not JSON: ${messageOf(error)}`);
  }
}

function styleOf(pass: JsonObject): PassStyle {
  const present = PASS_STYLES.filter((style) => isObject(pass[style]));
  // The one style that may stand beside another, which older phones draw.
  const style = present.includes("posterGeneric") ? "posterGeneric" : present[0];
  if (style !== undefined) return style;
  throw new AppError("invalid", `pass.json has none of the styles ${PASS_STYLES.join(", ")}.`);
}

function nameOf(pass: JsonObject): string {
  const names = [pass["description"], pass["logoText"], pass["organizationName"]];
  return names.find((name): name is string => typeof name === "string" && name.trim() !== "") ?? "Imported pass";
}

/** A shorter serial number than this may stand in a text by chance. */
const TELLING_LENGTH = 8;

function ownTextsOf(pass: JsonObject): (text: string) => string {
  const serial = pass["serialNumber"];
  if (typeof serial !== "string" || serial === "") return (text) => text;
  const service = pass["webServiceURL"];
  // A pass of another Passhook: its link is the one thing that is different here.
  const base = typeof service === "string" ? /^(.*)\/passkit\/?$/.exec(service)?.[1] : undefined;
  return (text) => {
    if (text === serial) return "{{serial}}";
    if (serial.length < TELLING_LENGTH) return text;
    const linked = base === undefined ? text : text.replaceAll(passUrl(base, serial), "{{url}}");
    return linked.replaceAll(serial, "{{serial}}");
  };
}

function importTopLevel(key: string, value: Json, context: ImportContext): Json {
  switch (key) {
    case "barcode":
      return importBarcode(value, key, context);
    case "barcodes":
      return Array.isArray(value) ? value.map((one, i) => importBarcode(one, `${key}.${i}`, context)) : value;
    case "nfc":
      // One message for everybody would let each pass open what is somebody else's.
      return isObject(value)
        ? { ...value, ...ofPerson(value["message"], "message", "nfc-message", "nfc", context) }
        : value;
    case "expirationDate":
      return importExpiry(value, context);
    case "semantics":
    case "relevantDate":
    case "relevantDates":
      return followFields(value, key, context);
    default:
      return mapTexts(value, key, context.ownTexts);
  }
}

function importBarcode(barcode: Json, path: string, context: ImportContext): Json {
  if (!isObject(barcode)) return barcode;
  const { message, altText } = barcode;
  const filled = ofPerson(message, "message", "barcode-message", path, context);
  const text =
    altText === message
      ? { altText: filled["message"] ?? "" }
      : ofPerson(altText, "altText", "barcode-text", path, context);
  return { ...barcode, ...filled, ...(altText === undefined ? {} : text) };
}

/** A text that is another one on each pass: the serial number, or else a field. */
function ofPerson(
  value: Json | undefined,
  key: string,
  name: string,
  path: string,
  { fields, ownTexts }: ImportContext,
): Record<string, string> {
  if (typeof value !== "string" || value === "") return {};
  const own = ownTexts(value);
  return { [key]: own === value ? `{{${fields.add(name, value, `${path}.${key}`, { type: "text" }).name}}}` : own };
}

function importExpiry(value: Json, { fields }: ImportContext): Json {
  if (typeof value !== "string" || guessType(value) !== "date") return value;
  const field =
    fields.withValue(value, "date") ??
    fields.add("expiration-date", value, "expirationDate", { type: "date", label: "Expiration date" });
  return `{{${field.name}}}`;
}

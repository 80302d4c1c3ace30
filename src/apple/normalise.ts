import { KindGuard, type TSchema } from "@sinclair/typebox";
import { parseDate, toInstant } from "../templates/field-dates.ts";
import { isObject, type Json, type JsonObject } from "../templates/placeholders.ts";
import { CLASSIC_BARCODES, NEW_BARCODES } from "./format/barcodes.ts";
import { Field } from "./format/fields.ts";
import { PassJson } from "./format/pass.ts";
import { kindOf, marksOf, type RuleId } from "./format/schema.ts";
import { isPassDate, toPassColour, toPassNumber } from "./format/values.ts";
import { encodingFault } from "./lint/barcode-payload.ts";
import type { Finding } from "./lint/finding.ts";
import { constantsOf } from "./lint/shape.ts";
import { show } from "./lint/words.ts";

export interface NormalisedPass {
  readonly pass: JsonObject;
  /** What was changed, each as a warning: the author may prefer to write it so. */
  readonly findings: readonly Finding[];
}

type Report = (id: RuleId, path: string, message: string) => void;

/**
 * Writes what a pass means in the form that Wallet reads: colours as `rgb(r, g, b)`, dates with a zone (`timeZone` for
 * those without), numbers as numbers, a classic barcode after ones that only iOS 27 draws, and both keys for relevant
 * dates. What cannot be understood stays as it is, for the linter to report. Doing it twice changes nothing more.
 */
export function normalisePass(pass: JsonObject, timeZone = "UTC"): NormalisedPass {
  const findings: Finding[] = [];
  const report: Report = (id, path, message) => void findings.push({ id, severity: "warning", path, message });
  const written = writeValue(PassJson, pass, { path: "pass", key: "", timeZone, report });
  const whole = isObject(written) ? written : pass;
  return { pass: withRelevance(withClassicBarcode(whole, report), report), findings };
}

interface Place {
  readonly path: string;
  readonly key: string;
  readonly timeZone: string;
  readonly report: Report;
}

function writeValue(schema: TSchema, value: Json, place: Place): Json {
  if (KindGuard.IsObject(schema)) return isObject(value) ? writeObject(schema, value, place) : value;
  if (KindGuard.IsArray(schema) && Array.isArray(value)) {
    return value.map((item: Json, i) => writeValue(schema.items, item, { ...place, path: `${place.path}.${i}` }));
  }
  if (typeof value !== "string") return value;
  if (kindOf(schema) === "colour") return writeColour(value, place);
  if (kindOf(schema) === "date") return writeDate(value, place);
  return isNumeric(schema) ? writeNumber(value, place, marksOf(schema).type ?? "APL104") : value;
}

function writeObject(schema: TSchema, object: JsonObject, place: Place): JsonObject {
  const properties: Readonly<Record<string, TSchema>> = schema["properties"];
  const entries = Object.entries(object).map(([key, value]): [string, Json] => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return [key, property ? writeValue(property, value, { ...place, key, path: `${place.path}.${key}` }) : value];
  });
  const written = Object.fromEntries(entries);
  return schema["title"] === Field["title"] ? writeField(written, place) : written;
}

/** The value of a field is what its style says it is. */
function writeField(field: JsonObject, place: Place): JsonObject {
  const { value, dateStyle, timeStyle, numberStyle, currencyCode } = field;
  if (typeof value !== "string") return field;
  const at = { ...place, key: "value", path: `${place.path}.value` };
  if (dateStyle !== undefined || timeStyle !== undefined) return { ...field, value: writeDate(value, at) };
  if (numberStyle === undefined && currencyCode === undefined) return field;
  return { ...field, value: writeNumber(value, at, "APL206") };
}

function writeColour(text: string, { path, report }: Place): string {
  const colour = toPassColour(text);
  if (colour === undefined || colour === text) return text;
  // Another spacing is no fault.
  if (text.includes("#") || !text.includes("("))
    report("APL107", path, `${show(text)} is not read by Wallet; ${colour} was written instead`);
  return colour;
}

function writeDate(text: string, { path, key, timeZone, report }: Place): string {
  if (isPassDate(text)) return text;
  const parsed = parseDate(text, timeZone);
  if (parsed === undefined) return text;
  // A day is valid to its end.
  const date = toInstant(parsed, timeZone, key === "expirationDate");
  if (!isPassDate(date)) return text;
  report("APL108", path, `${show(text)} has no complete time and zone; ${date} was written instead`);
  return date;
}

function writeNumber(text: string, { path, report }: Place, id: RuleId): string | number {
  const value = toPassNumber(text);
  if (value === undefined) return text;
  report(id, path, `${show(text)} is text; the number ${value} was written instead`);
  return value;
}

const isNumeric = (schema: TSchema): boolean =>
  KindGuard.IsNumber(schema) ||
  KindGuard.IsInteger(schema) ||
  constantsOf(schema)?.every((constant) => typeof constant === "number") === true;

/** What a QR code of the largest size holds (ISO/IEC 18004, version 40-L). */
const MOST_QR_BYTES = 2_953;

/** Where the pass has barcodes of iOS 27 only, a QR code that says the same follows them. */
function withClassicBarcode(pass: JsonObject, report: Report): JsonObject {
  const { barcodes } = pass;
  if (!Array.isArray(barcodes)) return pass;
  const has = (formats: readonly string[]) =>
    barcodes.some((one: Json) => isObject(one) && formats.includes(String(one["format"])));
  if (has(CLASSIC_BARCODES) || !has(NEW_BARCODES)) return pass;
  const source = barcodes.find((one: Json) => isObject(one) && fitsQr(one));
  if (!isObject(source)) return pass;
  report(
    "APL303",
    "pass.barcodes",
    "has formats of iOS 27 only; a QR code with the same message was added for older systems",
  );
  return { ...pass, barcodes: [...barcodes, { ...source, format: "PKBarcodeFormatQR" }] };
}

function fitsQr({ message, messageEncoding }: JsonObject): boolean {
  if (typeof message !== "string" || message === "" || typeof messageEncoding !== "string") return false;
  return Buffer.byteLength(message) <= MOST_QR_BYTES && !encodingFault(message, messageEncoding);
}

/** iOS 18 and later read the list, earlier ones the single date; within the list, iOS 18 reads another key. */
function withRelevance(pass: JsonObject, report: Report): JsonObject {
  const { relevantDate, relevantDates } = pass;
  const [first] = Array.isArray(relevantDates) ? relevantDates : [];
  if (isDate(relevantDate) && first === undefined && (relevantDates === undefined || Array.isArray(relevantDates))) {
    report("APL310", "pass.relevantDates", "was added beside relevantDate: iOS 18 and later read it");
    return { ...pass, relevantDates: [{ date: relevantDate, relevantDate }] };
  }
  const moment = isObject(first) ? [first["date"], first["relevantDate"], first["startDate"]].find(isDate) : undefined;
  if (relevantDate !== undefined || moment === undefined) return pass;
  report("APL310", "pass.relevantDate", "was added beside relevantDates: iOS 17 and earlier read it");
  return { ...pass, relevantDate: moment };
}

const isDate = (value: Json | undefined): value is string => typeof value === "string" && isPassDate(value);

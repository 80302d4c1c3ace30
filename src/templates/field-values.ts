import Big from "big.js";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { FieldType } from "./definition.ts";
import { parseDate } from "./field-dates.ts";

/** A value in its field's one written form, or what is wrong with it. */
export type ParsedValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/**
 * Reads text as a value of the field's type. The result is text in canonical form: `70.0` → `70`, `True` → `true`,
 * `#f80` → `rgb(255, 136, 0)`, a time with its zone, a phone number in E.164. `timeZone` is for dates without one.
 */
export function parseFieldValue(type: FieldType, text: string, timeZone = "UTC"): ParsedValue {
  const value = PARSERS[type](text, timeZone);
  return typeof value === "string"
    ? { ok: true, value }
    : { ok: false, message: `${EXPECTED[type]}, not "${shorten(text)}"` };
}

/**
 * A number's value with an amount added to it, in exact decimal arithmetic. What is wrong may be either of them, or the
 * sum: a number has at most 15 digits.
 */
export function addToNumber(present: string, amount: string): ParsedValue {
  const [from, by] = [parseNumber(present), parseNumber(amount)];
  if (from === undefined) return { ok: false, message: `holds "${shorten(present)}", which is no number to add to` };
  if (by === undefined) return { ok: false, message: `"add" ${EXPECTED.number}, not "${shorten(amount)}"` };
  const sum = new Big(from).plus(by).toFixed();
  const value = parseNumber(sum);
  return value === undefined
    ? { ok: false, message: `would become ${sum}; a number has at most 15 digits` }
    : { ok: true, value };
}

const EXPECTED: Record<FieldType, string> = {
  text: "must be text",
  number: 'must be a number such as "70" or "9.5" of at most 15 digits',
  date: 'must be a date such as "2026-11-21" or "2026-11-21T18:30:00+01:00"',
  boolean: 'must be "true" or "false"',
  email: "must be an email address",
  phone: 'must be a phone number with its country code, such as "+4915112345678"',
  url: "must be an absolute address such as https://example.com",
  colour: 'must be a colour such as "rgb(255, 136, 0)" or "#ff8800"',
};

const PARSERS: Record<FieldType, (text: string, timeZone: string) => string | undefined> = {
  text: (text) => text,
  number: parseNumber,
  date: parseDate,
  boolean: (text) =>
    ({ true: "true", "1": "true", yes: "true", false: "false", "0": "false", no: "false" })[text.toLowerCase()],
  email: (text) => (isEmail(text) ? text : undefined),
  phone: parsePhone,
  url: parseUrl,
  colour: parseColour,
};

/** Good enough to tell an address from a mistake; only delivery proves one. */
export const isEmail = (text: string): boolean =>
  /^[^\s@<>"(),:;]+@[^\s@<>"(),:;]+\.[^\s@<>"(),:;.]{2,}$/.test(text) && text.length <= 254;

/** E.164, or nothing when the text has no country code or cannot be a number. */
export function parsePhone(text: string): string | undefined {
  const phone = parsePhoneNumberFromString(text);
  if (!phone?.isPossible()) return undefined;
  // A zero after the country code is taken for a prefix: a number that loses another each time it is read is none.
  return parsePhoneNumberFromString(phone.number)?.number === phone.number ? phone.number : undefined;
}

function parseNumber(text: string): string | undefined {
  const match = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = ""] = match;
  // Past 15 digits a JSON number would show something else than what was given.
  if (`${whole}${fraction}`.length > 15) return undefined;
  const magnitude = fraction ? `${whole}.${fraction}` : `${whole}`;
  return sign === "-" && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude;
}

function parseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  return ["javascript:", "data:", "vbscript:", "file:"].includes(new URL(text).protocol) ? undefined : text;
}

function parseColour(text: string): string | undefined {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  const digits = hex?.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  const parts = digits
    ? [0, 2, 4].map((i) => Number.parseInt(digits.slice(i, i + 2), 16))
    : /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/i.exec(text)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? `rgb(${parts.join(", ")})` : undefined;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

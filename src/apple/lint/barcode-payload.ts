import { show } from "./words.ts";

interface EncodingFault {
  readonly key: "message" | "messageEncoding";
  readonly message: string;
  /** Whether no device can do it; else it is merely not known here. */
  readonly certain: boolean;
}

/** Why the message cannot be written in the encoding; nothing when it can, or when that cannot be told. */
export function encodingFault(message: string, encoding: string): EncodingFault | undefined {
  const highest = HIGHEST.get(encoding.toLowerCase());
  if (highest !== undefined) {
    const odd = [...message].find((character) => (character.codePointAt(0) ?? 0) > highest);
    if (odd === undefined) return undefined;
    return {
      key: "message",
      message: `has ${show(odd)}, which ${encoding} cannot write; use plain letters and digits, or utf-8 if the scanner reads it`,
      certain: true,
    };
  }
  if (!message.isWellFormed())
    return { key: "message", message: "has half a character; no encoding can write it", certain: true };
  try {
    new TextDecoder(encoding);
    return undefined;
  } catch {
    return {
      key: "messageEncoding",
      message: `${show(encoding)} is no encoding known here; use iso-8859-1`,
      certain: false,
    };
  }
}

/** Encodings whose characters are the first ones of Unicode, by their highest. */
const HIGHEST: ReadonlyMap<string, number> = new Map([
  ["iso-8859-1", 0xff],
  ["iso_8859-1", 0xff],
  ["latin1", 0xff],
  ["us-ascii", 0x7f],
  ["ascii", 0x7f],
]);

/** Why a symbology has no code for the message; nothing when it has one (ISO/IEC 15420, 16388, 16390, 15417; AIM BC3). */
export function payloadFault(format: string, message: string): string | undefined {
  switch (format) {
    case "PKBarcodeFormatEAN13":
      if (!/^\d{13}$/.test(message)) return `EAN-13 has 13 digits, not ${show(message)}`;
      if (ean13CheckDigit(message) !== message.at(-1))
        return `the last digit of an EAN-13 checks the others; it must be ${ean13CheckDigit(message)}`;
      return undefined;
    case "PKBarcodeFormatI2of5":
      return /^(?:\d\d)+$/.test(message) ? undefined : "Interleaved 2 of 5 has digits only, and an even number of them";
    case "PKBarcodeFormatCode39":
      return /^[0-9A-Z. $/+%-]+$/.test(message)
        ? undefined
        : "Code 39 has capital letters, digits, space and - . $ / + % only";
    case "PKBarcodeFormatCodabar":
      return /^(?:[A-D][0-9$:/.+-]+[A-D]|[0-9$:/.+-]+)$/i.test(message)
        ? undefined
        : "Codabar has digits and - $ : / . + only, between start and stop letters A to D";
    case "PKBarcodeFormatCode128":
      // The characters 0 to 127: its three code sets.
      return [...message].every((character) => character <= "\x7f")
        ? undefined
        : "Code 128 has the characters of ASCII only";
    default:
      return undefined;
  }
}

/** ISO/IEC 15420, annex A. */
function ean13CheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += Number(digits[i]) * (i % 2 === 0 ? 1 : 3);
  return String((10 - (sum % 10)) % 10);
}

import { createPublicKey } from "node:crypto";
import { didYouMean } from "../../../did-you-mean.ts";
import { isObject } from "../../../templates/placeholders.ts";
import { BARCODE_FORMATS, CLASSIC_BARCODES } from "../../format/barcodes.ts";
import { encodingFault, payloadFault } from "../barcode-payload.ts";
import { objectsIn, type PassInput } from "../pass-input.ts";
import { passRule } from "../rule.ts";
import { mismatch } from "../shape.ts";
import { show } from "../words.ts";

/** The worst mistake there is: nothing is refused and nobody can be let in. */
export const barcodeFormat = passRule({
  id: "APL301",
  severity: "error",
  summary: "unknown barcode format",
  effect: "card drawn without barcode, with no message",
  mark: "observed",
  check: ({ shape }) =>
    (shape.get("APL301") ?? []).map(({ path, fault, value }) => ({
      path,
      message:
        fault === "missing"
          ? `is missing; it is one of ${BARCODE_FORMATS.join(", ")}`
          : `${show(value)} is no format of Wallet${nearest(value)}; the pass would have no barcode`,
    })),
});

/** Other standards call it ITF; so do many people. */
const MISTAKEN: ReadonlyMap<unknown, string> = new Map([
  ["PKBarcodeFormatITF", ' (did you mean "PKBarcodeFormatI2of5"?)'],
]);

function nearest(value: unknown): string {
  if (typeof value !== "string" || value.length > 64) return "";
  return MISTAKEN.get(value) ?? didYouMean(value, BARCODE_FORMATS);
}

/** What a barcode needs to be drawn. */
export const barcodeContent = passRule({
  id: "APL302",
  severity: "error",
  summary: "barcodes is not a list, or an entry has no message or messageEncoding, or its text cannot be encoded",
  effect: "no barcode, or pass refused",
  mark: "documented",
  *check(input) {
    for (const problem of input.shape.get("APL302") ?? []) {
      const { path, fault, value } = problem;
      if (fault === "type") yield { path, message: mismatch(problem) };
      else yield { path, message: `is ${value === "" ? "empty" : "missing"}; the barcode cannot be drawn without it` };
    }
    for (const { value, path } of entriesOf(input)) {
      const { message, messageEncoding } = value;
      if (typeof message !== "string" || typeof messageEncoding !== "string" || messageEncoding === "") continue;
      const fault = encodingFault(message, messageEncoding);
      if (fault)
        yield {
          path: `${path}.${fault.key}`,
          message: fault.message,
          ...(fault.certain ? {} : { severity: "warning" }),
        };
    }
  },
});

function* entriesOf({ pass }: PassInput) {
  yield* objectsIn(pass["barcodes"], "pass.barcodes");
  if (isObject(pass["barcode"])) yield { value: pass["barcode"], path: "pass.barcode" };
}

/** Most phones in use do not know the new symbologies. */
export const classicBarcode = passRule({
  id: "APL303",
  severity: "warning",
  summary: "only barcodes of iOS 27",
  effect: "no barcode on iOS 26 and earlier",
  mark: "documented",
  *check({ pass }) {
    const known = objectsIn(pass["barcodes"], "pass.barcodes").filter(({ value }) =>
      isOneOf(BARCODE_FORMATS, value["format"]),
    );
    if (known.length > 0 && !known.some(({ value }) => isOneOf(CLASSIC_BARCODES, value["format"]))) {
      yield {
        path: "pass.barcodes",
        message: "has formats of iOS 27 only; add one with PKBarcodeFormatQR or PKBarcodeFormatCode128 after them",
      };
    }
  },
});

const isOneOf = (names: readonly string[], value: unknown): boolean =>
  typeof value === "string" && names.includes(value);

/** Every symbology has its alphabet. */
export const barcodePayload = passRule({
  id: "APL304",
  severity: "warning",
  summary:
    "the message cannot be written in its symbology: length or check digit of EAN-13, odd length of I2of5, alphabet of Code 39",
  effect: "no barcode",
  mark: "inferred",
  *check(input) {
    for (const { value, path } of entriesOf(input)) {
      const { format, message } = value;
      if (typeof format !== "string" || typeof message !== "string" || message === "") continue;
      const fault = payloadFault(format, message);
      if (fault) yield { path: `${path}.message`, message: fault };
    }
  },
});

/** A reader encrypts with this key, or not at all. */
export const nfcKey = passRule({
  id: "APL305",
  severity: "error",
  summary: "nfc.encryptionPublicKey is not base64 of an X.509 public key on P-256",
  effect: "NFC does not work",
  mark: "documented",
  *check({ pass, shape }) {
    for (const { path, value } of shape.get("APL305") ?? []) {
      yield { path, message: `is ${value === "" ? "empty" : "missing"}; NFC does not work without it` };
    }
    const nfc = pass["nfc"];
    const key = isObject(nfc) ? nfc["encryptionPublicKey"] : undefined;
    if (typeof key === "string" && key !== "" && !isP256Key(key)) {
      yield {
        path: "pass.nfc.encryptionPublicKey",
        message:
          "must be the base64 text of an X.509 SubjectPublicKeyInfo with a key on the curve P-256, without BEGIN and END lines",
      };
    }
  },
});

function isP256Key(text: string): boolean {
  if (!/^[A-Za-z0-9+/]{40,1000}={0,2}$/.test(text)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  } catch {
    return false;
  }
}

const MOST_NFC_BYTES = 64;

/** A reader gets 64 bytes; and a shared pass could be used by somebody else. */
export const nfcMessage = passRule({
  id: "APL306",
  severity: "warning",
  summary: "nfc.message over 64 bytes, or requiresAuthentication without sharingProhibited",
  effect: "truncated; older devices can bypass the authentication",
  mark: "documented",
  *check({ pass }) {
    const nfc = pass["nfc"];
    if (!isObject(nfc)) return;
    const bytes = typeof nfc["message"] === "string" ? Buffer.byteLength(nfc["message"]) : 0;
    if (bytes > MOST_NFC_BYTES) {
      yield { path: "pass.nfc.message", message: `has ${bytes} bytes; what is over ${MOST_NFC_BYTES} is cut off` };
    }
    if (nfc["requiresAuthentication"] === true && pass["sharingProhibited"] !== true) {
      yield {
        path: "pass.sharingProhibited",
        message: "must be true beside nfc.requiresAuthentication, or older devices can go around it",
      };
    }
  },
});

import { constants, described, dictionary, flag, list, localizable, oneOf, optional, text } from "./schema.ts";

const FORMAT = "PKBarcodeFormat";
export const CLASSIC_BARCODES = constants(FORMAT, ["QR", "PDF417", "Aztec", "Code128"]);
/** Since iOS 27. */
export const NEW_BARCODES = constants(FORMAT, ["EAN13", "Code39", "Codabar", "I2of5"]);
export const BARCODE_FORMATS = [...CLASSIC_BARCODES, ...NEW_BARCODES] as const;

const Barcode = dictionary(
  {
    format: oneOf(
      BARCODE_FORMATS,
      "Kind of barcode. QR, PDF417, Aztec and Code128 work everywhere (Code128 not on watchOS), the others since iOS 27.",
      { missing: "APL301", type: "APL301", value: "APL301" },
    ),
    message: text("What the barcode says.", { missing: "APL302", type: "APL302" }, { minLength: 1 }),
    messageEncoding: text(
      "Character encoding of the message; iso-8859-1 unless the scanner is known to read UTF-8.",
      { missing: "APL302", type: "APL302" },
      { minLength: 1 },
    ),
    ...optional({ altText: localizable("Text under the barcode; not on watchOS.") }),
  },
  "A barcode.",
  { type: "APL302" },
);

export const barcodes = {
  barcodes: list(
    Barcode,
    "Barcodes in order of preference; the first that the device can draw is shown. Put a classic one after one of iOS 27.",
    { type: "APL302" },
  ),
  barcode: described(Barcode, "A single barcode for iOS 8 and earlier; deprecated."),
};

export const nfc = {
  nfc: dictionary(
    {
      encryptionPublicKey: text(
        "Public key of the reader: base64 of an X.509 SubjectPublicKeyInfo with an ECDH key on the curve P-256.",
        { missing: "APL305" },
        { minLength: 1 },
      ),
      message: text("What the reader gets, at most 64 bytes.", { missing: "APL305" }),
      ...optional({
        requiresAuthentication: flag(
          "Face ID, Touch ID or passcode before every use (iOS 13.1); set sharingProhibited with it.",
        ),
      }),
    },
    "What the phone tells a contactless reader; needs a certificate with Apple's NFC entitlement.",
  ),
};

import {
  azteccode,
  code39,
  code128,
  drawingSVG,
  ean13,
  interleaved2of5,
  pdf417,
  rationalizedCodabar,
} from "bwip-js/generic";
import { encode as encodeQr } from "uqr";
import { payloadFault } from "../../apple/lint/barcode-payload.ts";
import { isObject, type JsonObject } from "../../templates/placeholders.ts";

export interface Barcode {
  /** An SVG element of black on nothing, without a margin but for that which bars take on their sides. */
  readonly svg: string;
  readonly square: boolean;
  readonly message: string;
  readonly altText: string | undefined;
}

type Draw = (message: string, bytes: Uint8Array) => string;

/** `height` is in millimetres, at 72 modules an inch; `paddingwidth` is in modules. */
const drawnBy =
  (symbology: typeof code128, options: { readonly height?: number; readonly paddingwidth?: number } = {}): Draw =>
  (_, bytes) =>
    // One character a byte, as the encoding of the pass has it.
    symbology({ bcid: "", text: latin1(bytes), binarytext: true, scale: 1, ...options }, drawingSVG());

/**
 * Flat enough for a pass, tall enough for a scanner, which finds the ends of the bars by the ten white modules before and
 * after them (ISO/IEC 15417, 16388; 11 for EAN-13, 15420).
 */
const BARS = { height: 11, paddingwidth: 11 };

const DRAW: Readonly<Record<string, Draw>> = {
  PKBarcodeFormatQR: (message, bytes) => qrCode(isAscii(bytes) ? message : [...bytes]),
  PKBarcodeFormatPDF417: drawnBy(pdf417),
  PKBarcodeFormatAztec: drawnBy(azteccode),
  PKBarcodeFormatCode128: drawnBy(code128, BARS),
  PKBarcodeFormatEAN13: drawnBy(ean13, BARS),
  PKBarcodeFormatCode39: drawnBy(code39, BARS),
  PKBarcodeFormatCodabar: drawnBy(rationalizedCodabar, BARS),
  PKBarcodeFormatI2of5: drawnBy(interleaved2of5, BARS),
};

const SQUARE = ["PKBarcodeFormatQR", "PKBarcodeFormatAztec"];

/** The barcode that Wallet shows: the first that can be drawn. A format or message that cannot be is passed over. */
export function barcodeOf(passJson: JsonObject): Barcode | undefined {
  const { barcodes, barcode } = passJson;
  const entries = Array.isArray(barcodes) && barcodes.length > 0 ? barcodes : [barcode];
  for (const entry of entries) {
    const drawn = isObject(entry) ? drawBarcode(entry) : undefined;
    if (drawn) return drawn;
  }
  return undefined;
}

function drawBarcode({ format, message, messageEncoding, altText }: JsonObject): Barcode | undefined {
  const draw = typeof format === "string" ? DRAW[format] : undefined;
  if (!draw || typeof format !== "string" || typeof message !== "string" || message === "") return undefined;
  if (payloadFault(format, message)) return undefined;
  try {
    return {
      svg: draw(message, encodeMessage(message, messageEncoding)),
      square: SQUARE.includes(format),
      message,
      altText: typeof altText === "string" && altText !== "" ? altText : undefined,
    };
  } catch {
    // Longer than the symbology goes, or a character that it does not have.
    return undefined;
  }
}

const encodeMessage = (message: string, encoding: unknown): Uint8Array =>
  Buffer.from(message, /^utf-?8$/i.test(String(encoding)) ? "utf8" : "latin1");

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

/** A QR code with the error correction that Wallet uses. Throws when the content is too long for one. */
export function qrCode(content: string | readonly number[]): string {
  const { size, data } = encodeQr(content, { ecc: "M", border: 0 });
  const runs = data.flatMap((row, y) => runsOf(row).map(([from, length]) => `M${from} ${y}.5h${length}`));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path stroke="#000" d="${runs.join("")}"/></svg>`;
}

/** Neighbouring dark modules of a row. */
function runsOf(row: readonly boolean[]): [from: number, length: number][] {
  const runs: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1);
    if (!dark) continue;
    if (last && last[0] + last[1] === x) last[1]++;
    else runs.push([x, 1]);
  }
  return runs;
}

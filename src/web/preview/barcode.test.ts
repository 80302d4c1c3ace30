import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import type { JsonObject } from "../../templates/placeholders.ts";
import { barcodeOf, qrCode } from "./barcode.ts";

beforeAll(() => {
  const wasm = readFileSync(Bun.fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")));
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
});

/** What a scanner reads that knows nothing of how it was drawn. */
async function scan(svg: string) {
  const withMargin = svg.replace(
    /viewBox="0 0 (\d+) (\d+)"/,
    (_, width, height) => `viewBox="-20 -20 ${Number(width) + 40} ${Number(height) + 40}"`,
  );
  const picture = new Resvg(withMargin, { fitTo: { mode: "zoom", value: 4 }, background: "white" }).render().asPng();
  return (await readBarcodes(new Uint8Array(picture), { tryHarder: true })).map(({ format, text }) => [format, text]);
}

const entry = (format: string, message: string, more: JsonObject = {}): JsonObject => ({
  format: `PKBarcodeFormat${format}`,
  message,
  messageEncoding: "iso-8859-1",
  ...more,
});

describe("a scanner reads what the pass says", () => {
  test.each([
    ["QR", "QRCode", "https://passes.example.com/p/1?a=b", "iso-8859-1"],
    ["QR", "QRCode", "Grüße", "iso-8859-1"],
    ["QR", "QRCode", "Grüße für 5 €", "utf-8"],
    ["PDF417", "PDF417", "M1MILLER/SARAH        EABC123 BRSFCONW 0815 325F014C0025 100", "iso-8859-1"],
    ["PDF417", "PDF417", "Grüße", "ISO-8859-1"],
    ["Aztec", "Aztec", "M1MILLER/SARAH        EABC123 BRSFCONW 0815 325F014C0025 100", "iso-8859-1"],
    ["Aztec", "Aztec", "Grüße für 5 €", "UTF-8"],
    ["Code128", "Code128", "AUTUMN20", "iso-8859-1"],
    ["EAN13", "EAN13", "4006381333931", "iso-8859-1"],
    ["Code39", "Code39", "ABC-123", "iso-8859-1"],
    ["Codabar", "Codabar", "A12345B", "iso-8859-1"],
    ["I2of5", "ITF", "12345678", "iso-8859-1"],
  ])("%s", async (format, name, message, messageEncoding) => {
    const barcode = barcodeOf({ barcodes: [entry(format, message, { messageEncoding })] });
    expect(await scan(barcode?.svg ?? "")).toEqual([[name, message]]);
    expect(barcode?.square).toBe(format === "QR" || format === "Aztec");
  });

  test("the code of an address", async () => {
    expect(await scan(qrCode("https://passes.example.com/p/x"))).toEqual([
      ["QRCode", "https://passes.example.com/p/x"],
    ]);
  });
});

describe("the first barcode that can be drawn is shown", () => {
  const QR = entry("QR", "second", { altText: "Second" });
  test.each<[string, JsonObject]>([
    ["after a misspelt format", entry("ITF", "12")],
    ["after digits that no EAN-13 has", entry("EAN13", "4006381333932")],
    ["after letters that Code 128 has not", entry("Code128", "Grüße")],
    ["after one that is too long", entry("PDF417", "x".repeat(5_000))],
    ["after one without a message", entry("QR", "")],
  ])("%s", (_, first) => {
    expect(barcodeOf({ barcodes: [first, QR] })).toMatchObject({ message: "second", altText: "Second" });
  });

  test("an old pass has a single one", () => {
    expect(barcodeOf({ barcode: QR })?.message).toBe("second");
  });

  test("there may be none", () => {
    for (const pass of [{}, { barcodes: [] }, { barcodes: "x" }, { barcodes: [null, 5] }, { barcode: [] }]) {
      expect(barcodeOf(pass)).toBeUndefined();
    }
  });
});

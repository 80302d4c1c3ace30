import { readFileSync } from "node:fs";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const wasm = readFileSync(Bun.fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")));

/** What a scanner reads in a picture (PNG). */
export async function scannedCodes(picture: Uint8Array): Promise<string[]> {
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
  return (await readBarcodes(new Uint8Array(picture), { tryHarder: true })).map(({ text }) => text);
}

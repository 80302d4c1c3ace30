import { expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { zipEntry } from "../zip.ts";
import { imageSizes } from "./png.ts";

interface Form {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const { content, crc } = zipEntry("", Buffer.concat([Buffer.from(type, "latin1"), data]));
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length);
  frame.writeUInt32BE(crc, 4);
  return Buffer.concat([frame.subarray(0, 4), content, frame.subarray(4)]);
}

function pngOf({ width, height, depth, colour, interlaced }: Form, rawBytes: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    ...(colour === 3 ? [chunk("PLTE", Buffer.alloc(3))] : []),
    chunk("IDAT", deflateSync(Buffer.alloc(rawBytes))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const decodes = (bytes: Uint8Array) => imageSizes(new Map([["a.png", bytes]])).get("a.png") !== undefined;

/** Which pass draws a pixel of an 8 × 8 square (RFC 2083, section 2.6). */
const ADAM7 = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

/** Bytes of all rows with their filters, counted pixel by pixel. */
function countedBytes({ width, height, depth, colour, interlaced }: Form): number {
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour] ?? 0;
  const pixelsInRow = new Map<string, number>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = interlaced ? `${ADAM7[y % 8]?.[x % 8]} ${y}` : `${y}`;
      pixelsInRow.set(row, (pixelsInRow.get(row) ?? 0) + 1);
    }
  }
  return [...pixelsInRow.values()].reduce((sum, pixels) => sum + 1 + Math.ceil((pixels * samples * depth) / 8), 0);
}

const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] } as const;

test("as many bytes as there are pixels, in every form and interlaced or not; another decoder takes the same", () => {
  for (const [colour, depths] of Object.entries(DEPTHS)) {
    for (const depth of depths) {
      for (const [width, height] of [
        [1, 1],
        [3, 5],
        [9, 2],
        [17, 11],
      ] as const) {
        for (const interlaced of [false, true]) {
          const form = { width, height, depth, colour: Number(colour), interlaced };
          const needed = countedBytes(form);
          const taken = [needed - 1, needed].map((bytes) => decodes(pngOf(form, bytes)));
          expect({ ...form, taken }).toEqual({ ...form, taken: [false, true] });
          expect(PNG.sync.read(pngOf(form, needed)).width).toBe(width);
        }
      }
    }
  }
});

test("what follows the last pixel, and a broken chunk that nobody needs, do no harm", () => {
  const form = { width: 2, height: 2, depth: 8, colour: 6, interlaced: false };
  expect(decodes(pngOf(form, 500))).toBe(true);
  const png = pngOf(form, 18);
  const note = chunk("tEXt", Buffer.from("note"));
  note[note.length - 1] = (note.at(-1) ?? 0) ^ 1;
  expect(decodes(Buffer.concat([png.subarray(0, 33), note, png.subarray(33)]))).toBe(true);
});

test("cut off, changed, of no size, or something else", () => {
  const png = pngOf({ width: 2, height: 2, depth: 8, colour: 6, interlaced: false }, 18);
  for (let length = 0; length < png.length; length++) expect(decodes(png.subarray(0, length))).toBe(false);
  for (let at = 0; at < png.length - 4; at++) {
    const broken = Buffer.from(png);
    broken[at] = (broken[at] ?? 0) ^ 0x04;
    expect([at, decodes(broken)]).toEqual([at, false]);
  }
  expect(decodes(pngOf({ width: 0, height: 2, depth: 8, colour: 6, interlaced: false }, 18))).toBe(false);
  expect(decodes(Buffer.from("\xff\xd8\xff\xe0 JFIF", "latin1"))).toBe(false);
});

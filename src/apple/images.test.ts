import { expect, test } from "bun:test";
import { crc32, deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { checkImageSize } from "./image-sizes.ts";
import { checkImages, parseImageName } from "./images.ts";

function png(width: number, height: number): Buffer {
  const image = new PNG({ width, height });
  image.data.fill(255);
  return PNG.sync.write(image);
}

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
};

/** A PNG that says `width` × `height` and unpacks to `content`. */
function forged(width: number, height: number, content: Buffer, interlaced: boolean): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, interlaced ? 1 : 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    png(1, 1).subarray(0, 8),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(content)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const ICON = png(38, 38);
const problemOf = (bytes: Uint8Array) => checkImages(new Map([["icon.png", bytes]])).map(({ message }) => message);

test("an icon and what else a pass may have, also by language", () => {
  const images = ["icon.png", "logo@2x.png", "strip@3x.png", "fr.lproj/thumbnail.png", "zh-Hans.lproj/thumbnail.png"];
  expect(checkImages(new Map(images.map((name) => [name, ICON])))).toEqual([]);
  expect(parseImageName("fr.lproj/logo@2x.png")).toEqual({ language: "fr", name: "logo", density: 2 });
});

test("a pass without an icon is refused; one that only some languages have is not enough", () => {
  const message = "is missing: an iPhone refuses a pass without an icon";
  expect(checkImages(new Map())).toEqual([{ path: "images/icon.png", message }]);
  expect(checkImages(new Map([["fr.lproj/icon.png", ICON]]))).toContainEqual({ path: "images/icon.png", message });
});

test("what is no image of a pass is told, with the name that was meant", () => {
  const names = [
    "icn@2x.png",
    "icon@4x.png",
    "logo.jpg",
    "francais.lproj/logo.png",
    "jp.lproj/logo.png",
    "fr/logo.png",
  ];
  const problems = checkImages(new Map([["icon.png", ICON], ...names.map((name) => [name, ICON] as const)]));
  expect(
    Object.fromEntries(problems.map(({ path, message }) => [path.slice("images/".length), message])),
  ).toMatchObject({
    "icn@2x.png": 'is not an image of a pass (did you mean "icon@2x.png"?)',
    "icon@4x.png": expect.stringContaining("is not an image of a pass"),
    "logo.jpg": 'is not an image of a pass (did you mean "logo.png"?)',
    "francais.lproj/logo.png": "is not a language code such as fr, pt-BR or zh-Hans",
    "jp.lproj/logo.png": "is not a language code such as fr, pt-BR or zh-Hans",
    "fr/logo.png": "is in a folder that is not called fr.lproj or the like",
  });
});

test("every language needs the same images; smaller densities can be made, so the largest counts", () => {
  const images = new Map(
    ["icon.png", "de.lproj/logo@3x.png", "fr.lproj/logo@3x.png", "fr.lproj/logo.png", "es.lproj/logo@2x.png"].map(
      (name) => [name, ICON],
    ),
  );
  expect(checkImages(images, ["it"]).map(({ path }) => path)).toEqual([
    "images/es.lproj/logo@3x.png",
    "images/it.lproj/logo@3x.png",
  ]);
});

test("a file must decode, not only be called PNG", () => {
  expect(problemOf(Buffer.from("GIF89a"))).toEqual(["is not a PNG file"]);
  expect(problemOf(ICON.subarray(0, 60))).toEqual([expect.stringContaining("is a broken PNG")]);
  const flipped = Buffer.from(ICON);
  flipped.writeUInt8((flipped[60] ?? 0) ^ 0xff, 60);
  expect(problemOf(flipped)).toEqual([expect.stringContaining("is a broken PNG")]);
  expect(problemOf(Buffer.alloc(5 * 1024 * 1024))).toEqual(["is 5 MB; at most 4 MB"]);
});

test("a small file cannot ask for a lot of memory", () => {
  expect(problemOf(forged(100_000, 100_000, Buffer.alloc(10), false))).toEqual([
    "is 100000 × 100000 pixels, far more than a phone shows",
  ]);
  // 256 MB, packed to 256 KB.
  const bomb = Buffer.alloc(256 * 1024 * 1024);
  const before = process.memoryUsage.rss();
  expect(problemOf(forged(8, 8, bomb, true))).toEqual([expect.stringContaining("is a broken PNG")]);
  problemOf(forged(8, 8, bomb, false));
  expect(process.memoryUsage.rss() - before).toBeLessThan(128 * 1024 * 1024);
});

test("interlaced images are images", () => {
  // One pixel: the first of seven passes, a filter byte and a colour.
  expect(problemOf(forged(1, 1, Buffer.from([0, 10, 20, 30, 255]), true))).toEqual([]);
});

test("a size that none of Apple's documents has is told; rounding is not", () => {
  expect(checkImageSize({ name: "icon", density: 3 }, { width: 114, height: 114 })).toBeUndefined();
  expect(checkImageSize({ name: "icon", density: 1 }, { width: 29, height: 29 })).toBeUndefined();
  expect(checkImageSize({ name: "strip", density: 2 }, { width: 750, height: 287 })).toBeUndefined();
  expect(checkImageSize({ name: "logo", density: 2 }, { width: 100, height: 100 })).toBeUndefined();
  expect(checkImageSize({ name: "icon", density: 2 }, { width: 512, height: 512 })).toBe(
    "is 512 × 512 pixels; Apple asks for 76 × 76 or 58 × 58",
  );
  expect(checkImageSize({ name: "logo", density: 1 }, { width: 300, height: 50 })).toBe(
    "is 300 × 50 pixels; Apple asks for up to 160 × up to 50",
  );
  expect(checkImageSize({ name: "thumbnail", density: 1 }, { width: 20, height: 90 })).toBe(
    "is 20 × 90 pixels; Apple asks for 60–90 × 60–90",
  );
});

import { expect, test } from "bun:test";
import { PNG } from "pngjs";
import { decodePng, encodePng, pngSize } from "../apple/image-png.ts";
import { makeDensities } from "./densities.ts";
import { readGalleryTemplate } from "./folder.ts";
import { GALLERY } from "./gallery/index.ts";

function png(width: number, height: number): Buffer {
  const image = new PNG({ width, height });
  image.data.fill(200);
  return PNG.sync.write(image);
}

const made = async (images: Readonly<Record<string, Buffer>>) =>
  Object.fromEntries(
    [...(await makeDensities(new Map(Object.entries(images))))].map(([name, b]) => [name, pngSize(b)]),
  );

test("missing densities are made from the largest one, in each language; given ones stay, nothing is enlarged", async () => {
  const sizes = await made({
    "icon@3x.png": png(114, 114),
    "logo@2x.png": png(101, 31),
    "strip.png": png(375, 144),
    "thumbnail.png": png(90, 90),
    "thumbnail@3x.png": png(270, 270),
    "fr.lproj/footer@3x.png": png(1, 1),
  });
  expect(sizes).toEqual({
    "icon.png": { width: 38, height: 38 },
    "icon@2x.png": { width: 76, height: 76 },
    "logo.png": { width: 51, height: 16 },
    "thumbnail@2x.png": { width: 180, height: 180 },
    "fr.lproj/footer.png": { width: 1, height: 1 },
    "fr.lproj/footer@2x.png": { width: 1, height: 1 },
  });
});

test("made images look like drawn ones", async () => {
  for (const gallery of GALLERY) {
    const { images } = await readGalleryTemplate(gallery);
    const largest = new Map([...images].filter(([name]) => name.includes("@3x")));
    const smaller = await makeDensities(largest);
    expect(smaller.size).toBe(largest.size * 2);
    for (const [name, bytes] of smaller) {
      const [drawn, shrunk] = [decodePng(images.get(name) ?? Buffer.alloc(0)), decodePng(bytes)];
      expect([name, shrunk.width, shrunk.height]).toEqual([name, drawn.width, drawn.height]);
      // Averages of light are brighter at edges than what a renderer mixes; 28 dB is where that can be seen.
      expect([name, signalToNoise(drawn.data, shrunk.data) > 28]).toEqual([name, true]);
    }
  }
}, 30_000);

test("what an image says of its colours stays with it", () => {
  const [opaque, clear] = [png(2, 2), png(1, 1)];
  // An sRGB chunk ("perceptual") after the header: RFC 2083 and PNG 1.2, section 4.2.2.3.
  const srgb = Buffer.from("0000000173524742" + "00" + "aece1ce9", "hex");
  const tagged = Buffer.concat([opaque.subarray(0, 33), srgb, opaque.subarray(33)]);
  const small = encodePng(decodePng(clear), tagged);
  expect(small.subarray(33, 33 + srgb.length)).toEqual(srgb);
  expect(decodePng(small)).toMatchObject({ width: 1, height: 1 });
});

/** Decibels, of colours multiplied by alpha. */
function signalToNoise(a: Uint8Array, b: Uint8Array): number {
  let error = 0;
  for (let at = 0; at < a.length; at += 4) {
    const [alphaA, alphaB] = [(a[at + 3] ?? 0) / 255, (b[at + 3] ?? 0) / 255];
    for (let channel = 0; channel < 3; channel++) {
      error += ((a[at + channel] ?? 0) * alphaA - (b[at + channel] ?? 0) * alphaB) ** 2;
    }
  }
  return 10 * Math.log10((255 ** 2 * a.length * 0.75) / Math.max(error, 1));
}

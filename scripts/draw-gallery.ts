/**
 * Draws the images of the gallery templates: every `art/*.svg` becomes a PNG in `images/` at one, two and three times
 * its size in points. Run after changing an SVG: `bun-pinned scripts/draw-gallery.ts`.
 */
import { mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { PNG } from "pngjs";

const GALLERY_DIR = join(import.meta.dir, "../src/templates/gallery");

/** Apple's sizes in points (Human Interface Guidelines, 2026). A logo may be narrower than this. */
const SIZES: Readonly<Record<string, readonly [width: number, height: number]>> = {
  icon: [38, 38],
  logo: [160, 50],
  strip: [375, 144],
  thumbnail: [90, 90],
  background: [343, 503],
};

const SCALES = [1, 2, 3] as const;

function checkSize(file: string, image: string, width: number, height: number): void {
  const size = SIZES[image];
  if (size === undefined) throw new Error(`${file}: "${image}" is no image of a gallery template`);
  const fits = image === "logo" ? width <= size[0] && height === size[1] : width === size[0] && height === size[1];
  if (!fits) throw new Error(`${file}: is ${width}×${height} points, ${image} wants ${size[0]}×${size[1]}`);
}

function draw(svg: string, scale: number): Buffer {
  // Without system fonts, so that the result is the same on every machine.
  const { pixels, width, height } = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false },
  }).render();
  const png = new PNG({ width, height });
  let opaque = true;
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] ?? 0;
    if (alpha < 255) opaque = false;
    // resvg hands out colours multiplied by their alpha, a PNG holds them plain.
    for (let channel = 0; channel < 3; channel++) {
      const value = pixels[at + channel] ?? 0;
      png.data[at + channel] = alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
    }
    png.data[at + 3] = alpha;
  }
  const colorType = opaque ? 2 : 6;
  const encodings = [0, 1, 2, 3, 4].map((filterType) =>
    PNG.sync.write(png, { colorType, inputColorType: 6, filterType: filterType as 0 | 1 | 2 | 3 | 4, deflateLevel: 9 }),
  );
  encodings.push(PNG.sync.write(png, { colorType, inputColorType: 6, deflateLevel: 9 }));
  return encodings.reduce((best, next) => (next.length < best.length ? next : best));
}

for (const entry of (await readdir(GALLERY_DIR, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
  if (!entry.isDirectory()) continue;
  const artDir = join(GALLERY_DIR, entry.name, "art");
  const imagesDir = join(GALLERY_DIR, entry.name, "images");
  await mkdir(imagesDir, { recursive: true });
  let total = 0;
  for (const file of (await readdir(artDir)).filter((name) => name.endsWith(".svg")).sort()) {
    const svg = await Bun.file(join(artDir, file)).text();
    const { width, height } = new Resvg(svg);
    checkSize(`${entry.name}/art/${file}`, basename(file, ".svg"), width, height);
    for (const scale of SCALES) {
      const name = `${basename(file, ".svg")}${scale === 1 ? "" : `@${scale}x`}.png`;
      const bytes = draw(svg, scale);
      await Bun.write(join(imagesDir, name), bytes);
      total += bytes.length;
      console.log(`${entry.name}/images/${name}  ${width * scale}×${height * scale}  ${bytes.length} bytes`);
    }
  }
  console.log(`${entry.name}: ${total} bytes`);
}

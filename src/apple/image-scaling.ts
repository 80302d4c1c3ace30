import type { Pixels } from "./image-png.ts";

/**
 * A smaller image: every new pixel is the average of the area that it covers. Averages are of light, not of sRGB
 * numbers, which darken what is bright and thin; and colours weigh as much as they are opaque, so that what a
 * transparent pixel would be never shows at an edge. Throws when asked to enlarge.
 */
export function shrink(source: Pixels, width: number, height: number): Pixels {
  if (width > source.width || height > source.height || width < 1 || height < 1) {
    throw new RangeError(`cannot make ${width} × ${height} pixels from ${source.width} × ${source.height}`);
  }
  const columns = coverage(source.width, width);
  const rows = coverage(source.height, height);
  const data = new Uint8Array(width * height * 4);
  const sum = new Float64Array(width * 4);
  const row = new Float64Array(width * 4);
  let rowY = -1;
  for (let y = 0; y < height; y++) {
    sum.fill(0);
    const start = rows.start[y] ?? 0;
    for (let i = 0; i < rows.count; i++) {
      const weight = rows.weights[y * rows.count + i] ?? 0;
      if (weight === 0) continue;
      // Two rows of the result may share one of the source.
      if (rowY !== start + i) {
        rowY = start + i;
        narrow(source, rowY, columns, row);
      }
      for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + weight * (row[at] ?? 0);
    }
    writeRow(sum, data, y * width * 4);
  }
  return { width, height, data };
}

/** Which pixels of the source each one of the result covers, and how much of it they fill: a sum of 1 for each. */
interface Coverage {
  readonly start: Uint32Array;
  /** Weights for each pixel; the last ones may be 0. */
  readonly count: number;
  readonly weights: Float64Array;
}

function coverage(from: number, to: number): Coverage {
  const count = Math.ceil(from / to) + 1;
  const start = new Uint32Array(to);
  const weights = new Float64Array(to * count);
  for (let i = 0; i < to; i++) {
    // Counted in pixels of the source times `to`: whole numbers, so that no weight is off by a rounding.
    const [begin, end] = [i * from, (i + 1) * from];
    const first = Math.floor(begin / to);
    start[i] = first;
    for (let j = 0; j < count; j++) {
      const overlap = Math.min(end, (first + j + 1) * to) - Math.max(begin, (first + j) * to);
      weights[i * count + j] = Math.max(0, overlap) / from;
    }
  }
  return { start, count, weights };
}

/** One row of the source in the width of the result, as light multiplied by alpha. */
function narrow({ width, data }: Pixels, y: number, { start, count, weights }: Coverage, row: Float64Array): void {
  for (let x = 0; x < start.length; x++) {
    let [red, green, blue, alpha] = [0, 0, 0, 0];
    let at = (y * width + (start[x] ?? 0)) * 4;
    for (let i = x * count; i < (x + 1) * count; i++, at += 4) {
      const weight = weights[i] ?? 0;
      if (weight === 0) continue;
      const opacity = (weight * (data[at + 3] ?? 0)) / 255;
      red += opacity * (LIGHT[data[at] ?? 0] ?? 0);
      green += opacity * (LIGHT[data[at + 1] ?? 0] ?? 0);
      blue += opacity * (LIGHT[data[at + 2] ?? 0] ?? 0);
      alpha += opacity;
    }
    row[x * 4] = red;
    row[x * 4 + 1] = green;
    row[x * 4 + 2] = blue;
    row[x * 4 + 3] = alpha;
  }
}

function writeRow(sum: Float64Array, data: Uint8Array, offset: number): void {
  for (let at = 0; at < sum.length; at += 4) {
    const opacity = sum[at + 3] ?? 0;
    const alpha = Math.round(opacity * 255);
    data[offset + at + 3] = alpha;
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      data[offset + at + channel] = toSrgb((sum[at + channel] ?? 0) / opacity);
    }
  }
}

/** sRGB byte → light from 0 to 1, and back (IEC 61966-2-1). Display P3, the other space of Apple's images, has the same. */
const LIGHT = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

function toSrgb(light: number): number {
  const value = light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

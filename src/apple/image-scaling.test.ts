import { expect, test } from "bun:test";
import { assert, integer, property, tuple } from "fast-check";
import type { Pixels } from "./image-png.ts";
import { shrink } from "./image-scaling.ts";

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

function draw(width: number, height: number, colourAt: (x: number, y: number) => Colour): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colourAt(x, y), (y * width + x) * 4);
  return { width, height, data };
}

const pixel = ({ width, data }: Pixels, x: number, y: number) => [...data.subarray((y * width + x) * 4).subarray(0, 4)];

test("an image of one colour keeps it, whatever its size becomes", () => {
  const byte = integer({ min: 0, max: 255 });
  const side = integer({ min: 1, max: 40 });
  assert(
    property(
      tuple(byte, byte, byte, integer({ min: 1, max: 255 })),
      tuple(side, side, side, side),
      (colour, [a, b, c, d]) => {
        const [width, height] = [Math.min(a, b), Math.min(c, d)];
        const small = shrink(
          draw(Math.max(a, b), Math.max(c, d), () => colour),
          width,
          height,
        );
        expect([small.width, small.height, small.data.length]).toEqual([width, height, width * height * 4]);
        for (let at = 0; at < small.data.length; at += 4)
          expect([...small.data.subarray(at, at + 4)]).toEqual([...colour]);
      },
    ),
  );
});

test("averages are of light: half black, half white is as bright as sRGB 188, not 128", () => {
  const stripes = draw(4, 2, (x) => (x % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
  expect(pixel(shrink(stripes, 2, 1), 0, 0)).toEqual([188, 188, 188, 255]);
});

test("the colour of what is transparent does not show at an edge", () => {
  const edge = draw(3, 1, (x) => (x < 2 ? [255, 0, 0, 255] : [0, 255, 0, 0]));
  expect(pixel(shrink(edge, 1, 1), 0, 0)).toEqual([255, 0, 0, 170]);
});

test("pixels weigh as much as they are covered, in both directions", () => {
  const [white, clear]: readonly [Colour, Colour] = [
    [255, 255, 255, 255],
    [0, 0, 0, 0],
  ];
  const column = shrink(
    draw(3, 1, (x) => (x === 1 ? white : clear)),
    2,
    1,
  );
  expect([pixel(column, 0, 0)[3], pixel(column, 1, 0)[3]]).toEqual([85, 85]);
  const row = shrink(
    draw(1, 5, (_, y) => (y < 2 ? white : clear)),
    1,
    2,
  );
  expect([pixel(row, 0, 0)[3], pixel(row, 0, 1)[3]]).toEqual([204, 0]);
});

test("nothing is enlarged", () => {
  const small = draw(2, 2, () => [1, 2, 3, 255]);
  expect(() => shrink(small, 3, 2)).toThrow("cannot make 3 × 2 pixels from 2 × 2");
});

import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Colour, contrast, READABLE } from "../preview/colours.ts";
import { pageColours, themeRule } from "./theme.ts";

const channel = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(channel, channel, channel);

test("every text of a page can be read, whatever the colours of the pass", () => {
  fc.assert(
    fc.property(colour, colour, colour, (background, foreground, label) => {
      for (const scheme of Object.values(pageColours({ background, foreground, label }))) {
        for (const ground of [scheme.stage, scheme.page, scheme.surface]) {
          for (const text of [scheme.text, scheme.muted, scheme.link]) {
            expect(contrast(text, ground)).toBeGreaterThanOrEqual(READABLE);
          }
        }
      }
    }),
    {
      numRuns: 500,
      examples: [
        [
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
        [
          [255, 255, 255],
          [255, 255, 255],
          [255, 255, 255],
        ],
      ],
    },
  );
});

test("the page takes on the hue of the brand, a dark one too", () => {
  const black: Colour = [0, 0, 0];
  const { light, dark } = pageColours({ background: [10, 60, 30], foreground: black, label: black });
  for (const [red, green] of [light.stage, dark.stage]) expect(green).toBeGreaterThan(red + 5);
});

test("contrast is as WCAG counts it", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBe(21);
  expect(contrast([118, 118, 118], [255, 255, 255])).toBeCloseTo(4.54, 2);
});

test("the rule holds numbers only", () => {
  expect(themeRule(pageColours())).toMatch(
    /^:root\{(--\w+:rgb\(\d+ \d+ \d+\);?)+\}@media\(prefers-color-scheme:dark\)\{:root\{(--\w+:rgb\(\d+ \d+ \d+\);?)+\}\}$/,
  );
});

import { toPassColour } from "../../apple/format/values.ts";

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export const BLACK: Colour = [0, 0, 0];
export const WHITE: Colour = [255, 255, 255];

/** Contrast that text of any size needs (WCAG 2.2, success criterion 1.4.3). */
export const READABLE = 4.5;

/** A colour of pass.json; nothing when it is none. */
export function parseColour(value: unknown): Colour | undefined {
  const text = typeof value === "string" ? toPassColour(value) : undefined;
  const [red = 0, green = 0, blue = 0] = text?.match(/\d+/g)?.map(Number) ?? [];
  return text === undefined ? undefined : [red, green, blue];
}

export const cssColour = (colour: Colour): string => `rgb(${colour.map(Math.round).join(" ")})`;

/** `share` of the second colour, the rest of the first. */
export function mix(one: Colour, other: Colour, share: number): Colour {
  const channel = (i: 0 | 1 | 2) => one[i] + (other[i] - one[i]) * share;
  return [channel(0), channel(1), channel(2)];
}

/** 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Colour, other: Colour): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The same colour, or as near to it as can be read on every one of the grounds. */
export function readableOn(grounds: readonly Colour[], colour: Colour): Colour {
  const isReadable = (candidate: Colour) => grounds.every((ground) => contrast(candidate, ground) >= READABLE);
  const steps = Array.from({ length: 21 }, (_, i) => i / 20);
  const candidates = steps.flatMap((share) => [mix(colour, BLACK, share), mix(colour, WHITE, share)]);
  return candidates.find(isReadable) ?? BLACK;
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

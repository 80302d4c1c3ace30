import { BLACK, type Colour, cssColour, mix, readableOn, WHITE } from "../preview/colours.ts";
import type { PassColours } from "../preview/pass-view.ts";

/** The colours of a page, for one of the two schemes. */
export interface PageColours {
  /** The top of the page, where the pass lies. */
  readonly stage: Colour;
  readonly page: Colour;
  readonly surface: Colour;
  readonly line: Colour;
  readonly text: Colour;
  readonly muted: Colour;
  readonly link: Colour;
}

interface Scheme {
  readonly page: Colour;
  readonly surface: Colour;
  readonly text: Colour;
  readonly muted: Colour;
  /** Share of the brand's hue in the stage. */
  readonly tint: number;
}

const LIGHT: Scheme = { page: [246, 246, 245], surface: WHITE, text: [28, 27, 25], muted: [98, 95, 89], tint: 0.24 };
const DARK: Scheme = {
  page: [17, 17, 18],
  surface: [30, 30, 32],
  text: [244, 243, 240],
  muted: [168, 165, 158],
  tint: 0.16,
};

/** Less difference between its channels than this, and a colour is taken for a grey. */
const FAINT = 40;
/** Of the largest channel of a tint. */
const BRIGHTEST = 216;
const GREY: Colour = [184, 184, 188];

/** Pages without a pass belong to no brand. */
const NO_BRAND: PassColours = { background: WHITE, foreground: BLACK, label: BLACK };

/** Colours of a page in the brand of a pass. Whatever these are, every text of the page can be read. */
export function pageColours(pass: PassColours = NO_BRAND): { readonly light: PageColours; readonly dark: PageColours } {
  return { light: branded(LIGHT, pass), dark: branded(DARK, pass) };
}

function branded(scheme: Scheme, { background, foreground, label }: PassColours): PageColours {
  const vivid = [background, label, foreground].reduce((best, next) => (chroma(next) > chroma(best) ? next : best));
  const hue = tintOf(chroma(background) < FAINT ? vivid : background);
  const stage = mix(scheme.page, hue, scheme.tint);
  const page = mix(scheme.page, hue, scheme.tint / 6);
  const { surface } = scheme;
  const grounds = [stage, page, surface];
  return {
    stage,
    page,
    surface,
    line: mix(surface, scheme.text, 0.13),
    text: readableOn(grounds, scheme.text),
    muted: readableOn(grounds, scheme.muted),
    link: readableOn(grounds, vivid),
  };
}

/** The same hue in a fresh tone, whether the brand is dark or light; a light grey for brands without a hue. */
function tintOf(colour: Colour): Colour {
  if (chroma(colour) < FAINT) return GREY;
  const factor = BRIGHTEST / Math.max(...colour);
  const [red, green, blue] = colour;
  return [red * factor, green * factor, blue * factor];
}

const chroma = (colour: Colour): number => Math.max(...colour) - Math.min(...colour);

/** The same as custom properties, for a style element: numbers only, whatever the pass says. */
export function themeRule({ light, dark }: ReturnType<typeof pageColours>): string {
  return `:root{${properties(light)}}@media(prefers-color-scheme:dark){:root{${properties(dark)}}}`;
}

const properties = (colours: PageColours): string =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}:${cssColour(colour)}`)
    .join(";");

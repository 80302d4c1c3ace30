import { cssColour } from "./colours.ts";
import type { PassView } from "./pass-view.ts";
import css from "./preview.css" with { type: "text" };

/** The stylesheet that every page with a pass on it needs. The page brings `--text`, `--muted` and `--line` for the back. */
export const PREVIEW_CSS = css;

/**
 * The colours of one pass as a CSS rule for the element of that id. Pages allow no `style` attribute, so the rule goes
 * into a style element that their policy names by its hash. It holds numbers only, whatever the pass says.
 */
export function passColourRule(id: string, { colours: { background, foreground, label } }: PassView): string {
  const values = { background, foreground, label };
  const properties = Object.entries(values).map(([name, colour]) => `--pass-${name}:${cssColour(colour)}`);
  return `#${id}{${properties.join(";")}}`;
}

import type { PassStyle } from "../definition.ts";
import { AREAS, type Area, type Design, itemsOf, styleOf } from "./design.ts";

/** Where fields stand on the passes of a style, from top to bottom, then on the back. */
const SHOWN: Readonly<Record<PassStyle, readonly Area[]>> = {
  storeCard: ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"],
  coupon: ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"],
  generic: ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"],
  boardingPass: ["headerFields", "primaryFields", "auxiliaryFields", "secondaryFields", "backFields"],
  eventTicket: [
    "headerFields",
    "primaryFields",
    "secondaryFields",
    "auxiliaryFields",
    "backFields",
    "additionalInfoFields",
  ],
  posterGeneric: ["headerFields", "primaryFields", "footerFields", "backFields", "additionalInfoFields"],
};

/** The areas that the style shows, and those that another one filled: in sight, or their fields could never be taken away. */
export function areasOf(design: Design): readonly Area[] {
  const shown = SHOWN[styleOf(design)];
  const filled = AREAS.filter((area) => !shown.includes(area) && itemsOf(design, `front.${area}`).length > 0);
  return [...shown, ...filled];
}

/** The area above (-1) or below (1). */
export function areaBeside(design: Design, area: Area, step: -1 | 1): Area | undefined {
  const areas = areasOf(design);
  const at = areas.indexOf(area) + step;
  return at < 0 ? undefined : areas[at];
}

import type { Problem } from "../finding.ts";
import type { FieldAt, PassInput, StyleName } from "../pass-input.ts";
import { passRule } from "../rule.ts";

/** How many fields of a group the front shows; groups that share their room are one entry. */
type Room = readonly (readonly [groups: readonly string[], most: number])[];

const HEADER: Room = [[["headerFields"], 3]];
const SHARED: Room = [...HEADER, [["primaryFields"], 1], [["secondaryFields", "auxiliaryFields"], 4]];

const ROOM: Readonly<Record<StyleName, Room>> = {
  boardingPass: [...HEADER, [["primaryFields"], 2], [["secondaryFields"], 4], [["auxiliaryFields"], 5]],
  coupon: SHARED,
  storeCard: SHARED,
  // Auxiliary fields stand in two rows, each with four.
  eventTicket: [...HEADER, [["primaryFields"], 1], [["secondaryFields"], 4]],
  generic: [...HEADER, [["primaryFields"], 1], [["secondaryFields"], 4], [["auxiliaryFields"], 4]],
  // Header, primary and footer fields are APL506's.
  posterGeneric: [
    [["secondaryFields"], 0],
    [["auxiliaryFields"], 0],
  ],
};

/** What does not fit is left out, the last first. */
export const surplusFields = passRule({
  id: "APL207",
  severity: "warning",
  summary: "more fields than the style shows on its front",
  effect: "fields not shown",
  mark: "documented",
  *check(input) {
    for (const { name } of input.styles) {
      const fields = input.fields.filter(({ style }) => style === name);
      for (const [groups, most] of roomOf(name, input)) yield* surplus(fields, groups, most, name);
      if (name === "eventTicket") {
        for (const row of [0, 1])
          yield* surplus(fields, ["auxiliaryFields"], 4, name, (field) => (field.field["row"] === 1 ? 1 : 0) === row);
      }
    }
  },
});

/** A square barcode leaves one row on a generic pass. */
function roomOf(style: StyleName, { pass }: PassInput): Room {
  if (style !== "generic") return ROOM[style];
  const [first] = Array.isArray(pass["barcodes"]) ? pass["barcodes"] : [];
  const square = ["PKBarcodeFormatQR", "PKBarcodeFormatAztec"].includes(first?.format);
  return square ? SHARED : ROOM.generic;
}

function* surplus(
  fields: readonly FieldAt[],
  groups: readonly string[],
  most: number,
  style: StyleName,
  counts: (field: FieldAt) => boolean = () => true,
): Iterable<Problem> {
  const found = fields.filter((field) => groups.includes(field.group) && counts(field));
  const [firstTooMany] = found.slice(most);
  if (!firstTooMany) return;
  const what = groups.length > 1 ? `${groups.join(" and ")} together` : groups[0];
  const room = most === 0 ? `does not show ${what}` : `shows ${most} of ${what}${groups.length > 1 ? "" : " at most"}`;
  yield {
    path: firstTooMany.path,
    message: `is not shown: ${style} ${room}, and there are ${found.length}; move it to backFields`,
  };
}

const POSTER_ROOM = { headerFields: 1, primaryFields: 4, footerFields: 1 } as const;

/** A poster has room for little text. */
export const posterGenericFields = passRule({
  id: "APL506",
  severity: "warning",
  summary: "posterGeneric with more than 1 header, 4 primary or 1 footer field",
  effect: "surplus not shown",
  mark: "documented",
  *check({ fields }) {
    const poster = fields.filter(({ style }) => style === "posterGeneric");
    for (const [group, most] of Object.entries(POSTER_ROOM)) yield* surplus(poster, [group], most, "posterGeneric");
  },
});

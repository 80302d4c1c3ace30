import type { PassStyle } from "../../templates/definition.ts";
import type { JsonObject } from "../../templates/placeholders.ts";
import { fitPercent, type TypeSize } from "./field-fit.ts";
import { type FieldSource, fieldsIn, labelOf, plainValue } from "./pass-fields.ts";

export type Alignment = "start" | "center" | "end";

export interface FrontField {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  /** Absent where the place decides. */
  readonly alignment: Alignment | undefined;
}

/** Fields side by side. */
export interface FieldRow {
  readonly fields: readonly FrontField[];
  /** Percent of the usual size of values. */
  readonly fit: number;
}

export interface FrontRows {
  readonly header: FieldRow;
  readonly primary: FieldRow;
  /** Secondary and auxiliary fields, from top to bottom. */
  readonly rows: readonly FieldRow[];
}

/** How the middle of the front is laid out: on a strip, beside a thumbnail, from here to there, or at the foot of a picture. */
export type FrontLook = "strip" | "lead" | "journey" | "poster";

export interface FrontSource extends FieldSource {
  readonly style: PassStyle;
  readonly look: FrontLook;
  readonly hasThumbnail: boolean;
  readonly hasSquareBarcode: boolean;
}

/** Points, as in preview.css: a pass is 350 wide and keeps 14 at either side. */
const INNER_WIDTH = 322;
const THUMBNAIL_ROOM = 104;
const TRANSIT_ROOM = 56;
const HEADER_WIDTH = 190;

const HEADER: TypeSize = { points: 17, leastPercent: 65 };
const SMALL: TypeSize = { points: 17, leastPercent: 65 };
const PRIMARY: Readonly<Record<FrontLook, TypeSize>> = {
  strip: { points: 46, leastPercent: 40 },
  lead: { points: 26, leastPercent: 65 },
  journey: { points: 46, leastPercent: 45 },
  poster: { points: 17, leastPercent: 65 },
};

const MOST_PRIMARY: Readonly<Record<PassStyle, number>> = {
  boardingPass: 2,
  coupon: 1,
  eventTicket: 1,
  generic: 1,
  storeCard: 1,
  posterGeneric: 4,
};

/** The fields of the front that Wallet has room for, in its rows (Apple: "Pass design and creation"). */
export function frontRows(source: FrontSource): FrontRows {
  const { style, look, hasThumbnail } = source;
  const thumbnailRoom = hasThumbnail ? THUMBNAIL_ROOM : 0;
  const header = frontFields(source, "headerFields").slice(0, style === "posterGeneric" ? 1 : 3);
  const primary = frontFields(source, "primaryFields").slice(0, MOST_PRIMARY[style]);
  return {
    header: fitted(header, HEADER_WIDTH, HEADER),
    primary: look === "journey" ? ends(primary) : fitted(primary, INNER_WIDTH - thumbnailRoom, PRIMARY[look]),
    rows: smallRows(source)
      .filter(({ length }) => length > 0)
      // The thumbnail reaches down to the first row.
      .map((fields, i) => fitted(fields, INNER_WIDTH - (i === 0 ? thumbnailRoom : 0), SMALL)),
  };
}

function smallRows(source: FrontSource): readonly (readonly FrontField[])[] {
  const secondary = frontFields(source, "secondaryFields");
  const auxiliary = frontFields(source, "auxiliaryFields");
  const inOneRow = [[...secondary, ...auxiliary].slice(0, 4)];
  switch (source.style) {
    case "boardingPass":
      return [auxiliary.slice(0, 5), secondary.slice(0, 4)];
    case "coupon":
    case "storeCard":
      return inOneRow;
    case "eventTicket": {
      const row = (number: 0 | 1) => frontFields(source, "auxiliaryFields", rowIs(number)).slice(0, 4);
      return [secondary.slice(0, 4), row(0), row(1)];
    }
    case "generic":
      return source.hasSquareBarcode ? inOneRow : [secondary.slice(0, 4), auxiliary.slice(0, 4)];
    case "posterGeneric":
      return [frontFields(source, "footerFields").slice(0, 1)];
    default:
      return source.style satisfies never;
  }
}

const rowIs =
  (number: 0 | 1) =>
  ({ row }: JsonObject): boolean =>
    (row === 1 ? 1 : 0) === number;

const fitted = (fields: readonly FrontField[], width: number, size: TypeSize): FieldRow => ({
  fields,
  fit: fitPercent(fields, width, size),
});

/** Origin and destination have half of the room each, and one size. */
function ends(fields: readonly FrontField[]): FieldRow {
  const room = (INNER_WIDTH - TRANSIT_ROOM) / 2;
  return { fields, fit: Math.min(100, ...fields.map((field) => fitPercent([field], room, PRIMARY.journey))) };
}

const ALIGNMENTS: Readonly<Record<string, Alignment>> = {
  PKTextAlignmentLeft: "start",
  PKTextAlignmentCenter: "center",
  PKTextAlignmentRight: "end",
};

const frontFields = (
  source: FieldSource,
  group: string,
  belongs: (field: JsonObject) => boolean = () => true,
): FrontField[] =>
  fieldsIn(source.dictionary, group)
    .filter(belongs)
    .map((field) => ({
      key: String(field["key"]),
      label: oneLine(labelOf(field, source)),
      value: oneLine(plainValue(field, source)),
      alignment: ALIGNMENTS[String(field["textAlignment"])],
    }));

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

import { Type } from "@sinclair/typebox";
import {
  constants,
  dictionary,
  flag,
  list,
  localizable,
  type Marks,
  oneOf,
  optional,
  options,
  text,
} from "./schema.ts";
import { SemanticTags } from "./semantics.ts";

const DATE_STYLES = constants("PKDateStyle", ["None", "Short", "Medium", "Long", "Full"]);
const NUMBER_STYLES = constants("PKNumberStyle", ["Decimal", "Percent", "Scientific", "SpellOut"]);
const TEXT_ALIGNMENTS = constants("PKTextAlignment", ["Left", "Center", "Right", "Natural"]);
const DATA_DETECTORS = constants("PKDataDetectorType", ["PhoneNumber", "Link", "Address", "CalendarEvent"]);

const content = (description: string, marks?: Marks) =>
  Type.Union([Type.String(), Type.Number()], options(description, marks));

const styleOf = (what: string) =>
  oneOf(DATE_STYLES, `How the ${what} is written; value must be a date then.`, { value: "APL206" });

export const Field = dictionary(
  {
    key: text("Name of the field, unique in the whole pass.", { missing: "APL202" }, { minLength: 1 }),
    value: content("What the field says: text or a key of pass.strings, a number, or a date with time and zone.", {
      missing: "APL202",
    }),
    ...optional({
      label: localizable("Small heading of the field."),
      attributedValue: content(
        "Shown in place of value; may hold links (<a href>) and no other markup. Not on watchOS, so keep value.",
      ),
      changeMessage: localizable("Notification when the value changes; must hold %@ for the new value."),
      dataDetectorTypes: list(
        oneOf(DATA_DETECTORS, "A kind of data.", { value: "APL105" }),
        "What becomes a link on the back of the pass; empty for nothing. Default: all.",
      ),
      textAlignment: oneOf(TEXT_ALIGNMENTS, "Alignment; not in primary and back fields.", { value: "APL105" }),
      dateStyle: styleOf("date"),
      timeStyle: styleOf("time"),
      ignoresTimeZone: flag("Shows the time of the value's own zone, not the phone's. Default: false."),
      isRelative: flag("Shows the time that is left. Default: false."),
      numberStyle: oneOf(NUMBER_STYLES, "How the number is written; value must be a number then.", {
        value: "APL206",
      }),
      currencyCode: text(
        "ISO 4217 code; shows value as an amount of money. Not together with numberStyle.",
        { value: "APL206" },
        { pattern: "^[A-Z]{3}$" },
      ),
      row: Type.Union(
        [Type.Literal(0), Type.Literal(1)],
        options("0 or 1: row of an auxiliary field of an event ticket.", { value: "APL106" }),
      ),
      semantics: SemanticTags,
    }),
  },
  "A field.",
  undefined,
  "Field",
);

const group = (description: string) => list(Field, description);

/** The field groups that every style has. */
export const FIELD_GROUPS = {
  headerFields: group("Fields at the top, visible when passes are stacked."),
  primaryFields: group("The most important fields, in large type."),
  secondaryFields: group("Fields below the primary ones."),
  auxiliaryFields: group("Further fields on the front."),
  backFields: group("Fields on the back, with room for long texts and links."),
};

export const ADDITIONAL_INFO = {
  additionalInfoFields: group("Fields below the pass (event tickets from iOS 18, posterGeneric)."),
};

export const FOOTER_FIELDS = {
  footerFields: group("Field at the bottom; Wallet shows the first."),
};

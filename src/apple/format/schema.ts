import { type SchemaOptions, type TObject, type TProperties, type TSchema, Type } from "@sinclair/typebox";

/** Identifier of a lint rule; `../lint/rules.ts` has them all. */
export type RuleId = `APL${number}`;

/**
 * Which rule a value breaks that does not fit its schema. What is not said is general: APL102 for a missing key, APL104
 * for a wrong type or value, APL501 for a wrong type in semantics.
 */
export interface Marks {
  readonly missing?: RuleId;
  readonly type?: RuleId;
  readonly value?: RuleId;
}

/** What a text means beyond being one, so that `../normalise.ts` finds it. */
export type TextKind = "colour" | "date";

const MARKS = "x-rules";
const KIND = "x-kind";

/** Keys of a schema that are for this program, not for editors. */
export const PRIVATE_KEYWORDS: readonly string[] = [MARKS, KIND];

export const marksOf = (schema: TSchema): Marks => schema[MARKS] ?? {};
export const kindOf = (schema: TSchema): TextKind | undefined => schema[KIND];

const MONTH_AND_DAY =
  "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|[12]\\d))";
const CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d";

/** Complete date, hours and minutes, optional seconds and fraction, and a zone (W3C "Date and Time Formats"). */
export const DATE_PATTERN = `^\\d{4}-${MONTH_AND_DAY}T${CLOCK}(?::[0-5]\\d(?:\\.\\d+)?)?(?:Z|[+-]${CLOCK})$`;

const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
export const COLOUR_PATTERN = `^rgb\\( ?${BYTE}, ?${BYTE}, ?${BYTE} ?\\)$`;

/** Any scheme, and something after it. */
const URL_PATTERN = "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+$";

export const options = (description: string, marks?: Marks, more?: SchemaOptions): SchemaOptions => ({
  description,
  ...(marks && { [MARKS]: marks }),
  ...more,
});

export const text = (description: string, marks?: Marks, more?: Parameters<typeof Type.String>[0]) =>
  Type.String({ ...options(description, marks), ...more });

/** Text that stands on the pass: literal, or a key of `pass.strings`. */
export const localizable = (description: string, marks?: Marks, more?: Parameters<typeof Type.String>[0]) =>
  text(`${description} Localizable: the text itself or a key of pass.strings.`, marks, more);

export const url = (description: string, marks?: Marks) =>
  Type.String({ ...options(`${description} An absolute address.`, marks), pattern: URL_PATTERN });

export const date = (description: string) =>
  Type.String({
    ...options(`${description} Date, time and zone, such as 2026-11-21T18:30+01:00.`, { value: "APL108" }),
    pattern: DATE_PATTERN,
    [KIND]: "date" satisfies TextKind,
  });

export const colour = (description: string) =>
  Type.String({
    ...options(`${description} Written rgb(r, g, b).`, { value: "APL107" }),
    pattern: COLOUR_PATTERN,
    [KIND]: "colour" satisfies TextKind,
  });

export const number = (description: string, marks?: Marks, more?: Parameters<typeof Type.Number>[0]) =>
  Type.Number({ ...options(description, marks), ...more });

export const integer = (description: string, marks?: Marks, more?: Parameters<typeof Type.Integer>[0]) =>
  Type.Integer({ ...options(description, marks), ...more });

export const flag = (description: string) => Type.Boolean(options(description));

/** One of Apple's constants. */
export const oneOf = <const T extends readonly string[]>(values: T, description: string, marks?: Marks) =>
  Type.Union(
    values.map((value) => Type.Literal(value as T[number])),
    options(description, marks),
  );

/** `Left`, `Right` → `PKTextAlignmentLeft`, `PKTextAlignmentRight`. */
export const constants = <const P extends string, const T extends readonly string[]>(prefix: P, names: T) =>
  names.map((name) => `${prefix}${name}`) as { [K in keyof T]: `${P}${T[K]}` };

export const list = <T extends TSchema>(
  items: T,
  description: string,
  marks?: Marks,
  more?: Parameters<typeof Type.Array>[1],
) => Type.Array(items, { ...options(description, marks), ...more });

/** The same schema with a text of its own. */
export const described = <T extends TSchema>(schema: T, description: string): T => ({ ...schema, description });

/**
 * An object in which any other key is a mistake: Wallet ignores it without a word. One with a title is written once in
 * JSON Schema, however often it is used.
 */
export const dictionary = <T extends TProperties>(
  properties: T,
  description: string,
  marks?: Marks,
  title?: string,
): TObject<T> =>
  Type.Object(properties, {
    ...options(description, marks),
    ...(title === undefined ? {} : { title }),
    additionalProperties: false,
  });

/** The same properties, none of them required. */
export const optional = <T extends TProperties>(properties: T) => Type.Partial(Type.Object(properties)).properties;

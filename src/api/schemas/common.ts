import { type TSchema, Type } from "@sinclair/typebox";

export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** ISO 8601 in UTC, with milliseconds. */
export const Time = Type.String({
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$",
  description: "ISO 8601 in UTC.",
});

export const Url = Type.String({ pattern: "^https?://" });

/** No other keys than those named. */
export const strict = { additionalProperties: false };

export const Empty = Type.Object({}, { ...strict, $id: "Empty", description: "Nothing is left to say." });

/** Newline-delimited JSON: a text of which each line is of the schema's form. */
export const jsonLines = (line: TSchema) =>
  Type.String({ description: "An object on each line.", contentMediaType: "application/json", contentSchema: line });

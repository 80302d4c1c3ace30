import type { TSchema } from "@sinclair/typebox";
import { Value, type ValueError } from "@sinclair/typebox/value";
import { didYouMean } from "./did-you-mean.ts";
import type { Problem } from "./errors.ts";

/** What keeps an input from having its schema's form, one problem for each place, in words for whoever wrote it. */
export function schemaProblems(schema: TSchema, input: unknown): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const error of Value.Errors(schema, input)) {
    const path = error.path.slice(1).replaceAll("/", ".");
    if (!byPath.has(path)) byPath.set(path, { path, message: explain(error, path) });
  }
  return [...byPath.values()];
}

function explain({ schema, message }: ValueError, path: string): string {
  const choices: unknown = schema["anyOf"];
  if (Array.isArray(choices)) {
    const isList = choices.every((choice) => typeof choice?.const === "string");
    return isList
      ? `must be one of ${choices.map((choice) => choice.const).join(", ")}`
      : `must be ${choices.map((choice) => choice.type).join(" or ")}`;
  }
  if (message === "Unexpected property") {
    return schema["patternProperties"]
      ? "is not a usable field name: letters, digits, dot, hyphen and underscore"
      : `is not known here${didYouMean(path.split(".").at(-1) ?? path, Object.keys(schema["properties"] ?? {}))}`;
  }
  if (message === "Expected required property") return "is missing";
  return message.replace(/^Expected/, "must be").replace("must be string to match", "must match");
}

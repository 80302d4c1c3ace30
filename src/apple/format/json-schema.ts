import type { TSchema } from "@sinclair/typebox";
import { PRIVATE_KEYWORDS } from "./schema.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

type JsonObject = { [key: string]: Json };

/**
 * The schema as plain JSON Schema (draft 7), with enumerations as editors know them. What has a title stands among the
 * definitions once: written out, the semantic tags of every field of every style would fill megabytes.
 */
export function toJsonSchema(schema: TSchema): JsonObject {
  const plain: Json = JSON.parse(JSON.stringify(schema));
  const definitions: JsonObject = {};
  const cleaned = clean(plain, definitions);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    ...(isRecord(cleaned) ? cleaned : {}),
    ...(Object.keys(definitions).length > 0 ? { definitions } : {}),
  };
}

function clean(node: Json, definitions: JsonObject): Json {
  if (Array.isArray(node)) return node.map((item) => clean(item, definitions));
  if (!isRecord(node)) return node;
  const { title } = node;
  if (typeof title !== "string") return keywords(node, definitions);
  definitions[title] ??= keywords(node, definitions);
  return { $ref: `#/definitions/${title}` };
}

function keywords(node: JsonObject, definitions: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(node)) {
    if (PRIVATE_KEYWORDS.includes(key)) continue;
    // Names of properties are not keywords.
    if ((key === "properties" || key === "patternProperties") && isRecord(value)) {
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, property]) => [name, clean(property, definitions)]),
      );
    } else if (key === "anyOf" && Array.isArray(value)) {
      Object.assign(result, alternatives(value, definitions));
    } else {
      result[key] = clean(value, definitions);
    }
  }
  return result;
}

/** `anyOf` of constants is `enum`, which editors complete and explain better. */
function alternatives(choices: readonly Json[], definitions: JsonObject): JsonObject {
  const values = choices.map((choice) => (isRecord(choice) ? choice["const"] : undefined));
  return values.every((value) => value !== undefined)
    ? { enum: values }
    : { anyOf: choices.map((choice) => clean(choice, definitions)) };
}

const isRecord = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

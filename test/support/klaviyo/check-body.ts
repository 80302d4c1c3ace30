import type { Static, TSchema } from "@sinclair/typebox";
import { Value, type ValueError, ValueErrorType } from "@sinclair/typebox/value";
import { invalid, type Problem } from "./errors.ts";

/** The resource a field belongs to, named as Klaviyo names it: the `type` of the innermost resource around the field. */
function resourceAt(body: unknown, segments: readonly string[]): string {
  let resource = "payload";
  let current = body;
  for (const segment of segments) {
    if (typeof current !== "object" || current === null) break;
    const record = current as Readonly<Record<string, unknown>>;
    if (typeof record["type"] === "string") resource = record["type"];
    current = record[segment];
  }
  return resource;
}

function detailOf(body: unknown, error: ValueError): string {
  const segments = error.path.split("/").slice(1);
  const field = (segments.at(-1) ?? "data").replaceAll("~1", "/").replaceAll("~0", "~");
  const resource = resourceAt(body, segments);
  switch (error.type) {
    // Wording seen in klaviyo-api-node #67.
    case ValueErrorType.ObjectAdditionalProperties:
      return `'${field}' is not a valid field for the resource '${resource}'.`;
    case ValueErrorType.ObjectRequiredProperty:
      return `'${field}' is a required field for the resource '${resource}'.`;
    default:
      return `'${field}' is not valid: ${error.message.toLowerCase()}.`;
  }
}

/** Checks a body against a closed schema; one error per field, like Klaviyo's. */
export function checkBody<T extends TSchema>(schema: T, body: unknown): Static<T> {
  const problems = new Map<string, Problem>();
  for (const error of Value.Errors(schema, body)) {
    const pointer = error.path === "" ? "/data" : error.path;
    if (!problems.has(pointer)) problems.set(pointer, { pointer, detail: detailOf(body, error) });
  }
  if (problems.size > 0) throw invalid(...problems.values());
  return body as Static<T>;
}

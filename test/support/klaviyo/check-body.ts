import type { Static, TSchema } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import { type ValueError, ValueErrorType } from "@sinclair/typebox/value";
import { invalid, type Problem } from "./errors.ts";
import type { Call } from "./operation.ts";

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

function checkOf(schema: TSchema): TypeCheck<TSchema> {
  const check = compiled.get(schema) ?? TypeCompiler.Compile(schema);
  compiled.set(schema, check);
  return check;
}

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

/** Of a union's alternatives the one that was meant: whose shape fits, and whose `type` if it has one. */
function innermost(error: ValueError): readonly ValueError[] {
  if (error.type !== ValueErrorType.Union) return [error];
  const meant = error.errors
    .map((alternative) => [...alternative].flatMap(innermost))
    .find((problems) => problems.every(({ path }) => path !== error.path && path !== `${error.path}/type`));
  return meant ?? [error];
}

/** Checks a body against a closed schema; one error per field, like Klaviyo's. */
export function checkBody<T extends TSchema>(schema: T, body: unknown): Static<T> {
  const check = checkOf(schema);
  if (check.Check(body)) return body;
  const problems = new Map<string, Problem>();
  for (const error of [...check.Errors(body)].flatMap(innermost)) {
    const pointer = error.path === "" ? "/data" : error.path;
    if (!problems.has(pointer)) problems.set(pointer, { pointer, detail: detailOf(body, error) });
  }
  throw invalid(...problems.values());
}

/** On PATCH the body repeats the id of the path. */
export function checkPathId({ params, body }: Call<{ readonly data: { readonly id: string } }>): void {
  if (body.data.id === params["id"]) return;
  throw invalid({ pointer: "/data/id", detail: "The id in the payload does not match the id in the path." });
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/*
 * Klaviyo's OpenAPI document and recorded answers live beside the repository, not in it; where they are absent there is
 * nothing to compare with.
 */
const REFERENCE = join(import.meta.dir, "../../../../shared/reference/klaviyo");

export type Json = { readonly [key: string]: Json };

export const hasReference = existsSync(join(REFERENCE, "openapi"));

export function readReference(path: string): Json {
  return JSON.parse(readFileSync(join(REFERENCE, path), "utf8"));
}

/** One operation as Klaviyo documents it. */
export interface OfficialOperation {
  readonly method: string;
  readonly path: string;
  readonly burst: string;
  readonly steady: string;
  readonly scopes: readonly string[];
  /** Names of the query parameters. */
  readonly query: readonly string[];
  /** Undefined where there is no body. */
  readonly body: Json | undefined;
  readonly components: Json;
}

export function officialOperation(operationId: string): OfficialOperation {
  const document = readReference(`openapi/${operationId}.json`);
  for (const [path, methods] of Object.entries(document["paths"] ?? {})) {
    for (const [method, operation] of Object.entries(methods)) {
      if (String(operation["operationId"]) !== operationId) continue;
      const parameters = Object.values(operation["parameters"] ?? {});
      return {
        method: method.toUpperCase(),
        path,
        burst: String(operation["x-klaviyo-ratelimit"]?.["burst"]),
        steady: String(operation["x-klaviyo-ratelimit"]?.["steady"]),
        scopes: Object.values(operation["x-klaviyo-scopes"] ?? {}).map(String),
        query: parameters.filter((one) => String(one["in"]) === "query").map((one) => String(one["name"])),
        body: operation["requestBody"]?.["content"]?.["application/vnd.api+json"]?.["schema"],
        components: document["components"]?.["schemas"] ?? {},
      };
    }
  }
  throw new Error(`${operationId} is not in its document.`);
}

/**
 * Whether a value fits a schema of the document, read as Klaviyo enforces it: `nullable` admits null, and an object that
 * declares properties has no others.
 */
export function fitsOfficial(schema: Json, components: Json, value: unknown): boolean {
  const reference = schema["$ref"];
  if (reference !== undefined) {
    return fitsOfficial(components[String(reference).split("/").at(-1) ?? ""] ?? {}, components, value);
  }
  if (value === null) return Boolean(schema["nullable"]);
  const alternatives = schema["oneOf"] ?? schema["anyOf"];
  if (alternatives !== undefined) {
    return Object.values(alternatives).some((alternative) => fitsOfficial(alternative, components, value));
  }
  const allowed = schema["enum"];
  if (allowed !== undefined && !Object.values(allowed).map(String).includes(String(value))) return false;
  switch (String(schema["type"])) {
    case "array":
      return Array.isArray(value) && value.every((item) => fitsOfficial(schema["items"] ?? {}, components, item));
    case "object":
      return fitsObject(schema, components, value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === String(schema["type"]);
  }
}

function fitsObject(schema: Json, components: Json, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const declared = schema["properties"];
  if (declared === undefined) return true;
  const required = Object.values(schema["required"] ?? {}).map(String);
  return (
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, inner]) => {
      const property = declared[name];
      return property !== undefined && fitsOfficial(property, components, inner);
    })
  );
}

/** Names of the fields that a schema declares, at every depth, as `/data/attributes/…` paths. */
export function declaredFields(schema: Json, components: Json, path = ""): readonly string[] {
  const reference = schema["$ref"];
  const target = typeof reference === "string" ? components[String(reference).split("/").at(-1) ?? ""] : schema;
  if (target === undefined) return [];
  const alternatives = Object.values(target["anyOf"] ?? target["oneOf"] ?? {});
  const fields = Object.entries(target["properties"] ?? {}).flatMap(([name, field]) => [
    `${path}/${name}`,
    ...declaredFields(field, components, `${path}/${name}`),
  ]);
  const items = target["items"] === undefined ? [] : declaredFields(target["items"], components, `${path}/*`);
  return [...fields, ...items, ...alternatives.flatMap((alternative) => declaredFields(alternative, components, path))];
}

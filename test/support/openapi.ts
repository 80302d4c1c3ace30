import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import type { JsonSchema } from "../../src/api/openapi/json-schema.ts";
import type { OpenApiDocument, OperationObject, ResponseObject } from "../../src/api/openapi/openapi-object.ts";
import type { TestApp } from "./app.ts";

/** An operation of the document, with what is shared between operations in its place. */
export interface KnownOperation {
  readonly id: string;
  /** As HTTP has it. */
  readonly method: string;
  readonly path: string;
  readonly operation: OperationObject;
  readonly responses: readonly (ResponseObject & { readonly status: number })[];
}

export interface KnownDocument {
  readonly document: OpenApiDocument;
  readonly operations: readonly KnownOperation[];
  /** What keeps a value from having a schema of the document; nothing where it has. */
  problemsOf(schema: JsonSchema | undefined, value: unknown): string[];
}

/** The document as the server gives it. */
export async function readDocument(shop: TestApp): Promise<KnownDocument> {
  const response = await shop.request("/docs/openapi.json");
  const document = (await response.json()) as OpenApiDocument;
  const { paths, components } = document;
  const shared = (ref: string) => components.responses[ref.split("/").at(-1) ?? ""] ?? { description: "", content: {} };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      operation,
      responses: Object.entries(operation.responses).map(([status, response]) => ({
        status: Number(status),
        ...("$ref" in response ? shared(response.$ref) : response),
      })),
    })),
  );
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false });
  ajv.addKeyword("components");
  const validators = new Map<JsonSchema, ValidateFunction>();

  /** References lead into the document, so the schema is judged as if it stood there. */
  function validatorOf(schema: JsonSchema): ValidateFunction {
    const validator = validators.get(schema) ?? ajv.compile({ ...schema, components });
    validators.set(schema, validator);
    return validator;
  }

  function problemsOf(schema: JsonSchema = {}, value: unknown): string[] {
    const { contentSchema } = schema;
    if (contentSchema !== undefined && typeof value === "string") {
      return jsonLines(value).flatMap((line) => problemsOf(contentSchema, line));
    }
    const validate = validatorOf(schema);
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
  }

  return { document, operations, problemsOf };
}

/** What stands on each line that holds something. */
export const jsonLines = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

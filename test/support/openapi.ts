import Ajv2020, { type AnySchema } from "ajv/dist/2020.js";
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
  return {
    document,
    operations,
    problemsOf(schema = {}, value) {
      // References lead into the document, so the schema is judged as if it stood there.
      const check = (part: JsonSchema, value: unknown): string[] => {
        const validate = ajv.compile({ ...part, components } as AnySchema);
        validate(value);
        return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || "/"} ${message}`);
      };
      const { contentSchema } = schema;
      if (contentSchema === undefined || typeof value !== "string") return check(schema, value);
      return jsonLines(value).flatMap((line) => check(contentSchema, line));
    },
  };
}

export const jsonLines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

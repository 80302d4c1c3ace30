import { type JsonSchema, SCHEMAS } from "../../api/openapi/json-schema.ts";
import type { OpenApiDocument, OperationObject, ResponseObject } from "../../api/openapi/openapi-object.ts";

/** An operation as its part of the page needs it. */
export interface ReadOperation {
  readonly operation: OperationObject;
  /** In upper case. */
  readonly method: string;
  readonly path: string;
  /** Absolute address of the server. */
  readonly server: string;
  readonly responses: readonly ReadResponse[];
}

export interface ReadResponse extends ResponseObject {
  readonly status: number;
}

/** A group of operations, in the order in which a reader wants them. */
export interface ReadGroup {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly ReadOperation[];
}

const METHODS = ["get", "patch", "put", "post", "delete"];

/** The operations of a document by their groups, with what they share in its place. */
export function readGroups({ paths, tags, servers, components }: OpenApiDocument): ReadGroup[] {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): ReadOperation[] => {
      const operation = item[method];
      if (!operation) return [];
      const responses = Object.entries(operation.responses).flatMap(([status, response]): ReadResponse[] => {
        const actual = "$ref" in response ? components.responses[nameIn(response.$ref)] : response;
        return actual ? [{ status: Number(status), ...actual }] : [];
      });
      return [{ operation, method: method.toUpperCase(), path, server: servers[0]?.url ?? "", responses }];
    }),
  );
  return tags.map(({ name, description }) => ({
    ...{ name, description },
    operations: operations.filter(({ operation }) => operation.tags.includes(name)),
  }));
}

/** Name of the shared schema that is meant; nothing where the schema stands in its place. */
export const nameOf = ({ $ref }: JsonSchema): string | undefined =>
  $ref?.startsWith(SCHEMAS) ? nameIn($ref) : undefined;

const nameIn = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

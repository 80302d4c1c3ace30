import type { TSchema } from "@sinclair/typebox";
import type { Permission } from "../../accounts/permission.ts";
import type { Problem } from "../../errors.ts";
import type { Tag } from "./guide.ts";

/** A value of the path, the query or the headers; `example` is what the examples of the operation send. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description: string;
  readonly schema: TSchema;
  readonly example?: string | number;
  /** Default: only what stands in the path. */
  readonly required?: boolean;
}

export interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/** A body that a call cannot do without. */
export interface RequestBody {
  /** Default: `application/json`. */
  readonly mediaType?: string;
  readonly schema: TSchema;
  /** By a name of their own. */
  readonly examples: Readonly<Record<string, Example>>;
}

export interface Answer {
  /** Default: 200. */
  readonly status?: number;
  readonly description: string;
  /** Default: `application/json`. */
  readonly mediaType?: string;
  readonly schema: TSchema;
  readonly example: unknown;
}

/** A failure that an operation is known to answer with. */
export interface Refusal {
  readonly status: number;
  /** `code` of the answer. */
  readonly code: string;
  readonly when: string;
  /** `error` of the example. */
  readonly error: string;
  readonly details?: readonly Problem[];
  /** Name among the document's shared responses; nothing where it is the operation's own. */
  readonly component?: string;
}

/** What the reference says of a route. Texts are CommonMark: paragraphs, lists, `code`, **bold** and links. */
export interface Operation {
  /** What generated clients call it. */
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description: string;
  /** What its key must be allowed; nothing where it needs no key. */
  readonly permission?: Permission;
  readonly parameters?: readonly Parameter[];
  /** One, or one for each media type. */
  readonly body?: RequestBody | readonly RequestBody[];
  /** Several of one status differ in their media type. */
  readonly answers: readonly Answer[];
  /** Those of this operation; what every call may be refused for is added (`refusal.ts`). */
  readonly refusals?: readonly Refusal[];
}

/**
 * The options of a route, with what the reference says of it. Bodies are read by hand (`parse: "none"`), because
 * whoever sends them is not always a program.
 */
export function documented(operation: Operation) {
  // Elysia expects an operation of OpenAPI 3.0 here; `document.ts` makes one of 3.1.
  const detail: object = operation;
  return { parse: "none", detail } as const;
}

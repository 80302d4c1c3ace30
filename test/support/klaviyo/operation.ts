import type { Static, TSchema } from "@sinclair/typebox";
import type { Account } from "./account.ts";
import type { RateLimits } from "./rate-windows.ts";
import type { Scope } from "./scopes.ts";

/** One request that has passed the checks common to all operations. */
export interface Call<Body = unknown> {
  /** Address of the fake, so that the links in its answers lead back to it. */
  readonly origin: string;
  /** Path and query as requested. */
  readonly target: string;
  /** Values of the `{…}` parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Fits the operation's schema; undefined on GET. */
  readonly body: Body;
}

export interface Result {
  readonly status: number;
  /** Absent = an empty answer. */
  readonly body?: unknown;
}

/** One row of the route table; named as in Klaviyo's OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly limits: RateLimits;
  readonly scopes: readonly Scope[];
  /** Names of the query parameters it knows; none when absent. */
  readonly query?: readonly string[];
  readonly body?: TSchema;
  /** The operation's own limit on the body, below the general one. */
  readonly maxBodyBytes?: number;
  handle(call: Call, account: Account): Result;
}

/** An operation whose handler sees the body as its schema describes it. */
export function operation<B extends TSchema>(
  definition: Omit<Operation, "body" | "handle"> & {
    readonly body: B;
    handle(call: Call<Static<B>>, account: Account): Result;
  },
): Operation {
  return { ...definition, handle: (call, account) => definition.handle(call as Call<Static<B>>, account) };
}

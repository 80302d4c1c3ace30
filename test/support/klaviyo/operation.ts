import type { EventStore } from "./event-store.ts";
import type { Ids } from "./ids.ts";
import type { ProfileStore } from "./profile-store.ts";
import type { RateLimits } from "./rate-windows.ts";

/** What GET /api/accounts tells about the account. */
export interface AccountFacts {
  readonly id: string;
  readonly organization_name: string;
  readonly timezone: string;
  readonly preferred_currency: string;
  readonly locale: string;
  readonly public_api_key: string;
  readonly test_account: boolean;
}

/** Everything the operations share; an operation that needs more state adds its store here. */
export interface Account {
  readonly facts: AccountFacts;
  readonly profiles: ProfileStore;
  readonly events: EventStore;
  readonly ids: Ids;
  readonly now: () => number;
}

/** One request that has passed the checks common to all operations. */
export interface Call {
  /** Address of the fake, so that the links in its answers lead back to it. */
  readonly origin: string;
  /** Path and query as requested. */
  readonly target: string;
  /** Values of the `{…}` parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON, undefined on GET. */
  readonly body: unknown;
}

export interface Result {
  readonly status: number;
  /** Absent = an empty answer. */
  readonly body?: unknown;
}

/** One row of the route table; named as in Klaviyo's OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly limits: RateLimits;
  /** The operation's own limit on the body, below the general one. */
  readonly maxBodyBytes?: number;
  handle(call: Call, account: Account): Result;
}

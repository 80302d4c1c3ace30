import type { Problem } from "../../errors.ts";
import type { Operation, Refusal } from "./operation.ts";

export const invalid = (when: string, error: string, details?: readonly Problem[]): Refusal => ({
  ...{ status: 400, code: "INVALID", when, error },
  ...(details && { details }),
});

export const notFound = (when: string, error: string): Refusal => ({ status: 404, code: "NOT_FOUND", when, error });

export const conflict = (code: string, when: string, error: string): Refusal => ({ status: 409, code, when, error });

const UNAUTHORIZED: Refusal = {
  component: "Unauthorized",
  status: 401,
  code: "UNAUTHORIZED",
  when: "The key or the account is missing, unknown or another's, or the key was revoked or has ended.",
  error: "The API key or the account id is wrong (headers X-API-KEY and X-ACCOUNT-ID).",
};

const FORBIDDEN: Refusal = {
  component: "Forbidden",
  status: 403,
  code: "FORBIDDEN",
  when: "The scope of the key does not allow this call.",
  error: 'This API key may not do that: its scope is "read".',
};

const UNREADABLE: Refusal = {
  ...{ component: "Unreadable", status: 400, code: "INVALID" },
  when: "The call has a body that is no text. It needs none.",
  error: "The body is not UTF-8 text.",
};

const TOO_LARGE: Refusal = {
  ...{ component: "TooLarge", status: 413, code: "TOO_LARGE" },
  when: "The body has more than 64 KB.",
  error: "The body is larger than 64 KB.",
};

const RATE_LIMITED: Refusal = {
  ...{ component: "RateLimited", status: 429, code: "RATE_LIMITED" },
  when: "The key has used up its rate, or too many wrong keys came from this address. Try again after `Retry-After` seconds.",
  error: "Too many requests. Try again shortly.",
};

const INTERNAL: Refusal = {
  ...{ component: "Internal", status: 500, code: "INTERNAL" },
  when: "A fault of the server. Its log says which; the call may be sent again.",
  error: "Something went wrong here; it was logged. Try again.",
};

const UNAVAILABLE: Refusal = {
  ...{ component: "Unavailable", status: 503, code: "UNAVAILABLE" },
  when: "The server is shutting down, its disk is full, or too much waits for it. Try again after `Retry-After` seconds.",
  error: "The server is shutting down. Try again shortly.",
};

/** All that a call may be refused for: what is its own, and what it has in common with others, in order of status. */
export function refusalsOf(method: string, { permission, refusals = [] }: Operation): Refusal[] {
  if (permission === undefined) return [...refusals];
  const has = (status: number) => refusals.some((refusal) => refusal.status === status);
  const sendsBody = method !== "GET";
  const all = [
    ...refusals,
    UNAUTHORIZED,
    ...(permission === "read" ? [] : [FORBIDDEN]),
    ...(sendsBody && !has(400) ? [UNREADABLE] : []),
    ...(sendsBody && !has(413) ? [TOO_LARGE] : []),
    RATE_LIMITED,
    INTERNAL,
    UNAVAILABLE,
  ];
  return all.sort((a, b) => a.status - b.status);
}

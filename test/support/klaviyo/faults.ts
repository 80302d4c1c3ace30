import type { Account } from "./account.ts";
import { type Answer, errorAnswer } from "./api.ts";
import {
  type ApiError,
  authenticationFailed,
  duplicateProfile,
  invalid,
  notFound,
  permissionDenied,
  serverError,
  throttled,
  tooLarge,
  unsupportedMediaType,
} from "./errors.ts";

/** Answers instead of the API: nothing is validated, nothing is applied unless `isApplied`. */
export type StatusFault = {
  readonly status: number;
  /** The write is done all the same, as when a proxy gives up waiting for the answer. */
  readonly isApplied?: boolean;
  /** One second for a 429 that does not say; null for none. */
  readonly retryAfterSeconds?: number | null;
  readonly body?: string;
  /** An error page of a proxy in the place of Klaviyo's envelope. */
  readonly html?: boolean;
};
/**
 * What goes wrong on the way. `reset-before` and `hang` lose the request, so nothing is applied. The others lose the
 * answer, so the write is applied: `reset-after` closes the connection instead of answering, `truncated` closes it in
 * the middle, `not-json` keeps the status and spoils the body, `slow` holds the answer until its promise is settled (one
 * that never is = a hang after the write).
 */
export type TransportFault =
  | { readonly kind: "reset-before" | "reset-after" | "hang" | "truncated" | "not-json" }
  | { readonly kind: "slow"; readonly until: () => Promise<unknown> };
export type Fault = StatusFault | TransportFault;

function errorOf(status: number, retryAfterSeconds: number | null): ApiError {
  switch (status) {
    case 400:
      return invalid({ pointer: "/data", detail: "The payload provided in the request is invalid." });
    case 401:
      return authenticationFailed();
    case 403:
      return permissionDenied();
    case 404:
      return notFound("Not found.");
    case 409:
      return duplicateProfile();
    case 413:
      return tooLarge(5_000_000);
    case 415:
      return unsupportedMediaType("application/vnd.api+json");
    case 429:
      return throttled(retryAfterSeconds ?? 1);
    default:
      return serverError(status);
  }
}

const JSON_API = { "content-type": "application/vnd.api+json" };
const HTML = { "content-type": "text/html" };

/** Answers of a fault carry no `ratelimit-*`: recorded for 429 and 401, and a proxy would not know them. */
export function faultAnswer(fault: StatusFault, account: Account): Answer {
  const { status, body, html = false } = fault;
  const { retryAfterSeconds: seconds = status === 429 ? 1 : null } = fault;
  const retryAfter: Readonly<Record<string, string>> = seconds === null ? {} : { "retry-after": String(seconds) };
  if (body !== undefined) return { status, headers: { ...(html ? HTML : JSON_API), ...retryAfter }, body };
  if (html) {
    const page = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>\n`;
    return { status, headers: { ...HTML, ...retryAfter }, body: page };
  }
  return errorAnswer(errorOf(status, seconds), account, retryAfter);
}

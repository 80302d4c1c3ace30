import type { Ids } from "./ids.ts";

/**
 * Klaviyo's error envelope. `links` and `meta` are present on 400, 409 and 429 and absent on 401, 403 `permission_denied`,
 * 404 and 500, as recorded from a real account.
 */
export interface ErrorItem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly source: { readonly pointer: string } | { readonly parameter: string };
  readonly links?: Readonly<Record<string, string>>;
  readonly meta?: Readonly<Record<string, string>>;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly items: readonly ErrorItem[],
  ) {
    super(items.map((item) => item.detail).join(" "));
  }

  envelope(ids: Ids): unknown {
    return { errors: this.items.map((item) => ({ id: ids.uuid(), ...item })) };
  }
}

function single(item: ErrorItem): ApiError {
  return new ApiError(item.status, [item]);
}

export interface Problem {
  readonly pointer: string;
  readonly detail: string;
}

export function invalid(...problems: readonly Problem[]): ApiError {
  const items = problems.map(({ pointer, detail }) => ({
    status: 400,
    code: "invalid",
    title: "Invalid input.",
    detail,
    source: { pointer },
    links: {},
    meta: {},
  }));
  return new ApiError(400, items);
}

export function invalidParameter(parameter: string, detail: string): ApiError {
  return single({
    status: 400,
    code: "invalid",
    title: "Invalid input.",
    detail,
    source: { parameter },
    links: {},
    meta: {},
  });
}

export function authenticationFailed(): ApiError {
  const detail = "Incorrect authentication credentials.";
  return single({
    status: 401,
    code: "authentication_failed",
    title: detail,
    detail,
    source: { pointer: "/data/" },
  });
}

export function notAuthenticated(): ApiError {
  const detail = "Authentication credentials were not provided.";
  return single({ status: 401, code: "not_authenticated", title: detail, detail, source: { pointer: "/data/" } });
}

export function permissionDenied(): ApiError {
  const detail = "You do not have permission to perform this action.";
  return single({ status: 403, code: "permission_denied", title: detail, detail, source: { pointer: "/data/" } });
}

/** Recorded on an account that has not bought custom objects. */
export function noEntitlement(): ApiError {
  const detail = "Entitlement to create object type not found.";
  const source = { pointer: "/data" };
  return single({ status: 403, code: "forbidden", title: "Forbidden.", detail, source, links: {}, meta: {} });
}

export function notFound(detail: string): ApiError {
  return single({ status: 404, code: "not_found", title: "Not found.", detail, source: { pointer: "/data/" } });
}

export function profileNotFound(id: string): ApiError {
  return notFound(`A profile with id ${id} does not exist.`);
}

export function duplicateProfile(duplicateProfileId?: string): ApiError {
  return single({
    status: 409,
    code: "duplicate_profile",
    title: "Conflict.",
    detail: "A profile already exists with one of these identifiers.",
    source: { pointer: "/data/attributes" },
    links: {},
    meta: duplicateProfileId === undefined ? {} : { duplicate_profile_id: duplicateProfileId },
  });
}

/** Klaviyo publishes no code for 413 and 415; these are the names of the framework its other codes come from. */
export function unsupportedMediaType(mediaType: string): ApiError {
  return single({
    status: 415,
    code: "unsupported_media_type",
    title: "Unsupported media type.",
    detail: `Unsupported media type "${mediaType}" in request.`,
    source: { pointer: "/data" },
  });
}

export function tooLarge(maxBytes: number): ApiError {
  return single({
    status: 413,
    code: "payload_too_large",
    title: "Payload too large.",
    detail: `The request body must not exceed ${maxBytes} bytes.`,
    source: { pointer: "/data" },
  });
}

export function throttled(retryAfterSeconds: number): ApiError {
  return single({
    status: 429,
    code: "throttled",
    title: "Request was throttled.",
    detail: `Request was throttled. Expected available in ${retryAfterSeconds} second${retryAfterSeconds === 1 ? "" : "s"}.`,
    source: { pointer: "/data" },
    links: { type: "https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling#rate-limits" },
    meta: {},
  });
}

export function serverError(status = 500, detail = "A server error occurred."): ApiError {
  return single({
    status,
    code: "error",
    title: "A server error occurred.",
    detail,
    source: { pointer: "/data/" },
  });
}

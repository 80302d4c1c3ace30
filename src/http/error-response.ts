import { AppError, type ErrorCode } from "../errors.ts";

/** The one table from what went wrong to what HTTP says. Klaviyo retries only 429, 500, 502 and 503. */
const STATUS: Record<ErrorCode, number> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  not_implemented: 501,
  unavailable: 503,
};

const DEFAULT_RETRY_AFTER_MS = 5_000;

export const statusOfError = (error: unknown): number => STATUS[error instanceof AppError ? error.code : "internal"];

/**
 * The answer to a failed request. `error` is a plain string, because PassNinja's clients decode it as one; the text of
 * an unknown error stays inside.
 */
export function errorResponse(error: unknown): Response {
  const known = error instanceof AppError && error.code !== "internal" ? error : undefined;
  const status = statusOfError(error);
  const text = known ? textOf(known) : "Something went wrong here; it was logged. Try again.";
  const body = {
    error: text,
    message: text,
    msg: text,
    code: known?.reason ?? (known?.code ?? "internal").toUpperCase(),
    ...(known && known.details.length > 0 ? { details: known.details } : {}),
  };
  const headers = new Headers({ "content-type": "application/json; charset=utf-8" });
  if (status === 429 || status === 503) {
    headers.set("retry-after", String(Math.max(1, Math.ceil((known?.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS) / 1000))));
  }
  return new Response(JSON.stringify(body), { status, headers });
}

/** A message that ends in a colon goes on with its problems: some clients show nothing but this text. */
function textOf({ message, details }: AppError): string {
  if (!message.endsWith(":")) return message;
  return `${message} ${details.map(({ path, message }) => `${path} ${message}`).join("; ")}`;
}

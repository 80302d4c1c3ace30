/** Any page may call the API: a key opens it, never a cookie. */
const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after" };

const PREFLIGHT = {
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers": "x-api-key, x-account-id, content-type, authorization, idempotency-key",
  // Two hours: the most that Chromium keeps.
  "access-control-max-age": "7200",
};

export function addCorsHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(CORS)) headers.set(name, value);
}

/** The answer to a browser's question whether a page may make the call that it is about to make (Fetch, "CORS-preflight fetch"). */
export const preflightResponse = (): Response => new Response(null, { status: 204, headers: PREFLIGHT });

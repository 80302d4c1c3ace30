/** On every answer. Pages come from this server alone and run no script that is not a file of it. */
const HEADERS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  [
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  ],
  ["cross-origin-opener-policy", "same-origin"],
];

/** Adds what is missing; `https` also tells browsers to stay with it. */
export function addSecurityHeaders(headers: Headers, https: boolean): void {
  for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
  if (https) headers.set("strict-transport-security", "max-age=31536000");
}

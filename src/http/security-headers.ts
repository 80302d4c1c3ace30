import { createHash } from "node:crypto";

/**
 * What a page may load: files of this server alone. Rules for colours that differ from page to page stand in a style
 * element of the page, which is named by its hash: no other can come in.
 */
export function pagePolicy(ownStyle = ""): string {
  const hash = ownStyle === "" ? "" : ` 'sha256-${createHash("sha256").update(ownStyle).digest("base64")}'`;
  return `default-src 'none'; script-src 'self'; style-src 'self'${hash}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
}

/** On every answer. Pages come from this server alone and run no script that is not a file of it. */
const HEADERS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["content-security-policy", pagePolicy()],
  ["cross-origin-opener-policy", "same-origin"],
];

/** Adds what is missing; `https` also tells browsers to stay with it. */
export function addSecurityHeaders(headers: Headers, https: boolean): void {
  for (const [name, value] of HEADERS) if (!headers.has(name)) headers.set(name, value);
  if (https) headers.set("strict-transport-security", "max-age=31536000");
}

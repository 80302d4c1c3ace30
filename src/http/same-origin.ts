import { AppError } from "../errors.ts";

/**
 * Throws `forbidden` for a request that a page of another site made (cross-site request forgery). Browsers say where a
 * request comes from in Sec-Fetch-Site, which no page can set; over plain http they only send Origin. What has neither
 * is no form of ours.
 */
export function assertSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin" || site === "none") return;
  if (site === null && hostOf(request.headers.get("origin")) === new URL(request.url).host) return;
  throw new AppError("forbidden", "This request did not come from a page of this server, so nothing was done.");
}

const hostOf = (origin: string | null): string | undefined =>
  origin !== null && URL.canParse(origin) ? new URL(origin).host : undefined;

import { AppError } from "../errors.ts";

/**
 * Throws `forbidden` for a request that a page of another site made (cross-site request forgery). Browsers say where a
 * request comes from in Sec-Fetch-Site, which no page can set; over plain http, and in old ones, there is only Origin,
 * which must name this server as it was asked or as `publicUrl` names it, since a proxy may ask in its own name. What has
 * neither is no form of ours.
 */
export function assertSameOrigin(request: Request, publicUrl: string): void {
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin" || site === "none") return;
  const origin = hostOf(request.headers.get("origin"));
  const own = [hostOf(request.url), hostOf(publicUrl)];
  if (site === null && origin !== undefined && own.includes(origin)) return;
  throw new AppError("forbidden", "This request did not come from a page of this server, so nothing was done.");
}

const hostOf = (url: string | null): string | undefined =>
  url !== null && URL.canParse(url) ? new URL(url).host : undefined;

import { Elysia } from "elysia";
import type { PassPackage, PassPackages } from "../apple/pass-packages.ts";
import { AppError } from "../errors.ts";
import { clientAddress } from "../http/client-address.ts";
import { errorResponse, statusOfError } from "../http/error-response.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { renderGonePage, renderLandingPage } from "../web/landing-page.tsx";
import { packageUrl, passUrl } from "./pass-url.ts";
import type { WalletLinks, WholePass } from "./wallet-link.ts";

export interface WalletLinkDependencies {
  readonly links: WalletLinks;
  readonly packages: PassPackages;
  /** Of unknown serial numbers, per address: guessing shall not be free. */
  readonly unknownSerials: RateLimit;
  readonly publicUrl: string;
}

/** The link is a secret that somebody holds: nobody may keep, index or pass on what it leads to. */
const PRIVATE = {
  "cache-control": "private, no-store",
  "x-robots-tag": "noindex",
  "referrer-policy": "no-referrer",
  vary: "Accept, User-Agent",
};
const PKPASS = "application/vnd.apple.pkpass";
const HTML = "text/html; charset=utf-8";

/** `/p/:serial` and `/p/:serial.pkpass`: the pass, or for a browser that cannot keep it a page that leads to it. */
export function walletLinkRoutes({ links, packages, unknownSerials, publicUrl }: WalletLinkDependencies) {
  async function answer(request: Request, name: string, peer: string | undefined): Promise<Response> {
    const serial = name.replace(/\.pkpass$/, "");
    const wantsPage = name === serial && isPageRequest(request);
    try {
      const whole = await links.follow(serial);
      const passPackage = await packages.of(whole);
      return wantsPage ? landingPage(whole, passPackage) : await packageResponse(request, whole, passPackage);
    } catch (error) {
      return refuse(error, clientAddress(request, peer), wantsPage);
    }
  }

  function landingPage({ pass }: WholePass, { development, passJson }: PassPackage): Response {
    const { organizationName, description } = passJson();
    const html = renderLandingPage({
      organization: String(organizationName),
      name: String(description),
      url: passUrl(publicUrl, pass.serial),
      packageUrl: packageUrl(publicUrl, pass.serial),
      development,
    });
    return new Response(html, { headers: { ...PRIVATE, "content-type": HTML } });
  }

  function refuse(error: unknown, address: string, wantsPage: boolean): Response {
    if (error instanceof AppError && error.code === "not_found") unknownSerials.take(address);
    const status = statusOfError(error);
    if (wantsPage && (status === 404 || status === 410)) {
      const html =
        status === 404
          ? renderGonePage(
              "This pass was not found",
              "The link may be incomplete. Open it again from the message it came in.",
            )
          : renderGonePage("This pass has ended", "It is no longer offered and can be removed from your wallet.");
      return new Response(html, { status, headers: { ...PRIVATE, "content-type": HTML } });
    }
    if (status === 500) throw error;
    const response = errorResponse(error);
    for (const [header, value] of Object.entries(PRIVATE)) response.headers.set(header, value);
    return response;
  }

  return new Elysia({ name: "wallet-links" }).get("/p/:name", ({ request, params, server }) =>
    answer(request, params.name, server?.requestIP(request)?.address),
  );
}

async function packageResponse(
  request: Request,
  { pass }: WholePass,
  { etag, lastModified, bytes }: PassPackage,
): Promise<Response> {
  const headers = { ...PRIVATE, etag, "last-modified": new Date(lastModified * 1000).toUTCString() };
  if (isUnchanged(request.headers, etag, lastModified)) return new Response(null, { status: 304, headers });
  const content = await bytes();
  return new Response(request.method === "HEAD" ? null : new Uint8Array(content), {
    headers: {
      ...headers,
      "content-type": PKPASS,
      "content-length": String(content.length),
      // Begins with the serial number's first characters only: file names travel further than links should.
      "content-disposition": `attachment; filename="pass-${pass.serial.slice(0, 6)}.pkpass"`,
    },
  });
}

/** `If-None-Match` decides where both are given (RFC 9110, section 13.2.2). */
function isUnchanged(headers: Headers, etag: string, lastModified: number): boolean {
  const tags = headers.get("if-none-match");
  if (tags !== null) return tags === "*" || tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  const since = Date.parse(headers.get("if-modified-since") ?? "");
  return !Number.isNaN(since) && lastModified * 1000 <= since;
}

/** A browser that is not on a device with Wallet. What does not ask for HTML wants the pass. */
function isPageRequest({ headers }: Request): boolean {
  if (!headers.get("accept")?.includes("text/html")) return false;
  return !/\b(iPhone|iPad|iPod|Apple ?Watch|watchOS)\b/.test(headers.get("user-agent") ?? "");
}

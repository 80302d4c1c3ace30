import { Elysia } from "elysia";
import type { PassPackage, PassPackages } from "../apple/pass-packages.ts";
import { AppError } from "../errors.ts";
import { clientAddress } from "../http/client-address.ts";
import { errorResponse, statusOfError } from "../http/error-response.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { renderGonePage, renderLandingPage } from "../web/landing-page.tsx";
import type { Bundles } from "./bundles.ts";
import { bundleResponse, PRIVATE, packageResponse } from "./package-response.ts";
import { packageUrl, passUrl } from "./pass-url.ts";
import type { WalletLinks } from "./wallet-link.ts";
import type { WholePass } from "./whole-pass.ts";

export interface WalletLinkDependencies {
  readonly links: WalletLinks;
  readonly packages: PassPackages;
  readonly bundles: Bundles;
  /** Of unknown serial numbers, per address: guessing shall not be free. */
  readonly unknownSerials: RateLimit;
  readonly publicUrl: string;
}

const HTML = "text/html; charset=utf-8";

/** `/p/:serial` and `/p/:serial.pkpass`: the pass, or for a browser that cannot keep it a page that leads to it. */
export function walletLinkRoutes({ links, packages, bundles, unknownSerials, publicUrl }: WalletLinkDependencies) {
  async function answer(request: Request, name: string, peer: string | undefined): Promise<Response> {
    const serial = name.replace(/\.pkpass$/, "");
    const wantsPage = name === serial && isPageRequest(request);
    try {
      const whole = await links.follow(serial);
      const passPackage = await packages.of(whole);
      return wantsPage ? landingPage(whole, passPackage) : await packageResponse(request, whole.pass, passPackage);
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

  async function bundle(request: Request, token: string, peer: string | undefined): Promise<Response> {
    try {
      return bundleResponse(request, await bundles.follow(token));
    } catch (error) {
      return refuse(error, clientAddress(request, peer), isPageRequest(request));
    }
  }

  return new Elysia({ name: "wallet-links" })
    .get("/p/bundles/:token", ({ request, params, server }) =>
      bundle(request, params.token, server?.requestIP(request)?.address),
    )
    .get("/p/:name", ({ request, params, server }) =>
      answer(request, params.name, server?.requestIP(request)?.address),
    );
}

/** A browser that is not on a device with Wallet. What does not ask for HTML wants the pass. */
function isPageRequest({ headers }: Request): boolean {
  if (!headers.get("accept")?.includes("text/html")) return false;
  return !/\b(iPhone|iPad|iPod|Apple ?Watch|watchOS)\b/.test(headers.get("user-agent") ?? "");
}

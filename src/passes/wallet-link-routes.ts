import { Elysia } from "elysia";
import type { PassPackages } from "../apple/pass-packages.ts";
import { AppError, type ErrorCode, messageOf } from "../errors.ts";
import { clientAddress } from "../http/client-address.ts";
import { errorResponse } from "../http/error-response.ts";
import type { RateLimit } from "../http/rate-limit.ts";
import { urlOf } from "../http/request-url.ts";
import type { Log } from "../log.ts";
import { acceptedLanguages } from "../web/landing/languages.ts";
import type { LandingHtml } from "../web/landing/page-frame.tsx";
import type { NoticeName } from "../web/landing/texts/landing-texts.ts";
import { asksForPage, isPerson, visitorOf } from "../web/landing/visitor.ts";
import type { Bundles } from "./bundles.ts";
import { bundleResponse, imageResponse, PRIVATE, packageResponse } from "./package-response.ts";
import type { WalletLinks } from "./wallet-link.ts";
import type { WalletLinkPages } from "./wallet-link-pages.ts";

export interface WalletLinkRouteDependencies {
  readonly log: Log;
  readonly links: WalletLinks;
  readonly packages: PassPackages;
  readonly bundles: Bundles;
  readonly pages: WalletLinkPages;
  /** Of unknown serial numbers, per address: guessing shall not be free. */
  readonly unknownSerials: RateLimit;
}

type Notices = Readonly<Record<ErrorCode, NoticeName>>;

const PASS_NOTICES: Notices = {
  not_found: "notFound",
  gone: "deleted",
  rate_limited: "busy",
  unavailable: "unavailable",
  invalid: "failed",
  unauthorized: "failed",
  forbidden: "failed",
  conflict: "failed",
  too_large: "failed",
  internal: "failed",
  not_implemented: "failed",
};
const BUNDLE_NOTICES: Notices = { ...PASS_NOTICES, not_found: "bundleNotFound", gone: "bundleOver" };

/**
 * `/p/:serial` and `/p/:serial.pkpass`: the pass, or for a browser that cannot keep it a page that leads to it;
 * `/p/bundles/:token`: several passes. Whatever goes wrong is a page for people and JSON for programs.
 */
export function walletLinkRoutes(deps: WalletLinkRouteDependencies) {
  const { log, links, packages, bundles, pages, unknownSerials } = deps;

  async function pass(request: Request, name: string): Promise<Response> {
    const { headers } = request;
    const serial = name.replace(/\.pkpass$/, "");
    const whole = await links.follow(serial);
    const wanted = languagesOf(request);
    const visitor = name === serial ? visitorOf(headers) : undefined;
    if (visitor?.kind === "robot") return page(pages.linkPreview(whole, wanted));
    const passPackage = await packages.of(whole);
    if (visitor && visitor.kind !== "taker") return page(pages.pass(whole, passPackage, visitor, wanted));
    if (visitor && asksForPage(headers) && pages.hasEnded(passPackage)) {
      return page(pages.pass(whole, passPackage, { kind: "iphone" }, wanted));
    }
    const response = await packageResponse(request, whole.pass, passPackage);
    if (response.status === 200 && isPerson(request)) links.noteFetched(whole.pass);
    return response;
  }

  async function bundle(request: Request, token: string): Promise<Response> {
    const { content, passes } = await bundles.follow(token);
    if (isPerson(request)) for (const each of passes) links.noteFetched(each);
    return bundleResponse(request, content);
  }

  async function image(serial: string, file: string): Promise<Response> {
    const { template } = await links.follow(serial);
    const bytes = template.images.get(file);
    if (!bytes) throw new AppError("not_found", "There is no such image.");
    return imageResponse(bytes);
  }

  function refuse(error: unknown, request: Request, peer: string | undefined, notices: Notices): Response {
    const reason = isOf(error, "not_found") ? guessed(error, clientAddress(request, peer)) : error;
    const isDefect = !(reason instanceof AppError) || reason.code === "internal";
    const forPerson = asksForPage(request.headers);
    if (isDefect && !forPerson) throw reason;
    if (isDefect) {
      log.error("A request failed unexpectedly.", { path: urlOf(request).pathname, error: messageOf(reason) });
    }
    const answer = errorResponse(reason);
    for (const [header, value] of Object.entries(PRIVATE)) answer.headers.set(header, value);
    if (!forPerson) return answer;
    const notice = pages.notice(notices[isDefect ? "internal" : reason.code], languagesOf(request));
    return page(notice, answer);
  }

  /** The error, or in its place that there were too many of them. */
  function guessed(error: unknown, address: string): unknown {
    try {
      unknownSerials.take(address);
      return error;
    } catch (tooMany) {
      return tooMany;
    }
  }

  const answer = (request: Request, peer: string | undefined, notices: Notices, response: Promise<Response>) =>
    response.catch((error: unknown) => refuse(error, request, peer, notices));

  return (
    new Elysia({ name: "wallet-links" })
      .get("/p/bundles/:token", ({ request, params, server }) =>
        answer(request, server?.requestIP(request)?.address, BUNDLE_NOTICES, bundle(request, params.token)),
      )
      .get("/p/:name", ({ request, params, server }) =>
        answer(request, server?.requestIP(request)?.address, PASS_NOTICES, pass(request, params.name)),
      )
      // The version is there for caches alone.
      .get("/p/:name/images/:version/*", ({ request, params, server }) =>
        answer(request, server?.requestIP(request)?.address, PASS_NOTICES, image(params.name, params["*"])),
      )
  );
}

const isOf = (error: unknown, code: ErrorCode): boolean => error instanceof AppError && error.code === code;

const languagesOf = ({ headers }: Request): string[] => acceptedLanguages(headers.get("accept-language"));

/** With status and `Retry-After` of another answer, where one is given. */
function page(
  { html, policy }: LandingHtml,
  { status, headers }: { status?: number; headers?: Headers } = {},
): Response {
  const retryAfter = headers?.get("retry-after");
  return new Response(html, {
    status: status ?? 200,
    headers: {
      ...PRIVATE,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      ...(retryAfter ? { "retry-after": retryAfter } : {}),
    },
  });
}

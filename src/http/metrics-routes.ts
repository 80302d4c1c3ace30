import { createHash, timingSafeEqual } from "node:crypto";
import { Elysia } from "elysia";
import { AppError } from "../errors.ts";
import { isPrivateHost } from "../private-host.ts";

export interface MetricsAccess {
  /** Where it is set, whoever has it may read, from anywhere, and nobody else. */
  readonly token: string | undefined;
  readonly publicUrl: string;
}

export interface MetricsRouteDependencies extends MetricsAccess {
  readonly metrics: { text(): Promise<string> };
}

/** `/metrics`: numbers for Prometheus. */
export function metricsRoutes({ metrics, ...access }: MetricsRouteDependencies) {
  return new Elysia({ name: "metrics" }).get("/metrics", async ({ request, server }) => {
    assertMayRead(request, server?.requestIP(request)?.address, access);
    return new Response(await metrics.text(), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    });
  });
}

/** What reverse proxies add. */
const FORWARDED = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via", "cf-connecting-ip"];

/**
 * Without a token only those may read who connect from this machine or a private network, and not through a proxy: one
 * stands there too, and brings anybody's requests. It shows by its headers, or by the public name that was asked for.
 */
export function assertMayRead(request: Request, peer: string | undefined, { token, publicUrl }: MetricsAccess): void {
  if (token !== undefined) {
    if (isSame(request.headers.get("authorization") ?? "", `Bearer ${token}`)) return;
    throw new AppError("unauthorized", "The metrics take the bearer token that PASSHOOK_METRICS_TOKEN holds.");
  }
  const host = request.headers.get("host") ?? new URL(request.url).host;
  const publicHost = new URL(publicUrl).host;
  const isNear = peer !== undefined && isPrivateHost(peer.replace(/^::ffff:(?=\d+\.)/, ""));
  const isProxied =
    FORWARDED.some((name) => request.headers.has(name)) ||
    (host === publicHost && !isPrivateHost(new URL(publicUrl).hostname));
  if (isNear && !isProxied) return;
  throw new AppError(
    "forbidden",
    "The metrics are shown to this machine and its private network only. Set PASSHOOK_METRICS_TOKEN to read them from elsewhere.",
  );
}

/** In constant time. */
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(hashOf(given), hashOf(wanted));
const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();

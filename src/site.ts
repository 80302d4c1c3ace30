import type { TrafficByAccount } from "./api/account-traffic.ts";
import { apiRoutes } from "./api/api-routes.ts";
import { passKitRoutes } from "./apple/passkit-routes.ts";
import { statusOfError } from "./http/error-response.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { metricsRoutes } from "./http/metrics-routes.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { createHttpServer, type HttpServerOptions } from "./http/server.ts";
import type { ProgramMetrics } from "./metrics-program.ts";
import { createWalletLinkPages } from "./passes/wallet-link-pages.ts";
import { walletLinkRoutes } from "./passes/wallet-link-routes.ts";
import { type AdminDependencies, admin } from "./web/admin/admin.ts";
import { assetRoutes } from "./web/asset-routes.ts";
import { docsRoutes } from "./web/docs/docs-routes.ts";

type Takes<Routes extends (deps: never) => unknown> = Parameters<Routes>[0];

/** What is made here, from the rest. */
type MadeHere = "https" | "limit" | "pages" | "statusOfError" | "token" | "unknownSerials";

export type SiteDependencies = Omit<
  Takes<typeof apiRoutes> & Takes<typeof walletLinkRoutes> & Takes<typeof passKitRoutes> & AdminDependencies,
  MadeHere
> &
  Pick<HttpServerOptions, "log" | "health"> & {
    readonly metrics: ProgramMetrics;
    readonly traffic: TrafficByAccount;
    readonly metricsToken: string | undefined;
  };

/** Everything that is served, at its address. */
export function createSite(parts: SiteDependencies) {
  const { clock, health, log, metrics, publicUrl } = parts;
  const https = publicUrl.startsWith("https:");
  const documented = [...apiRoutes({ ...parts.traffic.watching(parts), statusOfError }), healthRoutes(health)];
  return createHttpServer({
    log,
    health,
    https,
    onAnswered: metrics.requestAnswered,
    routes: [
      ...documented,
      docsRoutes(documented, publicUrl),
      metricsRoutes({ metrics, token: parts.metricsToken, publicUrl }),
      walletLinkRoutes({
        ...parts,
        pages: createWalletLinkPages({ publicUrl, clock }),
        unknownSerials: createRateLimit(clock, { burst: 30, refillMs: 2_000 }),
      }),
      passKitRoutes({ ...parts, limit: createRateLimit(clock, { burst: 120, refillMs: 1_000 }) }),
      admin({ ...parts, https, statusOfError }),
      assetRoutes(),
    ],
  });
}

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createAccounts } from "./accounts/accounts.ts";
import { createPassIntake } from "./api/create-pass.ts";
import { passRoutes } from "./api/pass-routes.ts";
import { createIdentities } from "./apple/identities.ts";
import { createPackageCache } from "./apple/package-cache.ts";
import { createPassPackages } from "./apple/pass-packages.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config, ConfigSecrets } from "./config.ts";
import { openDatabase } from "./db/database.ts";
import { type MigrationReport, migrateDatabase } from "./db/migrate.ts";
import { statusOfError } from "./http/error-response.ts";
import { createHealth } from "./http/health.ts";
import { healthRoutes } from "./http/health-routes.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { createHttpServer } from "./http/server.ts";
import { createKlaviyoClient } from "./klaviyo/client.ts";
import { createConnectionStore } from "./klaviyo/connection-store.ts";
import { createConnections } from "./klaviyo/connections.ts";
import { writeBackJobs } from "./klaviyo/jobs.ts";
import { createWriteBacks } from "./klaviyo/write-back.ts";
import { type Log, silentLog } from "./log.ts";
import { createOutboxStore } from "./outbox/outbox-store.ts";
import { createWorker } from "./outbox/worker.ts";
import { createIssuer } from "./passes/issue.ts";
import { forgetDeliveries } from "./passes/pass-store.ts";
import { createRejectedStore } from "./passes/rejected-store.ts";
import { createWalletLinks } from "./passes/wallet-link.ts";
import { walletLinkRoutes } from "./passes/wallet-link-routes.ts";
import { createVault, loadMasterKey } from "./secrets.ts";
import { createTemplates } from "./templates/templates.ts";
import { assetRoutes } from "./web/asset-routes.ts";

export interface AppOptions {
  readonly config: Config;
  readonly secrets: ConfigSecrets;
  readonly log?: Log;
  readonly clock?: Clock;
  /** Waited for running jobs at shutdown. */
  readonly drainMs?: number;
}

export type App = ReturnType<typeof createApp>;

const PACKAGE_CACHE_BYTES = 64 * 1024 * 1024;
const HOUSEKEEPING_MS = 3_600_000;
const DRAIN_MS = 10_000;

/**
 * Builds everything from the configuration; this is the only place that knows all parts. Nothing runs before `start`:
 * the command line uses the same parts on the same database while a server runs.
 */
export function createApp({ config, secrets, log = silentLog, clock = systemClock, drainMs = DRAIN_MS }: AppOptions) {
  const { dataDir, publicUrl } = config;
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const vault = createVault(loadMasterKey(dataDir, secrets.masterKey));
  const path = join(dataDir, "passhook.db");
  const migrations: MigrationReport = migrateDatabase(path, clock.now());
  const db = openDatabase(path);

  const outbox = createOutboxStore(db);
  const connectionStore = createConnectionStore(db, vault);
  const identities = createIdentities({ db, clock, vault });
  const accounts = createAccounts({ db, clock, connections: connectionStore, identities });
  const templates = createTemplates({ db, clock });
  const client = createKlaviyoClient(config.klaviyoUrl);
  const connections = createConnections({ db, clock, client, store: connectionStore, outbox });
  const issuer = createIssuer({ db, clock, outbox, effectsOf: writeBackJobs });
  const rejected = createRejectedStore({ db, clock, log });
  const links = createWalletLinks({ db, templates });
  const packages = createPassPackages({ identities, vault, publicUrl, cache: createPackageCache(PACKAGE_CACHE_BYTES) });
  const worker = createWorker({
    store: outbox,
    clock,
    log,
    handlers: createWriteBacks({ db, clock, client, connections: connectionStore, templates, publicUrl }),
  });

  const health = createHealth({ db, outbox, clock, dataDir });
  const http = createHttpServer({
    log,
    health,
    https: publicUrl.startsWith("https:"),
    routes: [
      healthRoutes(health),
      passRoutes(createPassIntake({ accounts, templates, issuer, rejected, publicUrl, statusOfError })),
      walletLinkRoutes({
        links,
        packages,
        publicUrl,
        unknownSerials: createRateLimit(clock, { burst: 30, refillMs: 2_000 }),
      }),
      assetRoutes(),
    ],
  });

  let cancelHousekeeping = () => {};
  function keepHouse(): void {
    cancelHousekeeping = clock.after(HOUSEKEEPING_MS, keepHouse);
    Promise.all([db.transaction(({ query }) => forgetDeliveries(query, clock.now())), rejected.forgetOld()]).catch(
      (error) => log.warn("Old rows could not be removed; trying again in an hour.", { error: String(error) }),
    );
  }

  let closed = false;
  return {
    config,
    db,
    clock,
    migrations,
    accounts,
    templates,
    identities,
    connections,
    issuer,
    rejected,
    links,
    packages,
    outbox,
    worker,
    http,

    /** Listens and works. Throws when the address is taken. */
    start(): void {
      http.listen({ ...config.listen, reusePort: false });
      worker.start();
      keepHouse();
    },

    /**
     * Not ready any more → accepts nothing more → lets running requests and jobs end (10 s) → puts back what is left →
     * closes the database with an empty log.
     */
    async [Symbol.asyncDispose](): Promise<void> {
      if (closed) return;
      closed = true;
      health.startDraining();
      cancelHousekeeping();
      const stopped = http.server?.stop();
      await worker.drain(drainMs);
      await Promise.race([stopped, new Promise<void>((resolve) => clock.after(1_000, resolve))]);
      db[Symbol.dispose]();
    },
  };
}

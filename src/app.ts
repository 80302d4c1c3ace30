import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createAccounts } from "./accounts/accounts.ts";
import { createAdminAccess } from "./admins/admin-access.ts";
import type { PasswordCost } from "./admins/password.ts";
import { createAccountTraffic } from "./api/account-traffic.ts";
import { createPassData } from "./api/pass-data.ts";
import { createReplayer } from "./api/replay.ts";
import { createAppearance } from "./apple/appearance.ts";
import { createDevelopmentChain } from "./apple/development-chain.ts";
import { createDeviceLogStore } from "./apple/device-log-store.ts";
import { registeredSerials } from "./apple/device-store.ts";
import { createExaminer } from "./apple/examine.ts";
import { createExpiryWatch } from "./apple/expiry.ts";
import { createIdentities } from "./apple/identities.ts";
import { certificateFactsOf } from "./apple/lint/certificate-info.ts";
import { createPackageCache } from "./apple/package-cache.ts";
import { createPassFiles } from "./apple/pass-files.ts";
import { createPassPackages } from "./apple/pass-packages.ts";
import { createPassKit } from "./apple/passkit.ts";
import { createPersonalizer } from "./apple/personalization.ts";
import { createPushClient } from "./apple/push-client.ts";
import { createPhoneTeller, createPushHandlers } from "./apple/push-jobs.ts";
import { createBackupRuns } from "./backup-runs.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config, ConfigSecrets, ResolvedSetting } from "./config.ts";
import { openDatabase } from "./db/database.ts";
import { type MigrationReport, migrateDatabase } from "./db/migrate.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { statusOfError } from "./http/error-response.ts";
import { createHealth } from "./http/health.ts";
import { createConnectionStore } from "./klaviyo/connection-store.ts";
import { createKlaviyo } from "./klaviyo/klaviyo.ts";
import { type Log, silentLog } from "./log.ts";
import { createProgramMetrics } from "./metrics-program.ts";
import { createOutboxStore } from "./outbox/outbox-store.ts";
import { createWorker, joinWorkers } from "./outbox/worker.ts";
import { createBundles } from "./passes/bundles.ts";
import { type ChangeDependencies, createChanges } from "./passes/changes.ts";
import { forgetDeliveries } from "./passes/delivery-store.ts";
import { createIssuer } from "./passes/issue.ts";
import { createRejectedStore } from "./passes/rejected-store.ts";
import { createStepwiseJobs } from "./passes/stepwise-jobs.ts";
import { createUpdater } from "./passes/update.ts";
import { createWalletLinks } from "./passes/wallet-link.ts";
import { createVault, loadMasterKey, type StoredSecret } from "./secrets.ts";
import { createSite } from "./site.ts";
import { deletionJob } from "./templates/deletion.ts";
import { rolloutJob } from "./templates/rollout.ts";
import { createTemplates } from "./templates/templates.ts";
import { createLiveStreams } from "./web/admin/live-streams.ts";
import type { SenderOptions } from "./webhooks/sender.ts";
import { createWebhooks } from "./webhooks/webhooks.ts";

export interface AppOptions {
  readonly config: Config;
  readonly secrets: ConfigSecrets;
  /** Where each setting comes from, to be shown. */
  readonly settings?: readonly ResolvedSetting[];
  readonly log?: Log;
  readonly clock?: Clock;
  /** Waited for running jobs at shutdown. */
  readonly drainMs?: number;
  /** Made for every new account; tests make one for all, since it takes half a second. */
  readonly developmentChain?: typeof createDevelopmentChain;
  /** Of hashing an admin's password; tests take less than the usual. */
  readonly passwordCost?: PasswordCost;
  /** How webhooks find and trust their receivers; tests bring both. */
  readonly webhookNetwork?: Partial<SenderOptions>;
}

export type App = ReturnType<typeof createApp>;

const PACKAGE_CACHE_BYTES = 64 * 1024 * 1024;
/** Every core signs; more at once would only come back in one turn of the event loop (docs/performance.md). */
const MAX_BUILDING = Math.max(2, navigator.hardwareConcurrency);
/** More than a call to Klaviyo may take, and time for the rest within the 10 s after which `docker stop` kills. */
const DRAIN_MS = 8_000;

/**
 * Builds everything from the configuration; this is the only place that knows all parts. Nothing runs before `start`:
 * the command line uses the same parts on the same database while a server runs.
 */
export function createApp(options: AppOptions) {
  const { config, secrets, log = silentLog, clock = systemClock, drainMs = DRAIN_MS } = options;
  const { dataDir, publicUrl } = config;
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const vault = createVault(loadMasterKey(dataDir, secrets.masterKey));
  const path = join(dataDir, "passhook.db");
  const migrations: MigrationReport = migrateDatabase(path, clock.now());
  const db = openDatabase(path);

  const metrics = createProgramMetrics({ clock, dataDir });
  const traffic = createAccountTraffic({ clock, statusOfError });
  const backups = createBackupRuns({ clock, log, dataDir });
  const outbox = metrics.ofOutbox(createOutboxStore(db));
  const connectionStore = createConnectionStore(db, vault);
  const identities = createIdentities({
    db,
    clock,
    vault,
    developmentChain: options.developmentChain ?? createDevelopmentChain,
  });
  const accounts = createAccounts({ db, clock, log, connections: connectionStore, identities });
  const access = createAdminAccess({ db, clock, publicUrl, passwordCost: options.passwordCost });
  const templates = createTemplates({
    db,
    clock,
    async certificateOf(accountId, passTypeIdentifier) {
      const identity = await identities.find(accountId, passTypeIdentifier);
      return identity && !identity.development ? certificateFactsOf(identity.certificatePem) : undefined;
    },
    afterPush: (tx, template) => outbox.enqueue(tx, [rolloutJob(template)], clock.now()),
    afterDelete: (tx, template) => outbox.enqueue(tx, [deletionJob(template)], clock.now()),
  });
  const klaviyo = createKlaviyo({
    ...{ db, clock, log, vault, outbox, templates, publicUrl },
    store: connectionStore,
    klaviyoUrl: config.klaviyoUrl,
    onAnswer: metrics.klaviyoAnswered,
    onProfileWritten: traffic.profileWritten,
  });
  const webhooks = createWebhooks({
    ...{ db, clock, log, vault, outbox, templates, publicUrl },
    network: { allowance: config.webhookAllowPrivate, ...options.webhookNetwork },
  });
  const files = createPassFiles(publicUrl);
  const tellPhones = createPhoneTeller({ outbox, clock });
  const changeParts: ChangeDependencies = {
    clock,
    outbox,
    appearanceOf: createAppearance({ publicUrl, files }),
    examine: createExaminer({ publicUrl, files, clock }),
    effectsOf: async (tx, change) => {
      tx.afterCommit(() => metrics.passChanged(change.kind));
      return [...(await klaviyo.effectsOf(tx, change)), ...(await webhooks.effectsOf(tx, change))];
    },
    tellPhones,
  };
  const changes = createChanges(changeParts);
  const issuer = metrics.ofIssuer(createIssuer({ db, clock, changes }));
  const updater = createUpdater({ db, clock, templates, changes });
  const data = createPassData({
    ...{ db, clock, log, vault, outbox, templates, changes, changeParts, publicUrl },
    ...klaviyo.erasing,
  });
  const passKit = createPassKit({ db, clock, vault, templates, changes });
  const personalize = createPersonalizer({ db, clock, templates, identities, changes });
  const deviceLogs = createDeviceLogStore({ db, clock });
  const rejected = createRejectedStore({ db, clock, log });
  const links = createWalletLinks({ db, clock, log, templates });
  const packages = createPassPackages({
    identities,
    vault,
    files,
    publicUrl,
    cache: metrics.ofPackages(createPackageCache(PACKAGE_CACHE_BYTES, MAX_BUILDING)),
  });
  const bundles = createBundles({ db, clock, vault, templates, packages, publicUrl });
  const replayer = createReplayer({ db, clock, templates, changes, bundles, rejected, publicUrl, statusOfError });
  const stepwise = createStepwiseJobs({
    ...{ db, clock, outbox, templates, changes, updater },
    heldSerials: (templateId, after, limit) => registeredSerials(db.read, templateId, after, limit),
  });
  const pushClient = createPushClient({
    baseUrl: config.apnsUrl,
    ca: config.apnsCa === undefined ? undefined : readFileSync(config.apnsCa, "utf8"),
    clock,
  });
  const pushes = createPushHandlers({ db, clock, client: metrics.ofPushes(pushClient), identities, passKit });
  const worker = joinWorkers([
    klaviyo.worker,
    webhooks.worker,
    data.bulk.worker,
    createWorker({
      store: outbox,
      clock,
      log,
      handlers: { ...stepwise, ...pushes, ...klaviyo.resyncs.handlers, ...data.eraser.handlers },
      concurrency: 64,
    }),
  ]);

  const expiry = createExpiryWatch({ db, clock, log, identities });
  const health = createHealth({ db, outbox, clock, dataDir, certificate: expiry.readiness });
  const streams = createLiveStreams({ clock });
  const parts = {
    ...{ config, db, clock, migrations, metrics, traffic, backups },
    ...{ accounts, access, templates, identities, expiry },
    klaviyo,
    connections: klaviyo.connections,
    issuer,
    updater,
    data,
    rejected,
    replayer,
    deviceLogs,
    vault,
    links,
    packages,
    bundles,
    webhooks,
    outbox,
    worker,

    /** Everything that the master key is needed for. */
    async storedSecrets(): Promise<StoredSecret[]> {
      const owners = [identities, connectionStore, webhooks];
      return (await Promise.all(owners.map((owner) => owner.storedSecrets()))).flat();
    },
  };
  const http = createSite({
    ...{ ...parts, ...data, log, health, publicUrl, streams, passKit, personalize, tellPhones },
    ...{ metricsToken: secrets.metricsToken, stateJobs: klaviyo.stateJobs, settings: options.settings ?? [] },
  });

  const forgetting = [
    () => db.transaction(({ query }) => forgetDeliveries(query, clock.now())),
    rejected.forgetOld,
    access.forgetOld,
    webhooks.forgetOldResults,
    data.bulk.forgetOld,
  ];
  const housekeeping = createHousekeeping({
    clock,
    log,
    chores: [
      ...forgetting.map((run) => ({ failure: "Old rows could not be removed", run })),
      { failure: "Certificates could not be checked", run: expiry.announce },
    ],
  });

  let closed = false;
  return {
    ...parts,
    http,

    /** Listens and works. Throws when the address is taken. */
    start(): void {
      http.listen({ ...config.listen, reusePort: false });
      worker.start();
      housekeeping.start();
      metrics.start();
    },

    /**
     * Not ready any more → accepts nothing more → lets running requests and jobs end (8 s) → puts back what is left →
     * closes the database with an empty log.
     */
    async [Symbol.asyncDispose](): Promise<void> {
      if (closed) return;
      closed = true;
      health.startDraining();
      housekeeping.stop();
      streams.close();
      backups[Symbol.dispose]();
      metrics.stop();
      const stopped = http.server?.stop();
      await worker.drain(drainMs);
      await pushClient[Symbol.asyncDispose]();
      await Promise.race([stopped, new Promise<void>((resolve) => clock.after(1_000, resolve))]);
      db[Symbol.dispose]();
    },
  };
}

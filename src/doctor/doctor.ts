import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Accounts } from "../accounts/accounts.ts";
import type { DeviceLogStore } from "../apple/device-log-store.ts";
import type { ExpiryWatch } from "../apple/expiry.ts";
import type { Clock } from "../clock.ts";
import type { Config, ConfigSecrets } from "../config.ts";
import type { Database } from "../db/database.ts";
import type { Connections } from "../klaviyo/connections.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { StoredSecret, Vault } from "../secrets.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";
import { checkBackup } from "./backup.ts";
import { checkCertificates } from "./certificates.ts";
import { attempt, type Check, warning } from "./check.ts";
import { checkDataFolder } from "./data-folder.ts";
import { checkDatabase } from "./database.ts";
import { everyPage } from "./every-page.ts";
import { checkKlaviyo } from "./klaviyo.ts";
import { checkOutbox } from "./outbox.ts";
import { checkPhones } from "./phones.ts";
import { checkMasterKey, checkStoredSecrets } from "./secrets.ts";
import { checkSettings } from "./settings.ts";
import { checkTemplates, type TemplateCheckDependencies } from "./templates.ts";
import { checkWebhooks } from "./webhooks.ts";

/** What is looked at before anything is opened, so that examining makes and changes nothing. */
export async function examineMachine(
  config: Config,
  secrets: ConfigSecrets,
): Promise<{ readonly checks: readonly Check[]; readonly ready: boolean }> {
  const database = join(config.dataDir, "passhook.db");
  const { check: masterKey, ready: hasKey } = checkMasterKey(config.dataDir, secrets.masterKey, !existsSync(database));
  const { checks: ofDatabase, ready } = checkDatabase(database);
  const checks = [
    ...(await attempt("public URL", async () => checkSettings(config))),
    ...(await attempt("data folder", async () => checkDataFolder(config.dataDir))),
    masterKey,
    ...ofDatabase,
  ];
  if (ready && hasKey) return { checks, ready: true };
  const rest = "Certificates, templates, Klaviyo and the outbox are looked at once the database can be opened.";
  return { checks: [...checks, warning("the rest", rest)], ready: false };
}

/** The parts of the program that are looked at. */
export interface ExaminedParts extends TemplateCheckDependencies {
  readonly config: Config;
  readonly accounts: Accounts;
  readonly db: Database;
  readonly deviceLogs: DeviceLogStore;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly expiry: ExpiryWatch;
  readonly outbox: OutboxStore;
  readonly vault: Vault;
  readonly webhooks: Webhooks;
  storedSecrets(): Promise<readonly StoredSecret[]>;
}

/** What is in the database, of every account. */
export async function examineContents(parts: ExaminedParts): Promise<Check[]> {
  const { accounts, clock, connections, expiry, identities, outbox, vault } = parts;
  const now = clock.now();
  const checks = [
    ...(await attempt("stored secrets", async () => checkStoredSecrets(vault, await parts.storedSecrets()))),
    ...(await attempt("certificate", () => checkCertificates(identities, expiry))),
  ];
  checks.push(...(await attempt("phones", () => checkPhones(parts.db, parts.deviceLogs, now))));
  const all = await everyPage((page) => accounts.list(page));
  if (all.length === 0)
    checks.push(warning("accounts", "There is none yet; the first start makes one (passhook serve)."));
  const [first] = all;
  if (first) {
    checks.push(...(await attempt("backup", async () => checkBackup(parts.config.dataDir, first.createdAt, now))));
  }
  for (const account of all) {
    const ofAccount = [
      ...(await attempt("templates", () => checkTemplates(parts, account, now))),
      ...(await attempt("Klaviyo", () => checkKlaviyo(connections, account.id))),
      ...(await attempt("webhooks", () => checkWebhooks(parts.webhooks, account.id))),
      ...(await attempt("outbox", () => checkOutbox(outbox, account.id, now))),
    ];
    // With several accounts, each line says whose it is.
    checks.push(
      ...ofAccount.map((check) => (all.length === 1 ? check : { ...check, name: `${check.name} (${account.name})` })),
    );
  }
  return checks;
}

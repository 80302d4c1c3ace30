import type { Identities } from "../apple/identities.ts";
import type { Clock } from "../clock.ts";
import type { Database, Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalAccountId, newAccountId } from "../ids.ts";
import type { ConnectionStore } from "../klaviyo/connection-store.ts";
import type { Log } from "../log.ts";
import {
  type Account,
  type AccountChange,
  findAccount,
  firstAccount,
  insertAccount,
  listAccounts,
  updateAccount,
} from "./account-store.ts";
import { createApiKey } from "./api-key.ts";
import { type ApiKey, type ApiKeyInfo, insertApiKey, listApiKeys, revokeApiKey } from "./api-key-store.ts";
import { createAuthenticate } from "./authenticate.ts";

/** What becomes of a profile's `external_id` when a webhook does not say what it holds. */
export const EXTERNAL_ID_POLICIES: readonly Account["externalIdPolicy"][] = ["set", "leave"];

export type Accounts = ReturnType<typeof createAccounts>;

export interface AccountDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: ConnectionStore;
  readonly identities: Identities;
}

/** What a key may do, how often in a second, and until when (milliseconds). */
export type KeyLimits = Partial<Pick<ApiKey, "scope" | "rateLimit" | "expiresAt">>;

/** Accounts and their API keys. */
export function createAccounts({ db, clock, log, connections, identities }: AccountDependencies) {
  const newAccount = (name: string) => ({ id: newAccountId(), name, createdAt: clock.now() });

  async function insert(query: Queries, account: ReturnType<typeof newAccount>): Promise<void> {
    await insertAccount(query, account);
    await connections.insertSandbox(query, account.id, account.createdAt);
  }

  return {
    /**
     * A new account. It starts with a sandbox connection and a development certificate, so that everything can be tried
     * at once and nothing is sent to Klaviyo by accident.
     */
    async create(name: string): Promise<{ id: string; name: string }> {
      const account = newAccount(name);
      await db.transaction((tx) => insert(tx.query, account));
      await identities.createDevelopment(account.id);
      return { id: account.id, name };
    },

    /** The same where there is no account yet; nothing when there is one. Of programs that start at once, one makes it. */
    async createFirst(name: string): Promise<{ id: string; name: string } | undefined> {
      const account = newAccount(name);
      const isFirst = await db.transaction(async ({ query }) => {
        if (await firstAccount(query)) return false;
        await insert(query, account);
        return true;
      });
      if (!isFirst) return undefined;
      await identities.createDevelopment(account.id);
      return { id: account.id, name };
    },

    list: (page: Parameters<typeof listAccounts>[1]) => listAccounts(db.read, page),
    first: (): Promise<Account | undefined> => firstAccount(db.read),

    /** The account of that id, or the first one made. Throws `not_found`. */
    async resolve(id: string | undefined): Promise<Account> {
      const account =
        id === undefined ? await firstAccount(db.read) : await findAccount(db.read, canonicalAccountId(id));
      if (account) return account;
      throw new AppError(
        "not_found",
        id === undefined
          ? "There is no account yet. Make one with: passhook account create --name NAME"
          : `There is no account ${id}.`,
      );
    },

    /** Throws `not_found`. */
    async update(id: string, change: AccountChange): Promise<Account> {
      if (Object.keys(change).length > 0) await db.transaction(({ query }) => updateAccount(query, id, change));
      return this.resolve(id);
    },

    /** The whole key is in the answer this once; only its hash is kept. Without limits it may do everything for ever. */
    async createKey(
      accountId: string,
      label: string,
      limits: KeyLimits = {},
    ): Promise<{ id: string; accountId: string; apiKey: string }> {
      const { id, apiKey, secretHash } = createApiKey();
      await db.transaction((tx) =>
        insertApiKey(tx.query, { id, accountId, label, secretHash, createdAt: clock.now(), ...limits }),
      );
      return { id, accountId, apiKey };
    },

    listKeys: (accountId: string, page: Parameters<typeof listApiKeys>[2]) => listApiKeys(db.read, accountId, page),

    async revokeKey(accountId: string, id: string): Promise<ApiKeyInfo> {
      const key = await db.transaction((tx) => revokeApiKey(tx.query, accountId, id, clock.now()));
      if (!key) throw new AppError("not_found", `There is no key ${id} in account ${accountId}.`);
      return key;
    },

    authenticate: createAuthenticate({ db, clock, log }),
  };
}

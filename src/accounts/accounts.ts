import type { Identities } from "../apple/identities.ts";
import type { Clock } from "../clock.ts";
import type { Database, Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalAccountId, newAccountId } from "../ids.ts";
import type { ConnectionStore } from "../klaviyo/connection-store.ts";
import {
  type Account,
  type ApiKeyInfo,
  findAccount,
  findLiveApiKey,
  firstAccount,
  insertAccount,
  insertApiKey,
  listAccounts,
  listApiKeys,
  revokeApiKey,
} from "./account-store.ts";
import { createApiKey, parseApiKey, secretMatches } from "./api-key.ts";

export type Accounts = ReturnType<typeof createAccounts>;

export interface AccountDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly connections: ConnectionStore;
  readonly identities: Identities;
}

/** Accounts and their API keys. */
export function createAccounts({ db, clock, connections, identities }: AccountDependencies) {
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

    /** The whole key is in the answer this once; only its hash is kept. */
    async createKey(accountId: string, label: string): Promise<{ id: string; accountId: string; apiKey: string }> {
      const { id, apiKey, secretHash } = createApiKey();
      await db.transaction((tx) =>
        insertApiKey(tx.query, { id, accountId, label, secretHash, createdAt: clock.now() }),
      );
      return { id, accountId, apiKey };
    },

    listKeys: (accountId: string, page: Parameters<typeof listApiKeys>[2]) => listApiKeys(db.read, accountId, page),

    async revokeKey(accountId: string, id: string): Promise<ApiKeyInfo> {
      const key = await db.transaction((tx) => revokeApiKey(tx.query, accountId, id, clock.now()));
      if (!key) throw new AppError("not_found", `There is no key ${id} in account ${accountId}.`);
      return key;
    },

    /**
     * The account that a key and an account id belong to. Throws `unauthorized` with the same text, after the same
     * work, whether the key, its secret or the account is wrong.
     */
    async authenticate(apiKey: string | null, accountId: string | null): Promise<{ accountId: string; keyId: string }> {
      const parts = parseApiKey(apiKey ?? "");
      const stored = await findLiveApiKey(db.read, parts?.id ?? "");
      const matches = secretMatches(parts?.secret ?? "", stored?.secretHash);
      if (!parts || !stored || !matches || stored.accountId !== canonicalAccountId(accountId ?? "")) {
        throw new AppError(
          "unauthorized",
          "The API key or the account id is wrong (headers X-API-KEY and X-ACCOUNT-ID).",
        );
      }
      return { accountId: stored.accountId, keyId: parts.id };
    },
  };
}

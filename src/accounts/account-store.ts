import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { accounts, apiKeys } from "../db/schema.ts";
import type { Page, PageRequest } from "../page.ts";
import { pageOf } from "../page.ts";

export type Account = typeof accounts.$inferSelect;
export interface ApiKeyInfo {
  readonly id: string;
  readonly accountId: string;
  readonly label: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

const keyInfo = {
  id: apiKeys.id,
  accountId: apiKeys.accountId,
  label: apiKeys.label,
  createdAt: apiKeys.createdAt,
  revokedAt: apiKeys.revokedAt,
};

export async function insertAccount(
  query: Queries,
  account: { id: string; name: string; createdAt: number },
): Promise<void> {
  await query.insert(accounts).values(account);
}

const accountById = prepared((query) =>
  query
    .select()
    .from(accounts)
    .where(eq(accounts.id, given("id")))
    .prepare(),
);

export async function findAccount(query: Queries, id: string): Promise<Account | undefined> {
  return (await accountById(query).execute({ id }))[0];
}

/** The first one made: the default where a command names none. */
export async function firstAccount(query: Queries): Promise<Account | undefined> {
  return (await query.select().from(accounts).orderBy(asc(accounts.createdAt), asc(accounts.id)).limit(1))[0];
}

export async function listAccounts(query: Queries, page: PageRequest): Promise<Page<Account>> {
  const rows = await query
    .select()
    .from(accounts)
    .where(page.after ? gt(accounts.id, page.after) : undefined)
    .orderBy(asc(accounts.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => row.id);
}

export async function insertApiKey(
  query: Queries,
  key: { id: string; accountId: string; label: string; secretHash: string; createdAt: number },
): Promise<void> {
  await query.insert(apiKeys).values(key);
}

const liveApiKeyById = prepared((query) =>
  query
    .select({ accountId: apiKeys.accountId, secretHash: apiKeys.secretHash })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, given("id")), isNull(apiKeys.revokedAt)))
    .prepare(),
);

/** The hash of a key that is in force, with its account. */
export async function findLiveApiKey(
  query: Queries,
  id: string,
): Promise<{ accountId: string; secretHash: string } | undefined> {
  return (await liveApiKeyById(query).execute({ id }))[0];
}

export async function listApiKeys(query: Queries, accountId: string, page: PageRequest): Promise<Page<ApiKeyInfo>> {
  const rows = await query
    .select(keyInfo)
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), page.after ? gt(apiKeys.id, page.after) : undefined))
    .orderBy(asc(apiKeys.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => row.id);
}

/** The key's row after it was revoked; nothing when there is no such key in the account. */
export async function revokeApiKey(
  query: Queries,
  accountId: string,
  id: string,
  now: number,
): Promise<ApiKeyInfo | undefined> {
  await query
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt)));
  return (
    await query
      .select(keyInfo)
      .from(apiKeys)
      .where(and(eq(apiKeys.id, id), eq(apiKeys.accountId, accountId)))
  )[0];
}

import { and, asc, eq, getTableColumns, gt, isNull } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { apiKeys } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";

export type ApiKey = typeof apiKeys.$inferSelect;

/** What people may see of a key. */
export type ApiKeyInfo = Omit<ApiKey, "secretHash">;

const { secretHash: _, ...keyInfo } = getTableColumns(apiKeys);

export async function insertApiKey(query: Queries, key: typeof apiKeys.$inferInsert): Promise<void> {
  await query.insert(apiKeys).values(key);
}

const apiKeyById = prepared((query) =>
  query
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.id, given("id")))
    .prepare(),
);

/** Also one that is revoked or has expired. */
export async function findApiKey(query: Queries, id: string): Promise<ApiKey | undefined> {
  return (await apiKeyById(query).execute({ id }))[0];
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

export async function noteApiKeyUse(query: Queries, id: string, now: number): Promise<void> {
  await query.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, id));
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

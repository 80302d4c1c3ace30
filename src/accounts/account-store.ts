import { asc, eq, gt } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { accounts } from "../db/schema.ts";
import type { Page, PageRequest } from "../page.ts";
import { pageOf } from "../page.ts";

export type Account = typeof accounts.$inferSelect;

export async function insertAccount(
  query: Queries,
  account: { id: string; name: string; createdAt: number },
): Promise<void> {
  await query.insert(accounts).values(account);
}

/** What may be changed of an account. */
export type AccountChange = Partial<Pick<Account, "name" | "externalIdPolicy">>;

export async function updateAccount(query: Queries, id: string, change: AccountChange): Promise<void> {
  await query.update(accounts).set(change).where(eq(accounts.id, id));
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

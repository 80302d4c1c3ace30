import { and, desc, eq, getTableColumns, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Queries } from "../../db/database.ts";
import { given } from "../../db/prepared.ts";
import { passes, recipients } from "../../db/schema.ts";
import type { Pass } from "../pass.ts";
import { toPass } from "../pass-store.ts";
import type { Recipient } from "../recipient-store.ts";
import type { Position } from "./pass-query.ts";

/** The index that leads to passes, the fewest first. Each gives the newest first, or has few to sort. */
export type Way =
  | { readonly by: "recipients"; readonly ids: readonly string[] }
  | { readonly by: "serial"; readonly start: string }
  /** Uninstalled, deleted, voided, or made to expire. */
  | { readonly by: "ended" }
  | { readonly by: "template"; readonly templateId: string }
  | { readonly by: "account" };

export interface PassRange {
  readonly accountId: string;
  readonly since?: number | undefined;
}

/**
 * Reads passes that a way leads to, with their recipients: up to `limit` that come after a position, the newest first. One
 * query serves all pages, because putting it together anew is a good part of what a page costs.
 */
export function preparePages(query: Queries, way: Way, { accountId, since }: PassRange, limit: number) {
  const page = query
    .select({ pass: getTableColumns(passes), recipient: getTableColumns(recipients) })
    .from(passes)
    .innerJoin(recipients, eq(recipients.id, passes.recipientId))
    .where(
      and(
        leadingTo(way, accountId),
        since === undefined ? undefined : gte(passes.createdAt, since),
        sql`(${passes.createdAt}, ${passes.serial}) < (${given("createdAt")}, ${given("serial")})`,
      ),
    )
    .orderBy(desc(passes.createdAt), desc(passes.serial))
    .limit(limit)
    .prepare();
  return async ({ createdAt, serial }: Position): Promise<{ pass: Pass; recipient: Recipient }[]> => {
    const rows = await page.execute({ createdAt, serial });
    return rows.map(({ pass, recipient }) => ({ pass: toPass(pass), recipient }));
  };
}

/** The plus keeps SQLite from an index on the account, which it might take to save itself the sorting of a few rows. */
function leadingTo(way: Way, accountId: string): SQL | undefined {
  const inAccount = sql`+${passes.accountId} = ${accountId}`;
  switch (way.by) {
    case "recipients":
      return and(sql`${passes.recipientId} in (select value from json_each(${JSON.stringify(way.ids)}))`, inAccount);
    case "serial":
      return and(gte(passes.serial, way.start), lt(passes.serial, endOfRange(way.start)), inAccount);
    case "ended":
      // In the words of the partial index.
      return and(
        eq(passes.accountId, accountId),
        sql`(${passes.state} <> 'active' or ${passes.voided} = 1 or ${passes.expiredAt} is not null)`,
      );
    case "template":
      return and(eq(passes.templateId, way.templateId), inAccount);
    case "account":
      return eq(passes.accountId, accountId);
    default:
      return way satisfies never;
  }
}

/** Ids of up to `limit` recipients whose name, or email address, begins like this. */
export async function recipientsStartingWith(
  query: Queries,
  accountId: string,
  column: "nameKey" | "email",
  start: string,
  limit: number,
): Promise<string[]> {
  const rows = await query
    .select({ id: recipients.id })
    .from(recipients)
    .where(
      and(
        eq(recipients.accountId, accountId),
        gte(recipients[column], start),
        lt(recipients[column], endOfRange(start)),
      ),
    )
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Above every text that begins with `start`: text is compared by code point. */
const endOfRange = (start: string): string => `${start}\u{10ffff}`;

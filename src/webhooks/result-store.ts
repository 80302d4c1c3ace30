import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { givenRow, prepared } from "../db/prepared.ts";
import { webhookResults } from "../db/schema.ts";
import type { WebhookResult } from "./webhook.ts";
import type { Listed, ListPart } from "./webhook-store.ts";

const KEPT_MS = 30 * 24 * 3_600_000;
/** Of each webhook. */
const KEPT_RESULTS = 1_000;

const insertRow = prepared((query) =>
  query.insert(webhookResults).values(givenRow(webhookResults, "id")).returning({ id: webhookResults.id }).prepare(),
);

/** Stores what came of a delivery; the webhook's oldest results go when there are too many. */
export async function insertResult(query: Queries, result: Omit<WebhookResult, "id">): Promise<WebhookResult> {
  const [row] = await insertRow(query).execute(result);
  const id = row?.id ?? 0;
  // Every hundredth is enough to stay near the limit.
  if (id % 100 === 0) await trim(query, result.webhookId);
  return { ...result, id };
}

async function trim(query: Queries, webhookId: string): Promise<void> {
  await query.delete(webhookResults).where(
    and(
      eq(webhookResults.webhookId, webhookId),
      sql`${webhookResults.id} <=
        (select id from webhook_results where webhook_id = ${webhookId} order by id desc limit 1 offset ${KEPT_RESULTS})`,
    ),
  );
}

/** The newest first. */
export async function listResults(
  query: Queries,
  webhookId: string,
  { offset, limit }: ListPart,
): Promise<Listed<WebhookResult>> {
  const mine = eq(webhookResults.webhookId, webhookId);
  const rows = await query
    .select()
    .from(webhookResults)
    .where(mine)
    .orderBy(desc(webhookResults.id))
    .limit(limit)
    .offset(offset);
  return { rows, total: await query.$count(webhookResults, mine) };
}

/** Removes what is older than 30 days, and of each webhook all but the newest thousand. */
export async function forgetOldResults(query: Queries, now: number): Promise<void> {
  await query.delete(webhookResults).where(lt(webhookResults.at, now - KEPT_MS));
  const full = await query
    .select({ webhookId: webhookResults.webhookId })
    .from(webhookResults)
    .groupBy(webhookResults.webhookId)
    .having(({ webhookId }) => sql`count(${webhookId}) > ${KEPT_RESULTS}`);
  for (const { webhookId } of full) await trim(query, webhookId);
}

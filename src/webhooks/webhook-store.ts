import { and, asc, eq, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { webhooks } from "../db/schema.ts";
import type { StoredSecret } from "../secrets.ts";
import type { EventType, Webhook } from "./webhook.ts";

type WebhookRow = typeof webhooks.$inferSelect;

/** A webhook with its secrets, encrypted. */
export interface StoredWebhook extends Webhook {
  readonly bearerTokenEncrypted: string;
  readonly signingSecretEncrypted: string;
}

/** A part of a list: `offset` rows are left out at its beginning. */
export interface ListPart {
  readonly offset: number;
  readonly limit: number;
}

export interface Listed<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

/** What the two secrets are encrypted for. */
export const secretContexts = (id: string) => ({ token: `webhook token ${id}`, secret: `webhook secret ${id}` });

export async function insertWebhook(query: Queries, webhook: StoredWebhook): Promise<void> {
  await query.insert(webhooks).values({ ...webhook, subscribedEvents: JSON.stringify(webhook.subscribedEvents) });
}

const webhookById = prepared((query) =>
  query
    .select()
    .from(webhooks)
    .where(eq(webhooks.id, given("id")))
    .prepare(),
);

/** Nothing also for another account's. */
export async function findWebhook(query: Queries, accountId: string, id: string): Promise<StoredWebhook | undefined> {
  const [row] = await webhookById(query).execute({ id });
  return row?.accountId === accountId ? toWebhook(row) : undefined;
}

const activeOfAccount = prepared((query) =>
  query
    .select({ id: webhooks.id, subscribedEvents: webhooks.subscribedEvents })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.accountId, given("accountId")),
        sql`${webhooks.active} = 1`,
        sql`(${webhooks.templateId} is null or ${webhooks.templateId} = ${given("templateId")})`,
      ),
    )
    .orderBy(asc(webhooks.id))
    .prepare(),
);

/** Ids of the webhooks that want to be told of such an event. On the way of every change of every pass. */
export async function subscribersOf(
  query: Queries,
  {
    accountId,
    templateId,
    type,
  }: { readonly accountId: string; readonly templateId: string; readonly type: EventType },
): Promise<string[]> {
  const rows = await activeOfAccount(query).execute({ accountId, templateId });
  return rows.filter((row) => eventTypesIn(row.subscribedEvents).includes(type)).map(({ id }) => id);
}

/** In the order in which they were made. */
export async function listWebhooks(
  query: Queries,
  filter: { readonly accountId: string; readonly templateId?: string | undefined },
  { offset, limit }: ListPart,
): Promise<Listed<Webhook>> {
  const wanted = and(
    eq(webhooks.accountId, filter.accountId),
    filter.templateId === undefined ? undefined : eq(webhooks.templateId, filter.templateId),
  );
  const rows = await query
    .select()
    .from(webhooks)
    .where(wanted)
    .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
    .limit(limit)
    .offset(offset);
  return { rows: rows.map(toWebhook), total: await query.$count(webhooks, wanted) };
}

/** Stores what can change of a webhook. */
export async function updateWebhook(query: Queries, webhook: Webhook): Promise<void> {
  const { name, url, includeValues, active, inactiveReason, updatedAt } = webhook;
  const { consecutiveFailures, failingSince, pausedUntil } = webhook;
  await query
    .update(webhooks)
    .set({
      ...{ name, url, includeValues, active, inactiveReason, updatedAt },
      ...{ consecutiveFailures, failingSince, pausedUntil },
      subscribedEvents: JSON.stringify(webhook.subscribedEvents),
    })
    .where(and(eq(webhooks.id, webhook.id), eq(webhooks.accountId, webhook.accountId)));
}

/** Its results go with it. */
export async function deleteWebhook(query: Queries, accountId: string, id: string): Promise<void> {
  await query.delete(webhooks).where(and(eq(webhooks.id, id), eq(webhooks.accountId, accountId)));
}

/** Every account's tokens and signing secrets, for a check of what is stored. */
export async function allWebhookSecrets(query: Queries): Promise<StoredSecret[]> {
  const rows = await query.select().from(webhooks).orderBy(asc(webhooks.id));
  return rows.flatMap(({ id, bearerTokenEncrypted, signingSecretEncrypted }) => {
    const contexts = secretContexts(id);
    return [
      { context: contexts.token, ciphertext: bearerTokenEncrypted },
      { context: contexts.secret, ciphertext: signingSecretEncrypted },
    ];
  });
}

// Written by `insertWebhook` and `updateWebhook` from a checked list.
const eventTypesIn = (stored: string): EventType[] => JSON.parse(stored) as EventType[];

const toWebhook = ({ subscribedEvents, ...row }: WebhookRow): StoredWebhook => ({
  ...row,
  subscribedEvents: eventTypesIn(subscribedEvents),
});

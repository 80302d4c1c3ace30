import { and, eq, gt, lt, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { idempotencyKeys } from "../db/schema.ts";

type Delivery = typeof idempotencyKeys.$inferSelect;

const deliveryByKey = prepared((query) =>
  query
    .select()
    .from(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.accountId, given("accountId")),
        eq(idempotencyKeys.key, given("key")),
        gt(idempotencyKeys.expiresAt, given("now")),
      ),
    )
    .prepare(),
);

/** A delivery that was answered before under the same key and is still remembered. */
export async function findDelivery(
  query: Queries,
  accountId: string,
  key: string,
  now: number,
): Promise<Delivery | undefined> {
  return (await deliveryByKey(query).execute({ accountId, key, now }))[0];
}

const insertDelivery = prepared((query) =>
  query
    .insert(idempotencyKeys)
    .values(givenRow(idempotencyKeys))
    .onConflictDoUpdate({
      target: [idempotencyKeys.accountId, idempotencyKeys.key],
      set: { bodyHash: sql`excluded.body_hash`, serial: sql`excluded.serial`, expiresAt: sql`excluded.expires_at` },
    })
    .prepare(),
);

export async function rememberDelivery(query: Queries, delivery: Delivery): Promise<void> {
  await insertDelivery(query).execute(delivery);
}

export async function forgetDeliveries(query: Queries, now: number): Promise<void> {
  await query.delete(idempotencyKeys).where(lt(idempotencyKeys.expiresAt, now));
}

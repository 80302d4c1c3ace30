import type { Queries } from "../db/database.ts";
import { type GivenValue, withoutAdditions } from "../templates/fill.ts";
import { findDelivery, rememberDelivery } from "./delivery-store.ts";
import type { Pass } from "./pass.ts";
import { findPass } from "./pass-store.ts";

const HOUR_MS = 3_600_000;
/** Klaviyo retries for 24 hours (its page "Understanding webhook status codes"); the rest is margin. */
export const KEY_REMEMBERED_MS = 7 * 24 * HOUR_MS;
/** Without a key a genuine second request looks like a repeat, so this ends when Klaviyo's retries do. */
export const BODY_REMEMBERED_MS = 24 * HOUR_MS;

/** How a request came here. */
export interface Origin {
  /** Names this delivery; the same key again is the same delivery. */
  readonly idempotencyKey?: string | undefined;
  /** Hash of the body and its flow: tells an exact repeat. */
  readonly bodyHash: string;
  readonly flowId?: string | undefined;
  readonly repaired?: boolean;
}

/** A delivery that came before under the same key. */
interface EarlierDelivery {
  /** What it was about, whatever has become of it since. */
  readonly pass: Pass;
  readonly isExact: boolean;
}

export async function findEarlier(
  query: Queries,
  accountId: string,
  key: string,
  bodyHash: string,
  now: number,
): Promise<EarlierDelivery | undefined> {
  const delivery = await findDelivery(query, accountId, key, now);
  const pass = delivery && (await findPass(query, delivery.serial));
  return pass && { pass, isExact: delivery.bodyHash === bodyHash };
}

/**
 * An input without its additions, if the same key has added to this pass before. A sender may put another body under its
 * key when it tries again; what that sets is the latest word, but what it adds was added. Without a key each delivery
 * counts: Klaviyo's retry looks exactly as a second purchase for the same points does.
 */
export async function addOnce(
  query: Queries,
  { accountId, serial }: Pick<Pass, "accountId" | "serial">,
  { given, idempotencyKey }: { given: ReadonlyMap<string, GivenValue> } & Pick<Origin, "idempotencyKey">,
  now: number,
): Promise<ReadonlyMap<string, GivenValue>> {
  const rest = withoutAdditions(given);
  if (!idempotencyKey || rest.size === given.size) return given;
  const key = `add:${serial}:${idempotencyKey}`;
  if (await findDelivery(query, accountId, key, now)) return rest;
  await rememberDelivery(query, { accountId, key, bodyHash: "", serial, expiresAt: now + KEY_REMEMBERED_MS });
  return given;
}

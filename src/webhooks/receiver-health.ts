import { type Clock, toIso } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import type { Log } from "../log.ts";
import { emptyLane, resumeLane, suspendLane } from "../outbox/lanes.ts";
import { laneOf } from "./jobs.ts";
import { insertResult } from "./result-store.ts";
import type { Webhook, WebhookResult } from "./webhook.ts";
import { findWebhook, updateWebhook } from "./webhook-store.ts";

/** A receiver that failed this often in a row is not hammered any more. */
const FAILURES_BEFORE_PAUSE = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** What a webhook is while nothing is known against its receiver. */
export const HEALTHY = { consecutiveFailures: 0, failingSince: null, pausedUntil: null } as const;

export type NewResult = Omit<WebhookResult, "id">;
export type ReceiverHealth = ReturnType<typeof createReceiverHealth>;

/** Keeps the results of deliveries, and draws conclusions from them. */
export function createReceiverHealth({ clock, log }: { readonly clock: Clock; readonly log: Log }) {
  /** Stores a result. Answers the webhook as it is now; nothing when it was deleted meanwhile. */
  async function keep(tx: Transaction, { accountId, id }: Webhook, result: NewResult): Promise<Webhook | undefined> {
    const webhook = await findWebhook(tx.query, accountId, id);
    if (webhook) await insertResult(tx.query, result);
    return webhook;
  }

  /** Nothing speaks against a receiver any more: whatever waited for that goes on. */
  async function recovered(tx: Transaction, webhook: Webhook): Promise<void> {
    if (webhook.failingSince === null) return;
    await updateWebhook(tx.query, { ...webhook, ...HEALTHY });
    if (webhook.pausedUntil === null) return;
    await resumeLane(tx.query, laneOf(webhook), clock.now());
    tx.afterCommit(() => log.info("A webhook's receiver works again.", { webhook: webhook.id }));
  }

  return {
    keep,
    recovered,

    /** A delivery was taken. */
    async taken(tx: Transaction, of: Webhook, result: NewResult): Promise<void> {
      const webhook = await keep(tx, of, result);
      if (webhook) await recovered(tx, webhook);
    },

    /** One was not. From the fifth in a row on there are pauses, each twice as long as the last, up to an hour. */
    async failed(tx: Transaction, of: Webhook, result: NewResult, reason: string): Promise<void> {
      const now = clock.now();
      const webhook = await keep(tx, of, result);
      // Where there is a pause, the delivery was under way when it began.
      if (!webhook || (webhook.pausedUntil !== null && webhook.pausedUntil > now)) return;
      const consecutiveFailures = webhook.consecutiveFailures + 1;
      const pauseMs = pauseAfter(consecutiveFailures);
      const pausedUntil = pauseMs === undefined ? null : now + pauseMs;
      const failingSince = webhook.failingSince ?? now;
      await updateWebhook(tx.query, { ...webhook, consecutiveFailures, failingSince, pausedUntil });
      if (pausedUntil === null) return;
      await suspendLane(tx.query, laneOf(webhook), { now, until: pausedUntil, reason });
      if (webhook.pausedUntil !== null) return;
      const fields = { webhook: webhook.id, reason };
      tx.afterCommit(() => log.warn("A webhook's receiver fails; from now on one delivery tries it.", fields));
    },

    /** The receiver says that it is gone for good: the webhook is switched off, with what waits for it. */
    async gone(tx: Transaction, of: Webhook, result: NewResult): Promise<void> {
      const now = clock.now();
      const webhook = await keep(tx, of, result);
      if (!webhook) return;
      const inactiveReason = `The receiver answered ${result.responseStatus} (gone) at ${toIso(now)}.`;
      await updateWebhook(tx.query, { ...webhook, ...HEALTHY, active: false, inactiveReason, updatedAt: now });
      await emptyLane(tx.query, laneOf(webhook));
      tx.afterCommit(() => log.warn("A webhook was switched off.", { webhook: webhook.id, reason: inactiveReason }));
    },
  };
}

function pauseAfter(failures: number): number | undefined {
  if (failures < FAILURES_BEFORE_PAUSE) return undefined;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - FAILURES_BEFORE_PAUSE));
}

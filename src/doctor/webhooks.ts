import { toIso } from "../clock.ts";
import type { Webhook } from "../webhooks/webhook.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";
import { type Check, good, warning } from "./check.ts";

const MAX_EXAMINED = 1_000;

/** Receivers that fail, and webhooks that the server switched off; nothing for an account without webhooks. */
export async function checkWebhooks(webhooks: Webhooks, accountId: string): Promise<Check[]> {
  const { rows } = await webhooks.list(accountId, undefined, { offset: 0, limit: MAX_EXAMINED });
  if (rows.length === 0) return [];
  const troubled = rows.flatMap((webhook) => troubleOf(webhook) ?? []);
  const active = rows.filter((webhook) => webhook.active);
  return troubled.length > 0 ? troubled : [good("webhooks", `${active.length} active, no receiver fails`)];
}

function troubleOf({ id, name, active, inactiveReason, failingSince, pausedUntil }: Webhook): Check | undefined {
  const subject = `webhook ${id}`;
  if (!active && inactiveReason !== null) {
    const detail = `${name}: switched off. ${inactiveReason} Switch it on with: passhook webhook update ${id} --activate; or remove it.`;
    return warning(subject, detail);
  }
  // One failure among many says little.
  if (failingSince === null || pausedUntil === null) return undefined;
  const detail = `${name}: its receiver has taken nothing since ${toIso(failingSince)}; next try after ${toIso(pausedUntil)}. See: passhook webhook results ${id}; try it with: passhook webhook test ${id}`;
  return warning(subject, detail);
}

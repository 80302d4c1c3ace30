import type { Transaction } from "../db/database.ts";
import type { NewJob } from "../outbox/job.ts";
import type { LaneId } from "../outbox/lanes.ts";
import type { PassChange } from "../passes/pass.ts";
import { EVENT_TYPES, type Webhook } from "./webhook.ts";
import { subscribersOf } from "./webhook-store.ts";

export const DELIVERY_JOB = "webhook.delivery";

/** A webhook's place in the outbox: its receiver is slow or out of order by itself. */
export const laneOf = ({ accountId, id }: Pick<Webhook, "accountId" | "id">): LaneId => ({
  accountId,
  kind: DELIVERY_JOB,
  channel: `webhook:${id}`,
});

/** One delivery for each webhook that wants to be told of a change; per webhook and pass they are done in order. */
export async function deliveryJobs(tx: Transaction, { pass, kind, eventId }: PassChange): Promise<NewJob[]> {
  const { accountId, serial, templateId } = pass;
  const ids = await subscribersOf(tx.query, { accountId, templateId, type: EVENT_TYPES[kind] });
  return ids.map((id) => {
    const lane = laneOf({ accountId, id });
    return {
      ...lane,
      orderingKey: `${lane.channel}:${serial}`,
      nature: "event",
      idempotencyKey: `${lane.channel}:${eventId}`,
      payload: { webhookId: id, serial, eventId },
    };
  });
}

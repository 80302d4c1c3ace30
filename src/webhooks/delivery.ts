import type { Clock } from "../clock.ts";
import { maskSecrets } from "../redact.ts";
import type { Vault } from "../secrets.ts";
import { CLOUD_EVENT_MEDIA_TYPE, type CloudEvent } from "./cloud-event.ts";
import type { NewResult } from "./receiver-health.ts";
import type { Answer, Send } from "./sender.ts";
import { signatureHeaders } from "./signature.ts";
import { type StoredWebhook, secretContexts } from "./webhook-store.ts";

export interface Delivery {
  readonly answer: Answer;
  /** What is kept of it. */
  readonly result: NewResult;
}

/** Sends an event to a webhook's receiver once, signed. Never throws for what the receiver does. */
export type Deliver = (
  webhook: StoredWebhook,
  event: CloudEvent,
  attempt: number,
  signal?: AbortSignal,
) => Promise<Delivery>;

export interface DeliveryDependencies {
  readonly clock: Clock;
  readonly vault: Vault;
  readonly send: Send;
}

export function createDelivery({ clock, vault, send }: DeliveryDependencies): Deliver {
  return async (webhook, event, attempt, signal) => {
    const { id: webhookId, url } = webhook;
    const contexts = secretContexts(webhookId);
    const secret = vault.decrypt(webhook.signingSecretEncrypted, contexts.secret);
    const body = JSON.stringify(event);
    const headers = {
      "content-type": CLOUD_EVENT_MEDIA_TYPE,
      authorization: `Bearer ${vault.decrypt(webhook.bearerTokenEncrypted, contexts.token)}`,
      ...signatureHeaders(secret, event.id, clock.now(), body),
    };
    const answer = await send(url, { headers, body }, signal);
    const result = { webhookId, eventId: event.id, eventType: event.type, url, ...kept(answer), attempt };
    return { answer, result: { ...result, at: clock.now() } };
  };
}

export const isTaken = (answer: Answer): boolean =>
  answer.type === "answered" && answer.status >= 200 && answer.status < 300;

function kept(answer: Answer) {
  const success = isTaken(answer);
  if (answer.type === "unreachable") {
    return { responseStatus: null, responseBody: null, error: answer.reason, success };
  }
  // Some receivers answer with what they were sent.
  return { responseStatus: answer.status, responseBody: maskSecrets(answer.body), error: null, success };
}

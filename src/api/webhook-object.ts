import { toIso } from "../clock.ts";
import type { Webhook, WebhookResult } from "../webhooks/webhook.ts";
import type { WebhookObject, WebhookResultObject } from "./schemas/webhook.ts";

const isoOrNull = (at: number | null): string | null => (at === null ? null : toIso(at));

export const webhookObject = (webhook: Webhook): WebhookObject => ({
  id: webhook.id,
  name: webhook.name,
  url: webhook.url,
  authMethod: webhook.authMethod,
  subscribedEvents: [...webhook.subscribedEvents],
  passTemplate: webhook.templateId,
  active: webhook.active,
  createdAt: toIso(webhook.createdAt),
  updatedAt: toIso(webhook.updatedAt),
  includeValues: webhook.includeValues,
  inactiveReason: webhook.inactiveReason,
  failingSince: isoOrNull(webhook.failingSince),
  pausedUntil: isoOrNull(webhook.pausedUntil),
});

export const webhookResultObject = (result: WebhookResult): WebhookResultObject => ({
  id: String(result.id),
  webhookId: result.webhookId,
  url: result.url,
  responseStatus: result.responseStatus,
  responseBody: result.responseBody,
  success: result.success,
  attempt: result.attempt,
  createdAt: toIso(result.at),
  updatedAt: toIso(result.at),
  eventId: result.eventId,
  eventType: result.eventType,
  error: result.error,
});

import type { LifecycleEventKind } from "../passes/pass.ts";

/** PassNinja's names of what happens to a pass. */
export const EVENT_TYPES = {
  created: "pn.pass.issued",
  installed: "pn.pass.installed",
  updated: "pn.pass.updated",
  uninstalled: "pn.pass.uninstalled",
  deleted: "pn.pass.deleted",
} as const satisfies Record<LifecycleEventKind, string>;

export type EventType = (typeof EVENT_TYPES)[LifecycleEventKind];

/** Sent by a test alone; nobody subscribes to it. */
export const PING = "pn.webhook.ping";

export const KNOWN_EVENT_TYPES: readonly EventType[] = Object.values(EVENT_TYPES);

/** Who wants to be told, without the secrets. Times in milliseconds. */
export interface Webhook {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly url: string;
  readonly authMethod: "bearer_token";
  readonly subscribedEvents: readonly EventType[];
  /** Null: the passes of every template. */
  readonly templateId: string | null;
  /** Whether deliveries carry the values of the pass's fields. */
  readonly includeValues: boolean;
  readonly active: boolean;
  /** Why the server switched it off; null where a person did. */
  readonly inactiveReason: string | null;
  readonly consecutiveFailures: number;
  readonly failingSince: number | null;
  /** Until then nothing is sent; afterwards one delivery at a time, until one is taken. */
  readonly pausedUntil: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What came of one delivery. */
export interface WebhookResult {
  readonly id: number;
  readonly webhookId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly url: string;
  /** Null where no answer came; `error` says why. */
  readonly responseStatus: number | null;
  readonly responseBody: string | null;
  readonly error: string | null;
  readonly success: boolean;
  readonly attempt: number;
  readonly at: number;
}

import { EVENT_TYPES, type EventType, PING, type Webhook, type WebhookResult } from "../../../webhooks/webhook.ts";
import type { Tone } from "../components/badge.tsx";

/** What webhooks and their events are called on pages. */

export const EVENT_WORDS: Readonly<Record<EventType, string>> = {
  [EVENT_TYPES.created]: "A pass was issued",
  [EVENT_TYPES.installed]: "It was added to a wallet",
  [EVENT_TYPES.updated]: "It changed",
  [EVENT_TYPES.uninstalled]: "It was removed from a wallet",
  [EVENT_TYPES.deleted]: "It was ended for good",
};

const SHORT_EVENT_WORDS: Readonly<Record<string, string>> = {
  [EVENT_TYPES.created]: "issued",
  [EVENT_TYPES.installed]: "installed",
  [EVENT_TYPES.updated]: "updated",
  [EVENT_TYPES.uninstalled]: "uninstalled",
  [EVENT_TYPES.deleted]: "deleted",
  [PING]: "ping",
};

export const shortEventWords = (type: string): string => SHORT_EVENT_WORDS[type] ?? type;

export interface WebhookState {
  readonly tone: Tone;
  readonly word: string;
}

/** How a receiver stands now. */
export function webhookState({ active, inactiveReason, failingSince, pausedUntil }: Webhook): WebhookState {
  if (!active)
    return inactiveReason === null ? { tone: "plain", word: "Paused" } : { tone: "bad", word: "Switched off" };
  if (pausedUntil !== null) return { tone: "bad", word: "Failing" };
  return failingSince === null ? { tone: "good", word: "Working" } : { tone: "warning", word: "Failing" };
}

/** What a receiver answered, in a few words. */
export const answerWords = ({ responseStatus, error }: WebhookResult): string =>
  responseStatus === null ? (error ?? "no answer") : String(responseStatus);

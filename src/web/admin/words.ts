import type { JobState } from "../../outbox/job.ts";
import type { Recipient } from "../../passes/recipient-store.ts";
import type { PassStatus } from "../../passes/status.ts";
import type { PassStyle } from "../../templates/definition.ts";
import type { Tone } from "./components/badge.tsx";

/** What states are called on pages, and how they are coloured. */

export const PASS_STATUS_TONES: Readonly<Record<PassStatus, Tone>> = {
  issued: "accent",
  installed: "good",
  uninstalled: "plain",
  voided: "warning",
  expired: "warning",
  deleted: "plain",
};

export const JOB_STATE_TONES: Readonly<Record<JobState, Tone>> = {
  waiting: "plain",
  ready: "accent",
  leased: "accent",
  dead: "bad",
};

export const JOB_STATE_WORDS: Readonly<Record<JobState, string>> = {
  waiting: "Behind another",
  ready: "To be done",
  leased: "Being done",
  dead: "Given up",
};

const JOB_KINDS: Readonly<Record<string, string>> = {
  "klaviyo.profile": "Klaviyo profile",
  "klaviyo.event": "Klaviyo event",
  "klaviyo.record": "Klaviyo record",
  "klaviyo.erasure": "Wish to be forgotten to Klaviyo",
  "klaviyo.resync": "Klaviyo resync",
  "klaviyo.ingestion": "Klaviyo ingestion log",
  "recipient.restyle": "Changed name to phones",
  "apple.push": "Push to a phone",
  "apple.push.bulk": "Push of a new design",
  "webhook.delivery": "Outgoing webhook",
  "template.rollout": "New design to phones",
};

/** What a job does, in a word or two. */
export const jobKindWords = (kind: string): string => JOB_KINDS[kind] ?? kind;

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the styles of Apple's pass.json are called, and what each is for. */
export const STYLE_WORDS: Readonly<Record<PassStyle, { readonly name: string; readonly about: string }>> = {
  storeCard: { name: "Store card", about: "Points, stamps or credit of a shop" },
  coupon: { name: "Coupon", about: "An offer to be used once" },
  eventTicket: { name: "Event ticket", about: "Concert, match, museum" },
  generic: { name: "Generic", about: "Membership or anything else" },
  boardingPass: { name: "Boarding pass", about: "A journey from here to there" },
  posterGeneric: { name: "Poster", about: "A large picture, from iOS 27" },
};

/** Whom a pass is for, by what is known of them. */
export const whoIs = ({ name, email, phone }: Pick<Recipient, "name" | "email" | "phone">): string | null =>
  name ?? email ?? phone;

/** A length of time of whole seconds, minutes, hours or days. */
export function durationWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${seconds / 60} min`;
  return seconds < 86_400 ? `${seconds / 3_600} h` : countDays(seconds / 86_400);
}

const countDays = (days: number): string => (days === 1 ? "a day" : `${days} days`);

export const perMinute = (rate: number): string =>
  `${rate >= 10 ? Math.round(rate).toLocaleString("en") : rate.toFixed(1)} a minute`;

const MB = 1024 * 1024;
export const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(bytes < 100 * MB ? 1 : 0)} MB`;

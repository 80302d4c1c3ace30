import { passObject } from "../api/pass-object.ts";
import { toIso } from "../clock.ts";
import { looksLikeSerial } from "../ids.ts";
import type { Pass } from "../passes/pass.ts";
import type { PassEvent } from "../passes/pass-store.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import { EVENT_TYPES, PING, type Webhook } from "./webhook.ts";

/** CloudEvents 1.0 in structured mode (cloudevents.io, "JSON Event Format", section 3). */
export const CLOUD_EVENT_MEDIA_TYPE = "application/cloudevents+json";

export interface CloudEvent {
  readonly specversion: "1.0";
  /** The same at every try and for every webhook: together with `source` it tells a repeat. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** When it happened. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly data: object;
}

export interface PassEventSubject {
  readonly event: PassEvent;
  readonly pass: Pass;
  readonly template: TemplateVersion;
}

/** `data` is the pass as it is now, so that a late delivery never brings back an older state. */
export function passCloudEvent(
  { event, pass, template }: PassEventSubject,
  { includeValues }: Pick<Webhook, "includeValues">,
  publicUrl: string,
  now: number,
): CloudEvent {
  const { pass: values, ...facts } = passObject(pass, template, publicUrl, now);
  return {
    specversion: "1.0",
    id: `${pass.serial}:${event.id}`,
    source: publicUrl,
    type: EVENT_TYPES[event.kind],
    subject: pass.serial,
    time: toIso(event.at),
    datacontenttype: "application/json",
    data: includeValues ? { ...facts, pass: values } : facts,
  };
}

/** Whose event it was, by its id; nothing of what a test sent. */
export function serialOfEvent(id: string): string | undefined {
  const [serial = ""] = id.split(":");
  return looksLikeSerial(serial) ? serial : undefined;
}

/** What a test sends. */
export function pingCloudEvent(webhook: Webhook, id: string, now: number, publicUrl: string): CloudEvent {
  return {
    specversion: "1.0",
    id,
    source: publicUrl,
    type: PING,
    subject: webhook.id,
    time: toIso(now),
    datacontenttype: "application/json",
    data: { webhookId: webhook.id, name: webhook.name },
  };
}

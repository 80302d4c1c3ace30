import { toIso } from "../clock.ts";
import type { LifecycleEventKind, Pass, PassState } from "../passes/pass.ts";
import type { PassEvent } from "../passes/pass-store.ts";
import type { Recipient } from "../passes/recipient-store.ts";
import type { Json, JsonObject } from "../templates/placeholders.ts";
import type { KlaviyoRequest } from "./client.ts";
import { cutText, MAX_EVENT_TEXT_BYTES } from "./sizes.ts";
import { prefixOf, type WriteBackSubject } from "./subject.ts";

/**
 * How a profile is named in a request: by its id, or by exactly one identifier, because two that belong to different
 * profiles are refused as a conflict.
 */
export type ProfileTarget =
  | { readonly by: "id"; readonly id: string }
  | { readonly by: "external_id" | "email" | "phone_number"; readonly value: string };

/** Ways to name the recipient's profile, the strongest first. */
export function profileTargets({ klaviyoId, externalId, email, phone }: Recipient): ProfileTarget[] {
  const targets: ProfileTarget[] = [];
  if (klaviyoId) targets.push({ by: "id", id: klaviyoId });
  if (externalId) targets.push({ by: "external_id", value: externalId });
  if (email) targets.push({ by: "email", value: email });
  if (phone) targets.push({ by: "phone_number", value: phone });
  return targets;
}

/** A profile with what it is told, as a JSON:API resource: properties and, where the rule says so, `external_id`. */
export function profileResource(
  subjects: readonly WriteBackSubject[],
  target: ProfileTarget,
  externalId: string | undefined,
  urlOf: (pass: Pass) => string,
): JsonObject {
  const properties: Record<string, Json> = {};
  for (const { shown, template } of subjects) {
    const prefix = prefixOf(template);
    properties[`${prefix}_serial`] = shown.serial;
    properties[`${prefix}_url`] = urlOf(shown);
    properties[`${prefix}_state`] = shown.state;
    properties[`${prefix}_updated_at`] = toIso(shown.updatedAt);
  }
  return {
    type: "profile",
    ...(target.by === "id" ? { id: target.id } : {}),
    attributes: {
      ...(externalId === undefined ? {} : { external_id: externalId }),
      ...(target.by === "id" ? {} : { [target.by]: target.value }),
      properties,
    },
  };
}

/** Creates the profile or updates it. Safe to repeat. */
export const profileRequest = (resource: JsonObject): KlaviyoRequest => ({
  method: "POST",
  path: "/api/profile-import",
  body: { data: resource },
});

/** The same for at most 10,000 profiles; Klaviyo works on them afterwards. Safe to repeat. */
export const profileImportRequest = (resources: readonly JsonObject[]): KlaviyoRequest => ({
  method: "POST",
  path: "/api/profile-bulk-import-jobs",
  body: { data: { type: "profile-bulk-import-job", attributes: { profiles: { data: [...resources] } } } },
});

const METRICS: Record<LifecycleEventKind, string> = {
  created: "Pass Created",
  installed: "Pass Installed",
  updated: "Pass Updated",
  uninstalled: "Pass Uninstalled",
  deleted: "Pass Deleted",
};

/** What an event left the pass in; an update leaves it as it is. */
const STATE_AFTER: Partial<Record<LifecycleEventKind, PassState>> = {
  created: "active",
  installed: "active",
  uninstalled: "uninstalled",
  deleted: "deleted",
};

const profileOf = (target: ProfileTarget): JsonObject =>
  target.by === "id"
    ? { type: "profile", id: target.id, attributes: {} }
    : { type: "profile", attributes: { [target.by]: target.value } };

/** `unique_id` makes a repeat count once; `time` is when it happened, not when it is sent. */
function eventAttributes({ pass, template, url }: WriteBackSubject, event: PassEvent): JsonObject {
  return {
    metric: { data: { type: "metric", attributes: { name: METRICS[event.kind] } } },
    properties: {
      serial: pass.serial,
      url,
      template: template.definition.name,
      template_id: template.id,
      platform: "apple",
      state: STATE_AFTER[event.kind] ?? pass.state,
      voided: pass.voided,
      changed_fields: cutText(event.changedFields.join(", "), MAX_EVENT_TEXT_BYTES),
    },
    time: toIso(event.at),
    unique_id: `${pass.serial}:${event.kind}:${event.id}`,
  };
}

/** One event; `backfill` records it without starting flows. Safe to repeat. */
export const eventRequest = (
  subject: WriteBackSubject,
  event: PassEvent,
  target: ProfileTarget,
  backfill: boolean,
): KlaviyoRequest => ({
  method: "POST",
  path: "/api/events",
  body: {
    data: {
      type: "event",
      attributes: {
        ...eventAttributes(subject, event),
        profile: { data: profileOf(target) },
        ...(backfill ? { backfill: true } : {}),
      },
    },
  },
});

/** An event among others, with its profile. */
export const bulkEvent = (subject: WriteBackSubject, event: PassEvent, target: ProfileTarget): JsonObject => ({
  type: "event-bulk-create",
  attributes: {
    profile: { data: profileOf(target) },
    events: { data: [{ type: "event", attributes: eventAttributes(subject, event) }] },
  },
});

/** At most 1,000 events. One that Klaviyo has already makes it refuse all of them, so this is never repeated. */
export const eventsRequest = (events: readonly JsonObject[]): KlaviyoRequest => ({
  method: "POST",
  path: "/api/event-bulk-create-jobs",
  body: { data: { type: "event-bulk-create-job", attributes: { "events-bulk-create": { data: [...events] } } } },
});

const dataSource = (id: string): JsonObject => ({ "data-source": { data: { type: "data-source", id } } });
const recordResource = (record: JsonObject): JsonObject => ({ type: "data-source-record", attributes: { record } });

/** One record of a custom object, whole. Safe to repeat. The answer says nothing about whether it fits the schema. */
export const recordRequest = (dataSourceId: string, record: JsonObject): KlaviyoRequest => ({
  method: "POST",
  path: "/api/data-source-record-create-jobs",
  body: {
    data: {
      type: "data-source-record-create-job",
      attributes: { "data-source-record": { data: recordResource(record) } },
      relationships: dataSource(dataSourceId),
    },
  },
});

/** At most 500 of them. */
export const recordsRequest = (dataSourceId: string, records: readonly JsonObject[]): KlaviyoRequest => ({
  method: "POST",
  path: "/api/data-source-record-bulk-create-jobs",
  body: {
    data: {
      type: "data-source-record-bulk-create-job",
      attributes: { "data-source-records": { data: records.map(recordResource) } },
      relationships: dataSource(dataSourceId),
    },
  },
});

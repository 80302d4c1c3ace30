import { toIso } from "../clock.ts";
import type { LifecycleEventKind, Pass } from "../passes/pass.ts";
import type { PassEvent } from "../passes/pass-store.ts";
import type { Recipient } from "../passes/recipient-store.ts";
import type { Json } from "../templates/placeholders.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { KlaviyoRequest } from "./client.ts";

/** Everything that a write-back of one pass tells of. */
export interface WriteBackSubject {
  readonly pass: Pass;
  readonly recipient: Recipient;
  readonly template: TemplateVersion;
  /** The `/p/` link. */
  readonly url: string;
  /** Whether the profile's `external_id` becomes the serial number. */
  readonly setsExternalId: boolean;
}

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

/** `POST /api/profile-import`: properties and, where the rule says so, `external_id`. Safe to repeat. */
export function profileRequest(
  subject: WriteBackSubject,
  target: ProfileTarget,
  withExternalId: boolean,
): KlaviyoRequest {
  const { pass, template, url } = subject;
  const prefix = template.definition.profilePropertyPrefix ?? "wallet_pass";
  const attributes: Record<string, Json> = {
    ...(withExternalId ? { external_id: pass.serial } : {}),
    ...(target.by === "id" ? {} : { [target.by]: target.value }),
    properties: {
      [`${prefix}_serial`]: pass.serial,
      [`${prefix}_url`]: url,
      [`${prefix}_state`]: pass.state,
      [`${prefix}_updated_at`]: toIso(pass.updatedAt),
    },
  };
  return {
    method: "POST",
    path: "/api/profile-import",
    body: { data: { type: "profile", ...(target.by === "id" ? { id: target.id } : {}), attributes } },
  };
}

const METRICS: Record<LifecycleEventKind, string> = {
  created: "Pass Created",
  installed: "Pass Installed",
  updated: "Pass Updated",
  uninstalled: "Pass Uninstalled",
  deleted: "Pass Deleted",
};

/** `POST /api/events`. Its `unique_id` makes a repeat count once; `time` is when it happened, not when it is sent. */
export function eventRequest(subject: WriteBackSubject, event: PassEvent, target: ProfileTarget): KlaviyoRequest {
  const { pass, template, url } = subject;
  const profile =
    target.by === "id"
      ? { type: "profile", id: target.id, attributes: {} }
      : { type: "profile", attributes: { [target.by]: target.value } };
  return {
    method: "POST",
    path: "/api/events",
    body: {
      data: {
        type: "event",
        attributes: {
          metric: { data: { type: "metric", attributes: { name: METRICS[event.kind] } } },
          profile: { data: profile },
          properties: {
            serial: pass.serial,
            url,
            template: template.definition.name,
            template_id: template.id,
            platform: "apple",
            state: pass.state,
            changed_fields: event.changedFields.join(", "),
          },
          time: toIso(event.at),
          unique_id: `${pass.serial}:${event.kind}:${event.id}`,
        },
      },
    },
  };
}

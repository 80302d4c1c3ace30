import { invalidParameter } from "./errors.ts";
import type { Call } from "./operation.ts";
import { type FakeProfile, LOCATION_FIELDS } from "./profile.ts";

const FIELDS = "fields[profile]";
const RELATIONSHIPS = ["lists", "segments", "push-tokens", "conversation"] as const;
const ATTRIBUTES = [
  "email",
  "phone_number",
  "external_id",
  "anonymous_id",
  "whatsapp_bsuid",
  "first_name",
  "last_name",
  "organization",
  "locale",
  "title",
  "image",
  "created",
  "updated",
  "last_event_date",
  "location",
  "properties",
] as const;

/** The query parameters of an operation are closed too: an option the fake does not model must not pass unnoticed. */
export function checkQuery(query: URLSearchParams, allowed: readonly string[]): void {
  for (const name of query.keys()) {
    if (!allowed.includes(name)) throw invalidParameter(name, `'${name}' is not a parameter of this endpoint here.`);
  }
}

function allAttributes(profile: FakeProfile): Readonly<Record<string, unknown>> {
  const everything: Readonly<Record<string, unknown>> = { ...profile, whatsapp_bsuid: null };
  return Object.fromEntries(ATTRIBUTES.map((name) => [name, everything[name]]));
}

function sparseAttributes(profile: FakeProfile, fields: string): Readonly<Record<string, unknown>> {
  const all = allAttributes(profile);
  const attributes: Record<string, unknown> = {};
  const location: Record<string, unknown> = {};
  for (const field of fields.split(",")) {
    const inner = LOCATION_FIELDS.find((name) => field === `location.${name}`);
    if (inner !== undefined) location[inner] = profile.location[inner];
    else if (field in all) attributes[field] = all[field];
    else if (field !== "id") throw invalidParameter(FIELDS, `'${field}' is not a field of the resource 'profile'.`);
  }
  if (Object.keys(location).length > 0) attributes["location"] ??= location;
  return attributes;
}

export function profileResource(profile: FakeProfile, call: Call): Readonly<Record<string, unknown>> {
  const self = `${call.origin}/api/profiles/${profile.id}/`;
  const fields = call.query.get(FIELDS);
  const relationships = RELATIONSHIPS.map((name) => [
    name,
    { links: { self: `${self}relationships/${name}/`, related: `${self}${name}/` } },
  ]);
  return {
    type: "profile",
    id: profile.id,
    attributes: fields === null ? allAttributes(profile) : sparseAttributes(profile, fields),
    relationships: Object.fromEntries(relationships),
    links: { self },
  };
}

export function profileDocument(profile: FakeProfile, call: Call): unknown {
  return { data: profileResource(profile, call), links: { self: call.origin + call.target } };
}

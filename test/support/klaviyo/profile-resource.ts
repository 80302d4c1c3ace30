import { type Attributes, documentOf, relationship, sparse } from "./json-api.ts";
import type { Call } from "./operation.ts";
import type { FakeProfile } from "./profile.ts";

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

export function profileResource(profile: FakeProfile, call: Call): Attributes {
  const self = `${call.origin}/api/profiles/${profile.id}/`;
  const everything: Attributes = { ...profile, whatsapp_bsuid: null };
  const attributes = Object.fromEntries(ATTRIBUTES.map((name) => [name, everything[name]]));
  return {
    type: "profile",
    id: profile.id,
    attributes: sparse("profile", attributes, call.query),
    relationships: Object.fromEntries(RELATIONSHIPS.map((name) => [name, relationship(self, name)])),
    links: { self },
  };
}

export function profileDocument(profile: FakeProfile, call: Call): unknown {
  return documentOf(call, profileResource(profile, call));
}

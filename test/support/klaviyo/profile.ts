import type { ProfileAttributes, ProfileMeta } from "./body-schemas.ts";
import { IDENTIFIERS, normaliseIdentifier } from "./identifiers.ts";
import { formatInstant } from "./instants.ts";

const TEXT_FIELDS = ["first_name", "last_name", "organization", "locale", "title", "image"] as const;
export const LOCATION_FIELDS = [
  "address1",
  "address2",
  "city",
  "country",
  "latitude",
  "longitude",
  "region",
  "zip",
  "timezone",
  "ip",
] as const;

type TextFields = { readonly [Field in (typeof IDENTIFIERS)[number] | (typeof TEXT_FIELDS)[number]]: string | null };
export type ProfileLocation = { readonly [Field in (typeof LOCATION_FIELDS)[number]]: string | number | null };
export type Properties = Readonly<Record<string, unknown>>;

/** A snapshot: every write puts a new object in the place of the old one. */
export interface FakeProfile extends TextFields {
  readonly id: string;
  readonly location: ProfileLocation;
  readonly properties: Properties;
  readonly created: string;
  readonly updated: string;
  readonly last_event_date: string | null;
}

/** Which end a value is appended at: recorded as the front for an update and the back for an import. */
export type AppendAt = "front" | "back";

const NOWHERE: ProfileLocation = {
  address1: null,
  address2: null,
  city: null,
  country: null,
  latitude: null,
  longitude: null,
  region: null,
  zip: null,
  timezone: null,
  ip: null,
};

export function blankProfile(id: string, milliseconds: number): FakeProfile {
  const instant = formatInstant(milliseconds);
  return {
    id,
    email: null,
    phone_number: null,
    external_id: null,
    anonymous_id: null,
    first_name: null,
    last_name: null,
    organization: null,
    locale: null,
    title: null,
    image: null,
    location: NOWHERE,
    properties: {},
    created: instant,
    updated: instant,
    last_event_date: null,
  };
}

function valuesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A repeated append duplicates the value: what Klaviyo does is unknown, and this is the case a client must survive. */
function patchProperties(properties: Properties, meta: ProfileMeta | undefined, appendAt: AppendAt): Properties {
  const patch = meta?.patch_properties;
  const result = new Map(Object.entries(properties));
  for (const [key, added] of Object.entries(patch?.append ?? {})) {
    const present = valuesOf(result.get(key));
    result.set(key, appendAt === "front" ? [...valuesOf(added), ...present] : [...present, ...valuesOf(added)]);
  }
  for (const [key, removed] of Object.entries(patch?.unappend ?? {})) {
    if (!result.has(key)) continue;
    const unwanted = valuesOf(removed);
    const kept = valuesOf(result.get(key)).filter((value) => !unwanted.includes(value));
    result.set(key, kept);
  }
  for (const key of valuesOf(patch?.unset ?? undefined)) result.delete(String(key));
  return Object.fromEntries(result);
}

export interface ProfileChange {
  readonly attributes: ProfileAttributes;
  readonly meta?: ProfileMeta | undefined;
  readonly appendAt: AppendAt;
}

/** An absent field stays, null clears it; `properties` merge by key and keep an explicit null as a value. */
export function changeProfile(profile: FakeProfile, change: ProfileChange, milliseconds: number): FakeProfile {
  const { attributes } = change;
  const texts: Record<string, string | null> = {};
  for (const field of IDENTIFIERS) {
    const value = attributes[field];
    if (value !== undefined) texts[field] = value === null ? null : normaliseIdentifier(field, value);
  }
  for (const field of TEXT_FIELDS) {
    const value = attributes[field];
    if (value !== undefined) texts[field] = value;
  }
  const properties = { ...profile.properties, ...attributes.properties };
  return {
    ...profile,
    ...texts,
    location: { ...profile.location, ...attributes.location },
    properties: patchProperties(properties, change.meta, change.appendAt),
    updated: formatInstant(milliseconds),
  };
}

/** The destination of a merge keeps what it has; the source fills the gaps. */
export function absorbProfile(target: FakeProfile, source: FakeProfile, milliseconds: number): FakeProfile {
  const texts: Record<string, string | null> = {};
  for (const field of [...IDENTIFIERS, ...TEXT_FIELDS]) texts[field] = target[field] ?? source[field];
  const location: Record<string, string | number | null> = {};
  for (const field of LOCATION_FIELDS) location[field] = target.location[field] ?? source.location[field];
  return {
    ...target,
    ...texts,
    location: { ...target.location, ...location },
    properties: { ...source.properties, ...target.properties },
    updated: formatInstant(milliseconds),
  };
}

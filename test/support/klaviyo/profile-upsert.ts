import type { ProfileUpsert } from "./body-schemas.ts";
import { checkIdentifiers, givenIdentifiers, requireIdentifier } from "./identifiers.ts";
import type { FakeProfile } from "./profile.ts";
import { profileForWrite } from "./profile-identity.ts";
import type { ProfileStore } from "./profile-store.ts";

/**
 * Creates or changes the profile that the id or the identifiers name; the same for profile-import and for one profile of
 * a bulk job. `pointer` leads to its attributes. An id that nobody has is a 404: what Klaviyo does is unknown, and a
 * profile made up under it would be worse.
 */
export function upsertProfile(
  profiles: ProfileStore,
  { id, attributes, meta }: ProfileUpsert,
  pointer: string,
): { readonly profile: FakeProfile; readonly isNew: boolean } {
  const given = givenIdentifiers(attributes);
  checkIdentifiers(attributes, pointer);
  requireIdentifier(id, given, pointer);
  const existing = profileForWrite(profiles, id, given);
  const change = { attributes, meta, appendAt: "back" } as const;
  const profile = existing === undefined ? profiles.create(change) : profiles.change(existing, change);
  return { profile, isNew: existing === undefined };
}

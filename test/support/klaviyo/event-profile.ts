import type { Account } from "./account.ts";
import type { ProfileAttributes, ProfileMeta } from "./body-schemas.ts";
import { givenIdentifiers, IDENTIFIERS, type Identifier } from "./identifiers.ts";
import type { FakeProfile, ProfileChange } from "./profile.ts";
import { profileForEvent } from "./profile-identity.ts";
import { mergeNow } from "./profile-merge.ts";

export interface GivenProfile {
  readonly id?: string | null | undefined;
  readonly attributes: ProfileAttributes;
  readonly meta?: ProfileMeta | undefined;
}

/**
 * What an event changes in its profile. Property values `0`, `null` and `""` are dropped: a public note says that
 * Klaviyo ignores them in event-borne updates, so a client must write them through profile-import.
 */
function changeOf({ attributes, meta }: GivenProfile, learned: readonly Identifier[]): ProfileChange {
  const properties = Object.entries(attributes.properties ?? {}).filter(
    ([, value]) => value !== 0 && value !== null && value !== "",
  );
  const others = Object.entries(attributes).filter(
    ([field]) => !IDENTIFIERS.some((identifier) => identifier === field),
  );
  return {
    attributes: {
      ...Object.fromEntries(others),
      ...Object.fromEntries(learned.map(({ field, value }) => [field, value])),
      properties: Object.fromEntries(properties),
    },
    meta: meta ?? attributes.meta,
    appendAt: "back",
  };
}

/** The profile of an event, made or changed by it. A profile id that does not exist is refused, like everywhere else. */
export function profileOfEvent(account: Account, given: GivenProfile): FakeProfile {
  const { profiles } = account;
  const { target, absorbed, learned } = profileForEvent(profiles, given.id, givenIdentifiers(given.attributes));
  if (target === undefined) return profiles.create(changeOf(given, learned));
  let profile = target;
  for (const source of absorbed) profile = mergeNow(account, source, profile, 0);
  return profiles.change(profile, changeOf(given, learned));
}

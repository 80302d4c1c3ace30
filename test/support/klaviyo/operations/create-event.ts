import { EventCreateQuery, type ProfileAttributes } from "../body-schemas.ts";
import { checkBody } from "../check-body.ts";
import { checkEvent } from "../event-limits.ts";
import { formatSecond } from "../event-store.ts";
import { checkIdentifiers, givenIdentifiers, IDENTIFIERS, type Identifier, requireIdentifier } from "../identifiers.ts";
import type { Account, Operation } from "../operation.ts";
import type { FakeProfile, ProfileChange } from "../profile.ts";
import { profileForEvent } from "../profile-identity.ts";
import { checkQuery } from "../profile-resource.ts";

const POINTER = "/data/attributes/profile/data/attributes";

/**
 * What an event changes in its profile. Property values `0`, `null` and `""` are dropped: a public note says that
 * Klaviyo ignores them in event-borne updates, so a client must write them through profile-import.
 */
function changeOf(attributes: ProfileAttributes, learned: readonly Identifier[]): ProfileChange {
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
    meta: attributes.meta,
    appendAt: "back",
  };
}

function profileOf(
  { profiles, events }: Account,
  id: string | null | undefined,
  attributes: ProfileAttributes,
): FakeProfile {
  const { target, absorbed, learned } = profileForEvent(profiles, id, givenIdentifiers(attributes));
  if (target === undefined) return profiles.create(changeOf(attributes, learned));
  let profile = target;
  for (const source of absorbed) {
    profile = profiles.merge(source.id, target.id);
    events.rehome(source.id, target.id);
  }
  return profiles.change(profile, changeOf(attributes, learned));
}

export const createEvent: Operation = {
  operationId: "create_event",
  method: "POST",
  path: "/api/events",
  limits: { burst: 350, steady: 3_500 },
  handle(call, account) {
    checkQuery(call.query, []);
    const { attributes } = checkBody(EventCreateQuery, call.body).data;
    const profile = attributes.profile.data;
    checkIdentifiers(profile.attributes, POINTER);
    requireIdentifier(profile.id, givenIdentifiers(profile.attributes), POINTER);
    const timestamp = checkEvent(attributes, account.now());
    // Assumption: a profile id that does not exist is refused at once, like everywhere else.
    const { id } = profileOf(account, profile.id, profile.attributes);
    const event = account.events.add(id, attributes, timestamp);
    if (event.deliveries === 1) account.profiles.noteEvent(id, formatSecond(timestamp));
    return { status: 202 };
  },
};

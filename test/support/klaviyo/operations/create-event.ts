import { EventCreateQuery } from "../body-schemas.ts";
import { checkEvent } from "../event-limits.ts";
import { profileOfEvent } from "../event-profile.ts";
import { checkIdentifiers, givenIdentifiers, requireIdentifier } from "../identifiers.ts";
import { operation } from "../operation.ts";
import { recordEvent } from "../record-event.ts";

const ATTRIBUTES = "/data/attributes";
const PROFILE = `${ATTRIBUTES}/profile/data/attributes`;

export const createEvent = operation({
  operationId: "create_event",
  method: "POST",
  path: "/api/events",
  limits: { burst: 350, steady: 3_500 },
  scopes: ["events:write"],
  body: EventCreateQuery,
  handle({ body }, account) {
    const { profile, ...event } = body.data.attributes;
    checkIdentifiers(profile.data.attributes, PROFILE);
    requireIdentifier(profile.data.id, givenIdentifiers(profile.data.attributes), PROFILE);
    const timestamp = checkEvent(event, account.now(), ATTRIBUTES);
    recordEvent(account, profileOfEvent(account, profile.data), event, timestamp);
    return { status: 202 };
  },
});

import type { Account } from "../account.ts";
import { checkCount } from "../batch-limits.ts";
import { type EventAttributes, EventsBulkCreateJob } from "../body-schemas.ts";
import { invalid, type Problem } from "../errors.ts";
import { checkEvent } from "../event-limits.ts";
import { type GivenProfile, profileOfEvent } from "../event-profile.ts";
import { checkIdentifiers, givenIdentifiers, requireIdentifier } from "../identifiers.ts";
import { operation } from "../operation.ts";
import { profileForEvent } from "../profile-identity.ts";
import { recordEvent } from "../record-event.ts";

const BATCH = "/data/attributes/events-bulk-create/data";

interface Entry {
  readonly profile: GivenProfile;
  readonly events: readonly EntryEvent[];
}

interface EntryEvent {
  readonly attributes: EventAttributes;
  readonly pointer: string;
  readonly timestamp: number;
}

/** Whom the entry is about, before anything is changed: the profile's id, or its identifiers while it has none. */
function nameOf({ profiles }: Account, { id, attributes }: GivenProfile): string {
  const given = givenIdentifiers(attributes);
  return profileForEvent(profiles, id, given).target?.id ?? JSON.stringify(given[0]);
}

/**
 * Documented: a repeated `unique_id` fails the whole request. Repeated is what comes twice in it for a profile and metric
 * and what was counted before. The answer's status is unpublished.
 */
function checkUniqueIds(account: Account, entries: readonly Entry[]): void {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { profile, events } of entries) {
    const name = nameOf(account, profile);
    for (const { attributes, pointer } of events) {
      const uniqueId = attributes.unique_id;
      if (typeof uniqueId !== "string") continue;
      const metric = attributes.metric.data.attributes.name;
      const key = JSON.stringify([name, metric, uniqueId]);
      if (seen.has(key) || account.events.find(name, metric, uniqueId) !== undefined) {
        problems.push({
          pointer: `${pointer}/unique_id`,
          detail: `An event with unique_id '${uniqueId}' already exists.`,
        });
      }
      seen.add(key);
    }
  }
  if (problems.length > 0) throw invalid(...problems);
}

export const bulkCreateEvents = operation({
  operationId: "bulk_create_events",
  method: "POST",
  path: "/api/event-bulk-create-jobs",
  limits: { burst: 10, steady: 150 },
  scopes: ["events:write"],
  body: EventsBulkCreateJob,
  handle({ body }, account) {
    const given = body.data.attributes["events-bulk-create"].data;
    const all = given.flatMap(({ attributes }) => attributes.events.data);
    checkCount(all, 1_000, BATCH);
    const entries = given.map(({ attributes: { profile, events, backfill } }, index): Entry => {
      const pointer = `${BATCH}/${index}/attributes`;
      const { id, attributes: identifiers } = profile.data;
      const owner = `${pointer}/profile/data/attributes`;
      checkIdentifiers(identifiers, owner);
      requireIdentifier(id, givenIdentifiers(identifiers), owner);
      return {
        profile: profile.data,
        events: events.data.map((event, number) => {
          const attributes = { ...event.attributes, backfill: event.attributes.backfill ?? backfill ?? false };
          const at = `${pointer}/events/data/${number}/attributes`;
          return { attributes, pointer: at, timestamp: checkEvent(attributes, account.now(), at) };
        }),
      };
    });
    checkUniqueIds(account, entries);
    for (const { profile, events } of entries) {
      const owner = profileOfEvent(account, profile);
      for (const { attributes, timestamp } of events) recordEvent(account, owner, attributes, timestamp);
    }
    return { status: 202 };
  },
});

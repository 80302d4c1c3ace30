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
  readonly events: readonly { readonly attributes: EventAttributes; readonly pointer: string }[];
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
    const entries = body.data.attributes["events-bulk-create"].data.map(({ attributes }, index): Entry => {
      const pointer = `${BATCH}/${index}/attributes`;
      return {
        profile: attributes.profile.data,
        events: attributes.events.data.map((event, number) => ({
          attributes: { ...event.attributes, backfill: event.attributes.backfill ?? attributes.backfill ?? false },
          pointer: `${pointer}/events/data/${number}/attributes`,
        })),
      };
    });
    checkCount(
      entries.flatMap(({ events }) => events),
      1_000,
      BATCH,
    );
    for (const [index, { profile }] of entries.entries()) {
      const pointer = `${BATCH}/${index}/attributes/profile/data/attributes`;
      checkIdentifiers(profile.attributes, pointer);
      requireIdentifier(profile.id, givenIdentifiers(profile.attributes), pointer);
    }
    const timestamps = entries.map(({ events }) =>
      events.map(({ attributes, pointer }) => checkEvent(attributes, account.now(), pointer)),
    );
    checkUniqueIds(account, entries);
    for (const [index, { profile, events }] of entries.entries()) {
      const owner = profileOfEvent(account, profile);
      for (const [number, { attributes }] of events.entries()) {
        recordEvent(account, owner, attributes, timestamps[index]?.[number] ?? 0);
      }
    }
    return { status: 202 };
  },
});

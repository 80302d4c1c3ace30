import type { NewJob } from "../outbox/job.ts";
import type { Pass, PassChange } from "../passes/pass.ts";

/** Everything that goes to Klaviyo shares its limits. */
export const CHANNEL = "klaviyo";
export const PROFILE_JOB = "klaviyo.profile";
export const EVENT_JOB = "klaviyo.event";
export const RECORD_JOB = "klaviyo.record";

/** Writes the pass to its person's profile. `cause` tells one promise from another. */
export const profileJob = ({ accountId, serial }: Pick<Pass, "accountId" | "serial">, cause: string): NewJob => ({
  accountId,
  channel: CHANNEL,
  orderingKey: serial,
  kind: PROFILE_JOB,
  nature: "state",
  idempotencyKey: `${PROFILE_JOB}:${serial}:${cause}`,
  payload: { serial },
});

/** Writes the pass to its record of the custom object. */
export const recordJob = ({ accountId, serial }: Pick<Pass, "accountId" | "serial">, cause: string): NewJob => ({
  accountId,
  channel: CHANNEL,
  orderingKey: serial,
  kind: RECORD_JOB,
  nature: "state",
  idempotencyKey: `${RECORD_JOB}:${serial}:${cause}`,
  payload: { serial },
});

/**
 * What a change of a pass means for Klaviyo: first the profile, then the event, so that a flow which starts on the
 * event finds the profile's properties; then the record, where there is an object for it. A recipient without any
 * identifier has no profile to write to.
 */
export function writeBackJobs({ pass, kind, eventId, identified }: PassChange, withRecord: boolean): NewJob[] {
  if (!identified) return [];
  const { accountId, serial } = pass;
  const event: NewJob = {
    accountId,
    channel: CHANNEL,
    orderingKey: serial,
    kind: EVENT_JOB,
    nature: "event",
    idempotencyKey: `${EVENT_JOB}:${serial}:${kind}:${eventId}`,
    payload: { serial, eventId },
  };
  const cause = String(eventId);
  return [profileJob(pass, cause), event, ...(withRecord ? [recordJob(pass, cause)] : [])];
}

import type { NewJob } from "../outbox/job.ts";
import type { PassChange } from "../passes/pass.ts";

/** Everything that goes to Klaviyo shares its limits. */
export const CHANNEL = "klaviyo";
export const PROFILE_JOB = "klaviyo.profile";
export const EVENT_JOB = "klaviyo.event";
export const RECORD_JOB = "klaviyo.record";

/**
 * What a change of a pass means for Klaviyo: first the profile, then the event, so that a flow which starts on the
 * event finds the profile's properties. A recipient without any identifier has no profile to write to.
 */
export function writeBackJobs({ pass, kind, eventId, identified }: PassChange): NewJob[] {
  if (!identified) return [];
  const { accountId, serial } = pass;
  const shared = { accountId, channel: CHANNEL, orderingKey: serial };
  return [
    {
      ...shared,
      kind: PROFILE_JOB,
      nature: "state",
      idempotencyKey: `${PROFILE_JOB}:${serial}:${eventId}`,
      payload: { serial },
    },
    {
      ...shared,
      kind: EVENT_JOB,
      nature: "event",
      idempotencyKey: `${EVENT_JOB}:${serial}:${kind}:${eventId}`,
      payload: { serial, eventId },
    },
  ];
}

import type { Account } from "./account.ts";
import type { EventAttributes } from "./body-schemas.ts";
import { formatSecond } from "./instants.ts";
import type { FakeProfile } from "./profile.ts";

/** Counts an event, the first time it comes; a metric is there from its first event on. */
export function recordEvent(
  { events, metrics, profiles }: Account,
  { id }: FakeProfile,
  attributes: EventAttributes,
  timestamp: number,
): void {
  const event = events.add(id, attributes, timestamp);
  if (event.deliveries > 1) return;
  metrics.named(event.metric);
  profiles.noteEvent(id, formatSecond(timestamp));
}

import type { EventAttributes } from "./body-schemas.ts";
import type { Ids } from "./ids.ts";
import type { Properties } from "./profile.ts";

/** One event as Klaviyo keeps it, with the number of times it was sent. */
export interface FakeEvent {
  readonly id: string;
  readonly uuid: string;
  /** The metric's name. */
  readonly metric: string;
  readonly profile_id: string;
  readonly unique_id: string;
  /** Seconds. */
  readonly timestamp: number;
  readonly datetime: string;
  /** `properties` as sent plus `$event_id`, `$value` and `$value_currency`. */
  readonly event_properties: Properties;
  readonly backfill: boolean;
  readonly deliveries: number;
}

/** The events of one account, in order of arrival; only the first of (profile, metric, unique_id) counts. */
export class EventStore {
  #events = new Map<string, FakeEvent>();
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  get all(): readonly FakeEvent[] {
    return [...this.#events.values()];
  }

  add(profileId: string, attributes: EventAttributes, timestamp: number): FakeEvent {
    const metric = attributes.metric.data.attributes.name;
    // Documented: without a unique_id the time, to the second, takes its place.
    const uniqueId = attributes.unique_id ?? String(timestamp);
    const key = eventKey(profileId, metric, uniqueId);
    const earlier = this.#events.get(key);
    const event: FakeEvent =
      earlier === undefined
        ? {
            id: this.#ids.short(),
            uuid: this.#ids.uuid(),
            metric,
            profile_id: profileId,
            unique_id: uniqueId,
            timestamp,
            datetime: formatSecond(timestamp),
            event_properties: {
              ...attributes.properties,
              ...(typeof attributes.value_currency === "string" ? { $value_currency: attributes.value_currency } : {}),
              $event_id: uniqueId,
              $value: attributes.value ?? 0,
            },
            backfill: attributes.backfill ?? false,
            deliveries: 1,
          }
        : { ...earlier, deliveries: earlier.deliveries + 1 };
    this.#events.set(key, event);
    return event;
  }

  /** The events of a merged profile follow it; what is a duplicate only since the merge is kept. */
  rehome(sourceId: string, targetId: string): void {
    const events = new Map<string, FakeEvent>();
    for (const [key, event] of this.#events) {
      if (event.profile_id !== sourceId) {
        events.set(key, event);
        continue;
      }
      const newKey = eventKey(targetId, event.metric, event.unique_id);
      const free = !this.#events.has(newKey) && !events.has(newKey);
      events.set(free ? newKey : key, { ...event, profile_id: targetId });
    }
    this.#events = events;
  }
}

export function formatSecond(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().replace(".000Z", "+00:00");
}

function eventKey(profileId: string, metric: string, uniqueId: string): string {
  return JSON.stringify([profileId, metric, uniqueId]);
}

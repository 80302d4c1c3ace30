import type { EventAttributes } from "./body-schemas.ts";
import type { Ids } from "./ids.ts";
import { formatSecond } from "./instants.ts";
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

/** Keeps an event's place in the order of arrival; undefined once it is deleted. */
interface Slot {
  event: FakeEvent | undefined;
}

/** The events of one account, in order of arrival; only the first of (profile, metric, unique_id) counts. */
export class EventStore {
  readonly #slots: Slot[] = [];
  readonly #byKey = new Map<string, Slot>();
  readonly #byProfile = new Map<string, Slot[]>();
  #all: readonly FakeEvent[] | undefined;
  readonly #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** A snapshot. */
  get all(): readonly FakeEvent[] {
    this.#all ??= eventsIn(this.#slots);
    return this.#all;
  }

  ofProfile(profileId: string): readonly FakeEvent[] {
    return eventsIn(this.#byProfile.get(profileId) ?? []);
  }

  find(profileId: string, metric: string, uniqueId: string): FakeEvent | undefined {
    return this.#byKey.get(eventKey(profileId, metric, uniqueId))?.event;
  }

  add(profileId: string, attributes: EventAttributes, timestamp: number): FakeEvent {
    this.#all = undefined;
    const metric = attributes.metric.data.attributes.name;
    // Documented: without a unique_id the time, to the second, takes its place.
    const uniqueId = attributes.unique_id ?? String(timestamp);
    const key = eventKey(profileId, metric, uniqueId);
    const earlier = this.#byKey.get(key);
    if (earlier?.event !== undefined) {
      earlier.event = { ...earlier.event, deliveries: earlier.event.deliveries + 1 };
      return earlier.event;
    }
    const event: FakeEvent = {
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
    };
    const slot = { event };
    this.#slots.push(slot);
    this.#byKey.set(key, slot);
    this.#slotsOf(profileId).push(slot);
    return event;
  }

  /** The events of a merged profile follow it; what is a duplicate only since the merge is kept. */
  rehome(sourceId: string, targetId: string): void {
    for (const slot of this.#take(sourceId)) {
      if (slot.event === undefined) continue;
      slot.event = { ...slot.event, profile_id: targetId };
      const key = eventKey(targetId, slot.event.metric, slot.event.unique_id);
      if (!this.#byKey.has(key)) this.#byKey.set(key, slot);
      this.#slotsOf(targetId).push(slot);
    }
  }

  deleteOf(profileId: string): void {
    for (const slot of this.#take(profileId)) slot.event = undefined;
  }

  #take(profileId: string): readonly Slot[] {
    this.#all = undefined;
    const slots = this.#slotsOf(profileId);
    this.#byProfile.delete(profileId);
    for (const { event } of slots) {
      if (event !== undefined) this.#byKey.delete(eventKey(profileId, event.metric, event.unique_id));
    }
    return slots;
  }

  #slotsOf(profileId: string): Slot[] {
    const slots = this.#byProfile.get(profileId) ?? [];
    this.#byProfile.set(profileId, slots);
    return slots;
  }
}

function eventsIn(slots: readonly Slot[]): readonly FakeEvent[] {
  return slots.map(({ event }) => event).filter((event) => event !== undefined);
}

function eventKey(profileId: string, metric: string, uniqueId: string): string {
  return JSON.stringify([profileId, metric, uniqueId]);
}

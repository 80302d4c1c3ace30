import type { FakeKlaviyo } from "./klaviyo/fake-klaviyo.ts";
import { readRows } from "./prepared-shop.ts";

/** What Klaviyo is to know of a pass: each of its events once, its record, and what its person's profile shows. */
export interface Story {
  readonly events: readonly string[];
  readonly record: unknown;
  readonly profile: unknown;
}

interface PassRow {
  readonly serial: string;
  readonly person: string;
  readonly state: string;
  readonly voided: number;
  readonly updatedAt: number;
}

/** What is true here, by serial number. */
export function storiesHere(dataDir: string): Record<string, Story> {
  const passes = readRows<PassRow>(
    dataDir,
    `SELECT serial, recipient_id AS person, state, voided, updated_at AS updatedAt FROM passes
     ORDER BY state <> 'deleted' DESC, created_at DESC, rowid DESC`,
  );
  const events = readRows<{ serial: string; name: string }>(
    dataDir,
    "SELECT serial, serial || ':' || kind || ':' || id AS name FROM pass_events ORDER BY id",
  );
  const entries = passes.map(({ serial, state, voided, person, updatedAt }): [string, Story] => {
    const shown = passes.find((other) => other.person === person);
    return [
      serial,
      {
        events: events.filter((event) => event.serial === serial).map(({ name }) => name),
        // Klaviyo keeps times of objects in whole seconds.
        record: { state, voided: voided === 1, updated_at: new Date(updatedAt).toISOString().slice(0, 19) },
        profile: shown && {
          wallet_pass_serial: shown.serial,
          wallet_pass_state: shown.state,
          wallet_pass_updated_at: new Date(shown.updatedAt).toISOString(),
        },
      },
    ];
  });
  return Object.fromEntries(entries);
}

/** The same as Klaviyo has it, of the passes that it is asked for. */
export function storiesInKlaviyo(klaviyo: FakeKlaviyo, serials: readonly string[]): Record<string, Story> {
  const entries = serials.map((serial): [string, Story] => {
    const events = klaviyo.events.filter(({ event_properties }) => event_properties["serial"] === serial);
    const record = [...klaviyo.objectRecords.values()].find(({ recordId }) => recordId === serial)?.properties;
    const profile = klaviyo.profiles.get(events[0]?.profile_id ?? "")?.properties;
    return [
      serial,
      {
        events: events.map(({ unique_id }) => unique_id),
        record: record && {
          ...pick(record, ["state", "voided"]),
          updated_at: String(record["updated_at"]).slice(0, 19),
        },
        profile: profile && pick(profile, ["wallet_pass_serial", "wallet_pass_state", "wallet_pass_updated_at"]),
      },
    ];
  });
  return Object.fromEntries(entries);
}

const pick = (from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, from[name]]));

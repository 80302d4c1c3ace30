import { profileNotFound } from "./errors.ts";
import { IDENTIFIERS, type IdentifierField, normaliseIdentifier } from "./identifiers.ts";
import type { Ids } from "./ids.ts";
import { absorbProfile, blankProfile, changeProfile, type FakeProfile, type ProfileChange } from "./profile.ts";

/** The profiles of one account; each identifier belongs to at most one of them. */
export class ProfileStore {
  readonly #profiles = new Map<string, FakeProfile>();
  readonly #owners = new Map<string, string>();
  readonly #ids: Ids;
  readonly #now: () => number;

  constructor(ids: Ids, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  get all(): ReadonlyMap<string, FakeProfile> {
    return this.#profiles;
  }

  get(id: string): FakeProfile {
    const profile = this.#profiles.get(id);
    if (profile === undefined) throw profileNotFound(id);
    return profile;
  }

  ownerOf(field: IdentifierField, value: string): FakeProfile | undefined {
    const id = this.#owners.get(ownerKey(field, normaliseIdentifier(field, value)));
    return id === undefined ? undefined : this.#profiles.get(id);
  }

  create(change: ProfileChange, id: string = this.#ids.ulid()): FakeProfile {
    const now = this.#now();
    return this.#put(changeProfile(blankProfile(id, now), change, now));
  }

  change(profile: FakeProfile, change: ProfileChange): FakeProfile {
    return this.#put(changeProfile(profile, change, this.#now()));
  }

  /** The source disappears at once: the harshest reading of "keeps resolving for a while". */
  merge(sourceId: string, targetId: string): FakeProfile {
    const source = this.get(sourceId);
    const target = this.get(targetId);
    this.#drop(source);
    return this.#put(absorbProfile(target, source, this.#now()));
  }

  noteEvent(id: string, datetime: string): void {
    const profile = this.get(id);
    if (profile.last_event_date !== null && profile.last_event_date >= datetime) return;
    this.#put({ ...profile, last_event_date: datetime });
  }

  #put(profile: FakeProfile): FakeProfile {
    const keys: string[] = [];
    for (const field of IDENTIFIERS) {
      const value = profile[field];
      if (value === null) continue;
      const owner = this.ownerOf(field, value);
      if (owner !== undefined && owner.id !== profile.id) throw new Error(`${field} ${value} belongs to ${owner.id}`);
      keys.push(ownerKey(field, value));
    }
    const previous = this.#profiles.get(profile.id);
    if (previous !== undefined) this.#forgetIdentifiers(previous);
    for (const key of keys) this.#owners.set(key, profile.id);
    this.#profiles.set(profile.id, Object.freeze(profile));
    return profile;
  }

  #drop(profile: FakeProfile): void {
    this.#forgetIdentifiers(profile);
    this.#profiles.delete(profile.id);
  }

  #forgetIdentifiers(profile: FakeProfile): void {
    for (const field of IDENTIFIERS) {
      const value = profile[field];
      if (value !== null) this.#owners.delete(ownerKey(field, value));
    }
  }
}

function ownerKey(field: IdentifierField, value: string): string {
  return `${field}:${value}`;
}

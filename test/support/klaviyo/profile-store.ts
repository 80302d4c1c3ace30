import { profileNotFound } from "./errors.ts";
import { IDENTIFIERS, type IdentifierField, normaliseIdentifier } from "./identifiers.ts";
import type { Ids } from "./ids.ts";
import { absorbProfile, blankProfile, changeProfile, type FakeProfile, type ProfileChange } from "./profile.ts";

/** A merged-away id that still leads to the profile it was merged into. */
interface Alias {
  readonly targetId: string;
  readonly until: number;
}

/** The profiles of one account; each identifier belongs to at most one of them. */
export class ProfileStore {
  readonly #profiles = new Map<string, FakeProfile>();
  readonly #owners = new Map<string, string>();
  readonly #aliases = new Map<string, Alias>();
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
    const profile = this.find(id);
    if (profile === undefined) throw profileNotFound(id);
    return profile;
  }

  find(id: string): FakeProfile | undefined {
    const profile = this.#profiles.get(id);
    if (profile !== undefined) return profile;
    const alias = this.#aliases.get(id);
    return alias !== undefined && alias.until > this.#now() ? this.find(alias.targetId) : undefined;
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

  /** The source's id leads to the target for `resolvesForMs`, then nowhere. */
  merge(source: FakeProfile, target: FakeProfile, resolvesForMs: number): FakeProfile {
    if (source.id === target.id) throw new Error(`${source.id} cannot be merged into itself.`);
    const now = this.#now();
    this.remove(source);
    this.#aliases.set(source.id, { targetId: target.id, until: now + resolvesForMs });
    return this.#put(absorbProfile(target, source, now));
  }

  remove(profile: FakeProfile): void {
    this.#forgetIdentifiers(profile);
    this.#profiles.delete(profile.id);
  }

  noteEvent(id: string, datetime: string): void {
    const profile = this.get(id);
    if (profile.last_event_date !== null && profile.last_event_date >= datetime) return;
    this.#profiles.set(profile.id, Object.freeze({ ...profile, last_event_date: datetime }));
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

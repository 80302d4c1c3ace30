import { duplicateProfile } from "./errors.ts";
import { IDENTIFIERS, type Identifier } from "./identifiers.ts";
import type { FakeProfile } from "./profile.ts";
import type { ProfileStore } from "./profile-store.ts";

/** True when a given identifier above the one that found the profile says that it is somebody else. */
function isSomebodyElse(profile: FakeProfile, given: readonly Identifier[]): boolean {
  for (const { field, value } of given) {
    const own = profile[field];
    if (own === value) return false;
    if (own !== null) return true;
  }
  return false;
}

/**
 * The profile a synchronous write is for, undefined when it would be a new one. Identifiers of two profiles are refused
 * with 409 (klaviyo-api-node #74 and #75), naming the profile that is not the one of the highest identifier. A lower
 * identifier of a profile with another, higher identifier is refused too: writing would hand it to another person.
 */
export function profileForWrite(
  profiles: ProfileStore,
  id: string | null | undefined,
  given: readonly Identifier[],
): FakeProfile | undefined {
  const byId = typeof id === "string" ? profiles.get(id) : undefined;
  const owners = given.map(({ field, value }) => profiles.ownerOf(field, value)).filter((owner) => owner !== undefined);
  const target = byId ?? owners[0];
  if (target === undefined) return undefined;
  const other = owners.find((owner) => owner.id !== target.id);
  if (other !== undefined) throw duplicateProfile(other.id);
  if (byId === undefined && isSomebodyElse(target, given)) throw duplicateProfile(target.id);
  return target;
}

export interface EventProfile {
  readonly target: FakeProfile | undefined;
  /** Profiles known only by a lower identifier, which Klaviyo merges into the target. */
  readonly absorbed: readonly FakeProfile[];
  /** Given identifiers that nobody has and the target lacks. */
  readonly learned: readonly Identifier[];
}

/**
 * The profile an event is for. Events are processed after the answer, so identifiers of several profiles are never an
 * error: the highest one decides, a profile known by no higher identifier is merged, any other is left alone.
 */
export function profileForEvent(
  profiles: ProfileStore,
  id: string | null | undefined,
  given: readonly Identifier[],
): EventProfile {
  let target = typeof id === "string" ? profiles.get(id) : undefined;
  const absorbed: FakeProfile[] = [];
  const learned: Identifier[] = [];
  for (const identifier of given) {
    const { field, value } = identifier;
    const owner = profiles.ownerOf(field, value);
    if (owner === undefined) {
      if (target === undefined || target[field] === null) learned.push(identifier);
    } else if (target === undefined) {
      if (!isSomebodyElse(owner, given)) target = owner;
    } else if (owner.id !== target.id && target[field] === null) {
      const higher = IDENTIFIERS.slice(0, IDENTIFIERS.indexOf(field));
      if (higher.every((name) => owner[name] === null) && !absorbed.includes(owner)) absorbed.push(owner);
    }
  }
  return { target, absorbed, learned };
}

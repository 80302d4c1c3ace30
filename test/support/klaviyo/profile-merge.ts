import type { Account } from "./account.ts";
import type { FakeProfile } from "./profile.ts";

/** Joins two profiles at once: what belongs to the source follows it. The source's id resolves for `resolvesForMs`. */
export function mergeNow(
  { profiles, events, objectRecords }: Account,
  source: FakeProfile,
  target: FakeProfile,
  resolvesForMs: number,
): FakeProfile {
  const merged = profiles.merge(source, target, resolvesForMs);
  events.rehome(source.id, target.id);
  objectRecords.rehome(source.id, target.id);
  return merged;
}

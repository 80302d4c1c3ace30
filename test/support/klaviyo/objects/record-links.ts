import type { FakeProfile } from "../profile.ts";
import type { ProfileStore } from "../profile-store.ts";
import type { RelationshipMapping } from "./bodies.ts";
import type { RecordProblem } from "./ingestion-log.ts";
import type { FakeSourceMapping } from "./object-model.ts";
import { readId } from "./record-judge.ts";

type ProfileSource = Extract<RelationshipMapping["source"], { readonly type: "profile" }>;
type IdentifierType = ProfileSource["related_id_paths"][number]["identifier_type"];

/** To which profiles a record belongs by one relationship. */
export interface Link {
  readonly relationshipId: string;
  /** Empty when every mapped identifier is null: the record belongs to nobody. */
  readonly profileIds: readonly string[];
  readonly isAdded: boolean;
}

function profileBy(profiles: ProfileStore, type: IdentifierType, value: string): FakeProfile | undefined {
  switch (type) {
    case "klaviyo-id":
      return profiles.find(value);
    case "external-id":
      return profiles.ownerOf("external_id", value);
    case "email":
      return profiles.ownerOf("email", value);
    case "phone":
      return profiles.ownerOf("phone_number", value);
    case "anonymous":
      return profiles.ownerOf("anonymous_id", value);
    default:
      return type satisfies never;
  }
}

/** The first identifier that somebody has decides; a record whose identifiers nobody has is refused. */
export function linksOf(
  record: unknown,
  sourceId: string,
  mapping: FakeSourceMapping,
  profiles: ProfileStore,
): { readonly links: readonly Link[]; readonly problems: readonly RecordProblem[] } {
  const links: Link[] = [];
  const problems: RecordProblem[] = [];
  for (const { relationship_id: relationshipId, source } of mapping.relationshipMappings) {
    if (source.type !== "profile" || source.source_id !== sourceId) continue;
    const given = source.related_id_paths.flatMap(({ identifier_type: type, path }) => {
      const value = readId(record, path);
      return value === undefined ? [] : [{ type, path, value }];
    });
    const profile = given
      .map(({ type, value }) => profileBy(profiles, type, value))
      .find((found) => found !== undefined);
    if (given[0] !== undefined && profile === undefined) {
      const { path, value, type } = given[0];
      const message = `There is no profile with the ${type} '${value}'.`;
      problems.push({ code: "profile_not_found", message, property: path, invalid_value: value });
    }
    links.push({
      relationshipId,
      profileIds: profile === undefined ? [] : [profile.id],
      isAdded: source.update_strategy === "additive",
    });
  }
  return { links, problems };
}

import { type Condition, type FilterRules, fulfils, parseFilter } from "../filter.ts";
import { pageOf } from "../json-api.ts";
import type { Operation } from "../operation.ts";
import type { FakeProfile } from "../profile.ts";
import { profileResource } from "../profile-resource.ts";
import type { ProfileStore } from "../profile-store.ts";

const IDENTIFIERS = ["id", "email", "phone_number", "external_id"] as const;
const FILTERS: FilterRules = {
  ...Object.fromEntries(IDENTIFIERS.map((field) => [field, ["equals", "any"] as const])),
  created: ["greater-than", "less-than"],
  updated: ["greater-than", "less-than"],
};

/** Those that the identifiers name, found without looking at any other; all when none is given. */
function candidates(profiles: ProfileStore, conditions: readonly Condition[]): readonly FakeProfile[] {
  let found: readonly FakeProfile[] | undefined;
  for (const { field, values } of conditions) {
    const identifier = IDENTIFIERS.find((name) => name === field);
    if (identifier === undefined) continue;
    const named = values.map((value) =>
      identifier === "id" ? profiles.all.get(value) : profiles.ownerOf(identifier, value),
    );
    const unique = [...new Set(named)].filter((profile) => profile !== undefined);
    found = found === undefined ? unique : found.filter((profile) => unique.includes(profile));
  }
  return found ?? [...profiles.all.values()];
}

export const getProfiles: Operation = {
  operationId: "get_profiles",
  method: "GET",
  path: "/api/profiles",
  limits: { burst: 75, steady: 750 },
  scopes: ["profiles:read"],
  query: ["filter", "fields[profile]", "page[size]", "page[cursor]"],
  handle(call, { profiles }) {
    const conditions = parseFilter(call.query.get("filter"), FILTERS);
    const times = conditions.filter(({ field }) => field === "created" || field === "updated");
    const found = candidates(profiles, conditions).filter((profile) =>
      fulfils(times, (field) => (field === "created" ? profile.created : profile.updated)),
    );
    const { items, links } = pageOf(found, call, { defaultSize: 20, maxSize: 100 });
    return { status: 200, body: { data: items.map((profile) => profileResource(profile, call)), links } };
  },
};

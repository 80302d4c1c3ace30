import { ProfileMergeQuery } from "../body-schemas.ts";
import { invalid } from "../errors.ts";
import { documentOf } from "../json-api.ts";
import { operation } from "../operation.ts";
import { mergeNow } from "../profile-merge.ts";

const SOURCES = "/data/relationships/profiles/data";

export const mergeProfiles = operation({
  operationId: "merge_profiles",
  method: "POST",
  path: "/api/profile-merge",
  limits: { burst: 10, steady: 150 },
  scopes: ["profiles:write"],
  body: ProfileMergeQuery,
  handle(call, account) {
    const { profiles, timeline, delays } = account;
    const { id, relationships } = call.body.data;
    const [source, ...others] = relationships.profiles.data ?? [];
    if (source === undefined || others.length > 0) {
      throw invalid({ pointer: SOURCES, detail: "Exactly one source profile is required." });
    }
    const destination = profiles.get(id).id;
    const origin = profiles.get(source.id).id;
    if (origin === destination) {
      throw invalid({ pointer: `${SOURCES}/0/id`, detail: "A profile cannot be merged into itself." });
    }
    timeline.after(delays.mergeMs, () => {
      const [from, to] = [profiles.find(origin), profiles.find(destination)];
      // Another merge or a deletion may have come first.
      if (from !== undefined && to !== undefined && from.id !== to.id) mergeNow(account, from, to, delays.mergedIdMs);
    });
    const data = {
      type: "profile",
      id: destination,
      attributes: {},
      links: { self: `${call.origin}/api/profiles/${destination}/` },
    };
    // The document says 201; 202 was recorded.
    return { status: 202, body: documentOf(call, data) };
  },
});

import { ProfileUpsertQuery } from "../body-schemas.ts";
import { operation } from "../operation.ts";
import { profileDocument } from "../profile-resource.ts";
import { upsertProfile } from "../profile-upsert.ts";

export const createOrUpdateProfile = operation({
  operationId: "create_or_update_profile",
  method: "POST",
  path: "/api/profile-import",
  limits: { burst: 75, steady: 750 },
  scopes: ["profiles:write"],
  query: ["fields[profile]"],
  body: ProfileUpsertQuery,
  maxBodyBytes: 100_000,
  handle(call, { profiles }) {
    const { profile, isNew } = upsertProfile(profiles, call.body.data, "/data/attributes");
    return { status: isNew ? 201 : 200, body: profileDocument(profile, call) };
  },
});

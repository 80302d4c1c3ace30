import { ProfilePartialUpdateQuery } from "../body-schemas.ts";
import { checkPathId } from "../check-body.ts";
import { checkIdentifiers, givenIdentifiers } from "../identifiers.ts";
import { operation } from "../operation.ts";
import { profileForWrite } from "../profile-identity.ts";
import { profileDocument } from "../profile-resource.ts";

export const updateProfile = operation({
  operationId: "update_profile",
  method: "PATCH",
  path: "/api/profiles/{id}",
  limits: { burst: 75, steady: 750 },
  scopes: ["profiles:write"],
  query: ["fields[profile]"],
  body: ProfilePartialUpdateQuery,
  maxBodyBytes: 100_000,
  handle(call, { profiles }) {
    const { id, attributes, meta } = call.body.data;
    checkPathId(call);
    checkIdentifiers(attributes, "/data/attributes");
    profileForWrite(profiles, id, givenIdentifiers(attributes));
    const profile = profiles.change(profiles.get(id), { attributes, meta, appendAt: "front" });
    return { status: 200, body: profileDocument(profile, call) };
  },
});

import { ProfilePartialUpdateQuery } from "../body-schemas.ts";
import { checkBody } from "../check-body.ts";
import { invalid } from "../errors.ts";
import { checkIdentifiers, givenIdentifiers } from "../identifiers.ts";
import type { Operation } from "../operation.ts";
import { profileForWrite } from "../profile-identity.ts";
import { checkQuery, profileDocument } from "../profile-resource.ts";

export const updateProfile: Operation = {
  operationId: "update_profile",
  method: "PATCH",
  path: "/api/profiles/{id}",
  limits: { burst: 75, steady: 750 },
  maxBodyBytes: 100_000,
  handle(call, { profiles }) {
    checkQuery(call.query, ["fields[profile]"]);
    const { id, attributes, meta } = checkBody(ProfilePartialUpdateQuery, call.body).data;
    if (id !== call.params["id"]) {
      throw invalid({ pointer: "/data/id", detail: "The id in the payload does not match the id in the path." });
    }
    checkIdentifiers(attributes, "/data/attributes");
    profileForWrite(profiles, id, givenIdentifiers(attributes));
    const profile = profiles.change(profiles.get(id), { attributes, meta, appendAt: "front" });
    return { status: 200, body: profileDocument(profile, call) };
  },
};

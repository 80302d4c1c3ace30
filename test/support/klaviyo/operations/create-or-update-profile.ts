import { ProfileUpsertQuery } from "../body-schemas.ts";
import { checkBody } from "../check-body.ts";
import { checkIdentifiers, givenIdentifiers, requireIdentifier } from "../identifiers.ts";
import type { Operation } from "../operation.ts";
import { profileForWrite } from "../profile-identity.ts";
import { checkQuery, profileDocument } from "../profile-resource.ts";

export const createOrUpdateProfile: Operation = {
  operationId: "create_or_update_profile",
  method: "POST",
  path: "/api/profile-import",
  limits: { burst: 75, steady: 750 },
  maxBodyBytes: 100_000,
  handle(call, { profiles }) {
    checkQuery(call.query, ["fields[profile]"]);
    const { id, attributes, meta } = checkBody(ProfileUpsertQuery, call.body).data;
    const given = givenIdentifiers(attributes);
    checkIdentifiers(attributes, "/data/attributes");
    requireIdentifier(id, given, "/data/attributes");
    const existing = profileForWrite(profiles, id, given);
    const change = { attributes, meta, appendAt: "back" } as const;
    const profile = existing === undefined ? profiles.create(change) : profiles.change(existing, change);
    return { status: existing === undefined ? 201 : 200, body: profileDocument(profile, call) };
  },
};

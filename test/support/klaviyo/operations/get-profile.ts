import type { Operation } from "../operation.ts";
import { checkQuery, profileDocument } from "../profile-resource.ts";

export const getProfile: Operation = {
  operationId: "get_profile",
  method: "GET",
  path: "/api/profiles/{id}",
  limits: { burst: 75, steady: 750 },
  handle(call, { profiles }) {
    checkQuery(call.query, ["fields[profile]"]);
    return { status: 200, body: profileDocument(profiles.get(call.params["id"] ?? ""), call) };
  },
};

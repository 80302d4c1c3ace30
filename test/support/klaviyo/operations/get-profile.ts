import type { Operation } from "../operation.ts";
import { profileDocument } from "../profile-resource.ts";

export const getProfile: Operation = {
  operationId: "get_profile",
  method: "GET",
  path: "/api/profiles/{id}",
  limits: { burst: 75, steady: 750 },
  scopes: ["profiles:read"],
  query: ["fields[profile]"],
  handle: (call, { profiles }) => ({
    status: 200,
    body: profileDocument(profiles.get(call.params["id"] ?? ""), call),
  }),
};

import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import { makeBundle } from "./operations/pass-lists.ts";
import { getPass } from "./operations/passes.ts";
import { getPersonPass } from "./operations/person-passes.ts";
import type { PassApi, PassPath } from "./pass-api.ts";
import { PASS, PASS_CALLS, PERSON } from "./pass-calls.ts";

/** PassNinja's `/v1/passes`. */
export function passRoutes(api: PassApi) {
  const routes = new Elysia({ name: "passes" }).derive(({ request, server, route }) => ({
    call: callOf(request, server, route),
  }));
  for (const { method, path, operation, answer } of PASS_CALLS) {
    routes.route(method, path, ({ call, params }) => answer(api, call, readPath(params)), documented(operation));
  }
  return routes
    .get(PASS, ({ call, params }) => api.get(call, params), documented(getPass))
    .get(PERSON, ({ call, params, query }) => api.get(call, params, query), documented(getPersonPass))
    .post("/v1/bundles", ({ call }) => api.bundle(call), documented(makeBundle));
}

/** A path without parameters has none at all. */
function readPath(params: Readonly<Record<string, string | undefined>> | undefined): PassPath {
  return { template: params?.["template"] ?? "", serial: params?.["serial"] };
}

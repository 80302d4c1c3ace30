import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { PassApi, PassPath } from "./pass-api.ts";
import { PASS, PASS_CALLS, PERSON } from "./pass-calls.ts";

/** PassNinja's `/v1/passes`. Bodies are read by hand: a template engine wrote them, and they may need mending. */
export function passRoutes(api: PassApi) {
  const byHand = { parse: "none" } as const;
  const routes = new Elysia({ name: "passes" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .post("/v1/bundles", ({ call }) => api.bundle(call), byHand)
    .get(PERSON, ({ call, params, query }) => api.get(call, params, query))
    .get(PASS, ({ call, params }) => api.get(call, params));
  for (const { method, path, answer } of PASS_CALLS) {
    routes.route(method, path, ({ call, params }) => answer(api, call, readPath(params)), byHand);
  }
  return routes;
}

/** A path without parameters has none at all. */
function readPath(params: Readonly<Record<string, string | undefined>> | undefined): PassPath {
  return { template: params?.["template"] ?? "", serial: params?.["serial"] };
}

import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { PassApi, PassPath } from "./pass-api.ts";
import { PASS, PASS_CALLS, PERSON, routeOf } from "./pass-calls.ts";

/** PassNinja's `/v1/passes`. Bodies are read by hand: a template engine wrote them, and they may need mending. */
export function passRoutes(api: PassApi) {
  const byHand = { parse: "none" } as const;
  const routes = new Elysia({ name: "passes" })
    .post("/v1/bundles", ({ request }) => api.bundle(callOf(request, "POST /v1/bundles")), byHand)
    .get(PERSON, ({ request, params, query }) => api.get(callOf(request, `GET ${PERSON}`), params, query))
    .get(PASS, ({ request, params }) => api.get(callOf(request, `GET ${PASS}`), params));
  for (const passCall of PASS_CALLS) {
    const { method, path } = passCall;
    routes.route(
      method,
      path,
      ({ request, params }) => passCall.answer(api, callOf(request, routeOf(passCall)), readPath(params)),
      byHand,
    );
  }
  return routes;
}

/** A path without parameters has none at all. */
function readPath(params: Readonly<Record<string, string | undefined>> | undefined): PassPath {
  return { template: params?.["template"] ?? "", serial: params?.["serial"] };
}

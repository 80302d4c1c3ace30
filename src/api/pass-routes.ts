import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { PassApi } from "./pass-api.ts";

/**
 * PassNinja's `/v1/passes`. Bodies are read by hand: a template engine wrote them, and they may need mending. `POST` to a
 * pass is `PATCH`, because Klaviyo's flows can only post.
 */
export function passRoutes(api: PassApi) {
  const byHand = { parse: "none" } as const;
  return new Elysia({ name: "passes" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .post("/v1/bundles", ({ call }) => api.bundle(call), byHand)
    .post("/v1/passes", ({ call }) => api.create(call), byHand)
    .get(PASS, ({ call, params }) => api.get(call, params))
    .put(PASS, ({ call, params }) => api.update(call, params, "replace"), byHand)
    .patch(PASS, ({ call, params }) => api.update(call, params, "merge"), byHand)
    .post(PASS, ({ call, params }) => api.update(call, params, "merge"), byHand)
    .delete(PASS, ({ call, params }) => api.remove(call, params), byHand);
}

const PASS = "/v1/passes/:template/:serial";

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
    .post("/v1/bundles", ({ request }) => api.bundle(callOf(request, "POST /v1/bundles")), byHand)
    .post("/v1/passes", ({ request }) => api.create(callOf(request, "POST /v1/passes")), byHand)
    .get(PASS, ({ request, params }) => api.get(callOf(request, `GET ${PASS}`), params))
    .put(PASS, ({ request, params }) => api.update(callOf(request, `PUT ${PASS}`), params, "replace"), byHand)
    .patch(PASS, ({ request, params }) => api.update(callOf(request, `PATCH ${PASS}`), params, "merge"), byHand)
    .post(PASS, ({ request, params }) => api.update(callOf(request, `POST ${PASS}`), params, "merge"), byHand)
    .delete(PASS, ({ request, params }) => api.remove(callOf(request, `DELETE ${PASS}`), params), byHand);
}

const PASS = "/v1/passes/:template/:serial";

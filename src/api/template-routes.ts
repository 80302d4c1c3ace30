import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { TemplateApi } from "./template-api.ts";

/** PassNinja's `/v1/pass_templates`, and the older address of the required fields. */
export function templateRoutes(api: TemplateApi) {
  const byHand = { parse: "none" } as const;
  return new Elysia({ name: "templates" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .get("/v1/pass_templates", ({ call }) => api.list(call))
    .post("/v1/pass_templates", ({ call }) => api.create(call), byHand)
    .get(TEMPLATE, ({ call, params }) => api.get(call, params.template))
    .patch(TEMPLATE, ({ call, params }) => api.update(call, params.template), byHand)
    .put(TEMPLATE, ({ call, params }) => api.update(call, params.template), byHand)
    .delete(TEMPLATE, ({ call, params }) => api.remove(call, params.template), byHand)
    .get("/v1/pass_templates/fields/:template", ({ call, params }) => api.fields(call, params.template))
    .get("/v1/passtypes/keys/:template", ({ call, params }) => api.requiredKeys(call, params.template));
}

const TEMPLATE = "/v1/pass_templates/:template";

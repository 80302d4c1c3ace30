import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import * as operations from "./operations/templates.ts";
import type { TemplateApi } from "./template-api.ts";

/** PassNinja's `/v1/pass_templates`, and the older address of the required fields. */
export function templateRoutes(api: TemplateApi) {
  return new Elysia({ name: "templates" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .get(ALL, ({ call }) => api.list(call), documented(operations.listTemplates))
    .post(ALL, ({ call }) => api.create(call), documented(operations.createTemplate))
    .get(ONE, ({ call, params }) => api.get(call, params.template), documented(operations.getTemplate))
    .patch(ONE, ({ call, params }) => api.update(call, params.template), documented(operations.updateTemplate))
    .put(ONE, ({ call, params }) => api.update(call, params.template), documented(operations.updateTemplateByPut))
    .delete(ONE, ({ call, params }) => api.remove(call, params.template), documented(operations.deleteTemplate))
    .get(
      "/v1/pass_templates/fields/:template",
      ({ call, params }) => api.fields(call, params.template),
      documented(operations.getTemplateFields),
    )
    .get(
      "/v1/passtypes/keys/:template",
      ({ call, params }) => api.requiredKeys(call, params.template),
      documented(operations.getRequiredKeys),
    );
}

const ALL = "/v1/pass_templates";
const ONE = `${ALL}/:template` as const;

import { Elysia } from "elysia";
import { textStream } from "../http/text-stream.ts";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import {
  decryptPayload,
  decryptPayloadOfPassType,
  decryptPayloadOfTemplate,
  getPassJson,
  listPasses,
} from "./operations/pass-lists.ts";
import type { PassListApi } from "./pass-list-api.ts";

/** PassNinja's lists of passes, raw passes, and the addresses for NFC payloads. */
export function passListRoutes(api: PassListApi) {
  return new Elysia({ name: "pass-lists" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .get(
      "/v1/passes/:template",
      async ({ call, params, query }) => {
        if (query["limit"] !== undefined) return api.page(call, params.template, query);
        const pieces = await api.all(call, params.template, query);
        return new Response(textStream(pieces), { headers: { "content-type": "application/json;charset=utf-8" } });
      },
      documented(listPasses),
    )
    .get(
      "/v1/passes/:template/:serial/raw",
      ({ call, params }) => api.raw(call, params.template, params.serial),
      documented(getPassJson),
    )
    .post("/v1/passes/:template/decrypt", ({ call }) => api.decrypt(call), documented(decryptPayloadOfTemplate))
    .post("/v1/passes/decrypt", ({ call }) => api.decrypt(call), documented(decryptPayload))
    .post("/v1/passtypes/decrypt/:template", ({ call }) => api.decrypt(call), documented(decryptPayloadOfPassType));
}

import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { WebhookApi } from "./webhook-api.ts";

/** PassNinja's `/v1/webhooks`. */
export function webhookRoutes(api: WebhookApi) {
  const byHand = { parse: "none" } as const;
  return new Elysia({ name: "webhooks" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .post(ALL, ({ call }) => api.create(call), byHand)
    .get(ALL, ({ call, query }) => api.list(call, query))
    .get(ONE, ({ call, params }) => api.get(call, params.id))
    .patch(ONE, ({ call, params }) => api.update(call, params.id), byHand)
    .delete(ONE, ({ call, params }) => api.remove(call, params.id), byHand)
    .get(RESULTS, ({ call, params, query }) => api.results(call, params.id, query))
    .post(TEST, ({ call, params }) => api.test(call, params.id), byHand);
}

const ALL = "/v1/webhooks";
const ONE = `${ALL}/:id` as const;
const RESULTS = `${ONE}/results` as const;
const TEST = `${ONE}/test` as const;

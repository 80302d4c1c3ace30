import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import * as operations from "./operations/webhooks.ts";
import type { WebhookApi } from "./webhook-api.ts";

/** PassNinja's `/v1/webhooks`. */
export function webhookRoutes(api: WebhookApi) {
  return new Elysia({ name: "webhooks" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .post(ALL, ({ call }) => api.create(call), documented(operations.createWebhook))
    .get(ALL, ({ call, query }) => api.list(call, query), documented(operations.listWebhooks))
    .get(ONE, ({ call, params }) => api.get(call, params.id), documented(operations.getWebhook))
    .patch(ONE, ({ call, params }) => api.update(call, params.id), documented(operations.updateWebhook))
    .delete(ONE, ({ call, params }) => api.remove(call, params.id), documented(operations.deleteWebhook))
    .get(
      RESULTS,
      ({ call, params, query }) => api.results(call, params.id, query),
      documented(operations.listWebhookResults),
    )
    .post(TEST, ({ call, params }) => api.test(call, params.id), documented(operations.testWebhook));
}

const ALL = "/v1/webhooks";
const ONE = `${ALL}/:id` as const;
const RESULTS = `${ONE}/results` as const;
const TEST = `${ONE}/test` as const;

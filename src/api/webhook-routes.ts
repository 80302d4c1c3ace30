import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { WebhookApi } from "./webhook-api.ts";

/** PassNinja's `/v1/webhooks`. */
export function webhookRoutes(api: WebhookApi) {
  const byHand = { parse: "none" } as const;
  return new Elysia({ name: "webhooks" })
    .post(ALL, ({ request }) => api.create(callOf(request, `POST ${ALL}`)), byHand)
    .get(ALL, ({ request, query }) => api.list(callOf(request, `GET ${ALL}`), query))
    .get(ONE, ({ request, params }) => api.get(callOf(request, `GET ${ONE}`), params.id))
    .patch(ONE, ({ request, params }) => api.update(callOf(request, `PATCH ${ONE}`), params.id), byHand)
    .delete(ONE, ({ request, params }) => api.remove(callOf(request, `DELETE ${ONE}`), params.id), byHand)
    .get(RESULTS, ({ request, params, query }) => api.results(callOf(request, `GET ${RESULTS}`), params.id, query))
    .post(TEST, ({ request, params }) => api.test(callOf(request, `POST ${TEST}`), params.id), byHand);
}

const ALL = "/v1/webhooks";
const ONE = `${ALL}/:id` as const;
const RESULTS = `${ONE}/results` as const;
const TEST = `${ONE}/test` as const;

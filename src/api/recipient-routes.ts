import { Elysia } from "elysia";
import { urlOf } from "../http/request-url.ts";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import * as operations from "./operations/people.ts";
import type { RecipientApi } from "./recipient-api.ts";

/** `/v1/recipients`: people, by an identifier (`?email=…`) or by the id that the API gave them. */
export function recipientRoutes(api: RecipientApi) {
  return new Elysia({ name: "recipients" })
    .derive(({ request, server, route }) => ({
      call: callOf(request, server, route),
      given: urlOf(request).searchParams,
    }))
    .get(ALL, ({ call, given }) => api.get(call, { given }), documented(operations.getRecipient))
    .delete(ALL, ({ call, given }) => api.erase(call, { given }), documented(operations.eraseRecipient))
    .get(
      ONE,
      ({ call, given, params: { id } }) => api.get(call, { id, given }),
      documented(operations.getRecipientById),
    )
    .delete(
      ONE,
      ({ call, given, params: { id } }) => api.erase(call, { id, given }),
      documented(operations.eraseRecipientById),
    );
}

const ALL = "/v1/recipients";
const ONE = `${ALL}/:id` as const;

import { Elysia } from "elysia";
import { callOf } from "./http-call.ts";
import type { RecipientApi } from "./recipient-api.ts";

/** `/v1/recipients`: people, by an identifier (`?email=…`) or by the id that the API gave them. */
export function recipientRoutes(api: RecipientApi) {
  const byHand = { parse: "none" } as const;
  return new Elysia({ name: "recipients" })
    .derive(({ request, server, route }) => ({
      call: callOf(request, server, route),
      given: new URL(request.url).searchParams,
    }))
    .get("/v1/recipients", ({ call, given }) => api.get(call, { given }))
    .delete("/v1/recipients", ({ call, given }) => api.erase(call, { given }), byHand)
    .get("/v1/recipients/:id", ({ call, given, params: { id } }) => api.get(call, { id, given }))
    .delete("/v1/recipients/:id", ({ call, given, params: { id } }) => api.erase(call, { id, given }), byHand);
}

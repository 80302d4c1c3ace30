import { Elysia } from "elysia";
import { MAX_JSON_BYTES, readText } from "../http/read-body.ts";
import type { CreatePassCall } from "./create-pass.ts";
import type { PassObject } from "./pass-object.ts";

/** PassNinja's `/v1/passes`. The body is read by hand: a template engine wrote it, and it may need mending. */
export function passRoutes(createPass: (call: CreatePassCall) => Promise<PassObject>) {
  return new Elysia({ name: "passes" }).post(
    "/v1/passes",
    ({ request }) =>
      createPass({
        apiKey: request.headers.get("x-api-key"),
        accountId: request.headers.get("x-account-id"),
        flowId: request.headers.get("x-klaviyo-flow-id"),
        idempotencyKey: request.headers.get("idempotency-key"),
        readText: (onStart) => readText(request, MAX_JSON_BYTES, onStart),
      }),
    { parse: "none" },
  );
}

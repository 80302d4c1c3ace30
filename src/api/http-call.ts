import { MAX_JSON_BYTES, readText } from "../http/read-body.ts";
import type { ApiCall } from "./answer-call.ts";

/** A request as the API takes it; `route` is its method and path pattern. */
export function callOf(request: Request, route: string): ApiCall {
  const { headers } = request;
  return {
    route,
    path: new URL(request.url).pathname,
    apiKey: headers.get("x-api-key"),
    accountId: headers.get("x-account-id"),
    flowId: headers.get("x-klaviyo-flow-id"),
    idempotencyKey: headers.get("idempotency-key"),
    readText: (onArrival) => readText(request, MAX_JSON_BYTES, onArrival),
  };
}

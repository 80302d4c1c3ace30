import { clientAddress } from "../http/client-address.ts";
import { MAX_JSON_BYTES, readText } from "../http/read-body.ts";
import { urlOf } from "../http/request-url.ts";
import type { ApiCall } from "./answer-call.ts";

/** Knows where a request comes from; null where there is no socket. */
type Listener = { requestIP(request: Request): { readonly address: string } | null } | null;

/** A request as the API takes it; `route` is the pattern of its path. */
export function callOf(request: Request, server: Listener, route: string): ApiCall {
  const { headers } = request;
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.get("authorization") ?? "")?.[1];
  const apiKey = headers.get("x-api-key");
  const accountId = headers.get("x-account-id");
  return {
    route: `${request.method} ${route}`,
    path: urlOf(request).pathname,
    apiKey: apiKey ?? bearer ?? null,
    // The pair belongs together; a bearer token may stand alone.
    accountId: apiKey === null && bearer !== undefined ? accountId : (accountId ?? ""),
    clientAddress: () => clientAddress(request, server?.requestIP(request)?.address),
    flowId: headers.get("x-klaviyo-flow-id"),
    idempotencyKey: headers.get("idempotency-key"),
    readText: (onArrival) => readText(request, MAX_JSON_BYTES, onArrival),
  };
}

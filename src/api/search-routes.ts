import { Elysia } from "elysia";
import { urlOf } from "../http/request-url.ts";
import { SLOW_READER_SECONDS } from "../http/text-stream.ts";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import { exportPasses, searchPasses } from "./operations/many-passes.ts";
import type { SearchApi } from "./search-api.ts";

/** `GET /v1/passes`: finding passes. `GET /v1/export/passes`: all of them as a file. */
export function searchRoutes(api: SearchApi) {
  return new Elysia({ name: "search" })
    .derive(({ request, server, route }) => ({
      call: callOf(request, server, route),
      given: urlOf(request).searchParams,
    }))
    .get("/v1/passes", ({ call, given }) => api.list(call, given), documented(searchPasses))
    .get(
      "/v1/export/passes",
      ({ call, given, request, server }) => {
        server?.timeout(request, SLOW_READER_SECONDS);
        return api.export(call, given);
      },
      documented(exportPasses),
    );
}

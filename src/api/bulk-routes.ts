import { Elysia } from "elysia";
import { urlOf } from "../http/request-url.ts";
import { SLOW_READER_SECONDS } from "../http/text-stream.ts";
import type { ApiCall } from "./answer-call.ts";
import type { BulkApi } from "./bulk-api.ts";
import { callOf } from "./http-call.ts";
import { documented } from "./openapi/operation.ts";
import * as operations from "./operations/bulk.ts";

/** `/v1/passes/bulk`: files of passes to issue or update. `/v1/jobs`: how far they are. */
export function bulkRoutes(api: BulkApi) {
  return new Elysia({ name: "bulk" })
    .derive(({ request, server, route }) => ({ call: callOf(request, server, route) }))
    .post(
      "/v1/passes/bulk",
      ({ call, request }) => {
        const file = { contentType: request.headers.get("content-type"), bytes: request.body ?? empty() };
        return api.send({ ...call, readText: setFileAside }, urlOf(request).searchParams, file);
      },
      documented(operations.sendFile),
    )
    .get("/v1/jobs/:id", ({ call, params }) => api.get(call, params.id), documented(operations.getJob))
    .delete("/v1/jobs/:id", ({ call, params }) => api.cancel(call, params.id), documented(operations.cancelJob))
    .get(
      "/v1/jobs/:id/results",
      ({ call, request, params, server }) => {
        server?.timeout(request, SLOW_READER_SECONDS);
        return api.results(call, params.id);
      },
      documented(operations.listJobResults),
    );
}

/** The file is read once the key has been checked, and not kept where it is refused: it is too long for that. */
const setFileAside: ApiCall["readText"] = async (onArrival) => {
  onArrival({ text: "", isWhole: false });
  return "";
};

async function* empty(): AsyncGenerator<Uint8Array> {}

import { toIso } from "../clock.ts";
import { AppError } from "../errors.ts";
import { textStream } from "../http/text-stream.ts";
import { BULK_MODES, type BulkFormat, type LineResult } from "../passes/bulk/bulk.ts";
import type { BulkJobs, BulkJobView } from "../passes/bulk/bulk-jobs.ts";
import { atMost } from "../passes/bulk/read-text.ts";
import { passUrl } from "../passes/pass-url.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import { readParameters } from "./parameters.ts";
import type { BulkJobObject } from "./schemas/bulk.ts";

export interface BulkApiDependencies {
  readonly answer: AnswerCall;
  readonly bulk: BulkJobs;
  readonly publicUrl: string;
}

export type BulkApi = ReturnType<typeof createBulkApi>;

/** A file as a call brings it; its call has no other body. */
export interface SentFile {
  readonly contentType: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Far above a single body's, since it is stored as it comes in. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;

const FORMATS: ReadonlyMap<string, BulkFormat> = new Map([
  ["text/csv", "csv"],
  ["application/x-ndjson", "ndjson"],
  ["application/ndjson", "ndjson"],
  ["application/jsonl", "ndjson"],
]);

/** Many passes in one call. */
export function createBulkApi({ answer, bulk, publicUrl }: BulkApiDependencies) {
  return {
    send: (call: ApiCall, params: URLSearchParams, { contentType, bytes }: SentFile) =>
      answer(call, "issue", async (accountId) => {
        const { mode: name, template: templateId } = readParameters(params, ["mode", "template"]);
        const mode = BULK_MODES.find((known) => known === name);
        if (!mode) throw new AppError("invalid", `"mode" must be one of ${BULK_MODES.join(", ")}.`);
        const format = FORMATS.get(contentType?.split(";")[0]?.trim().toLowerCase() ?? "");
        if (!format) {
          throw new AppError("invalid", "The Content-Type must be text/csv or application/x-ndjson.");
        }
        const idempotencyKey = call.idempotencyKey?.trim() || undefined;
        const file = { accountId, mode, format, templateId, idempotencyKey, bytes: atMost(bytes, MAX_FILE_BYTES) };
        return bulkJobObject(await bulk.receive(file));
      }),

    get: (call: ApiCall, id: string) =>
      answer(call, "read", async (accountId) => bulkJobObject(await bulk.find(accountId, id))),

    cancel: (call: ApiCall, id: string) =>
      answer(call, "issue", async (accountId) => bulkJobObject(await bulk.cancel(accountId, id))),

    results: (call: ApiCall, id: string): Promise<Response> =>
      answer(call, "read", async (accountId) => {
        const text = resultsText(await bulk.results(accountId, id), publicUrl);
        return new Response(textStream(text), {
          headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
        });
      }),
  };
}

/** A job as the API shows it. */
export function bulkJobObject(job: Omit<BulkJobView, "error"> & Partial<Pick<BulkJobView, "error">>): BulkJobObject {
  const { id, mode, templateId, state, total, done, failed, cancelled, unusedColumns, createdAt, finishedAt } = job;
  return {
    ...{ id, mode, passTemplate: templateId, state, total, done, failed, cancelled },
    unusedColumns: [...unusedColumns],
    createdAt: toIso(createdAt),
    finishedAt: finishedAt === null ? null : toIso(finishedAt),
    error: job.error ?? null,
  };
}

/** What became of each line, as newline-delimited JSON. */
export async function* resultsText(
  results: AsyncIterable<readonly { readonly line: number; readonly result: LineResult }[]>,
  publicUrl: string,
): AsyncGenerator<string> {
  for await (const some of results) {
    yield some.map(({ line, result }) => `${JSON.stringify(resultObject(line, result, publicUrl))}\n`).join("");
  }
}

export function resultObject(line: number, result: LineResult, publicUrl: string) {
  switch (result.state) {
    case "done": {
      const { state, outcome, serial } = result;
      return { line, state, outcome, serialNumber: serial, url: passUrl(publicUrl, serial) };
    }
    case "failed":
      return { line, state: result.state, ...result.error };
    case "pending":
    case "cancelled":
      return { line, state: result.state };
    default:
      return result satisfies never;
  }
}

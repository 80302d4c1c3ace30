import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { textStream } from "../http/text-stream.ts";
import { EXPORT_FORMATS, type Exporter, type ExportFormat } from "../passes/export/export.ts";
import type { PassSearch } from "../passes/search/search.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import { foundPassObject } from "./found-pass.ts";
import { readPage, readParameters } from "./parameters.ts";
import { PASS_FILTERS, readPassFilters } from "./pass-filters.ts";

export interface SearchApiDependencies {
  readonly answer: AnswerCall;
  readonly clock: Clock;
  readonly search: PassSearch;
  readonly exporter: Exporter;
  readonly publicUrl: string;
}

export type SearchApi = ReturnType<typeof createSearchApi>;

const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
};

/** Finding passes, and taking all of them out. */
export function createSearchApi({ answer, clock, search, exporter, publicUrl }: SearchApiDependencies) {
  return {
    list: (call: ApiCall, params: URLSearchParams) =>
      answer(call, "read", async (accountId) => {
        const { limit, after, ...filters } = readParameters(params, [...PASS_FILTERS, "limit", "after"]);
        const page = await search.page(readPassFilters(accountId, filters), readPage({ limit, after }));
        return {
          passes: page.items.map((found) => foundPassObject(found, publicUrl, clock.now())),
          next: page.next,
        };
      }),

    export: (call: ApiCall, params: URLSearchParams): Promise<Response> =>
      answer(call, "read", async (accountId) => {
        const { format: name = "csv", ...filters } = readParameters(params, [...PASS_FILTERS, "format"]);
        const format = EXPORT_FORMATS.find((known) => known === name);
        if (!format) throw new AppError("invalid", `"format" must be one of ${EXPORT_FORMATS.join(", ")}.`);
        const text = await exporter.write(readPassFilters(accountId, filters), format);
        return new Response(textStream(text), {
          headers: {
            "content-type": MEDIA_TYPES[format],
            "content-disposition": `attachment; filename="passes.${format}"`,
            "cache-control": "no-store",
          },
        });
      }),
  };
}

import { type BulkDependencies, createBulkJobs } from "../passes/bulk/bulk-jobs.ts";
import { createEraser, type EraserDependencies } from "../passes/erase/erase.ts";
import { createExporter } from "../passes/export/export.ts";
import { createRecipients } from "../passes/recipients.ts";
import { createPassSearch } from "../passes/search/search.ts";
import { lineReader } from "./bulk-lines.ts";
import { foundPassObject } from "./found-pass.ts";

export interface PassDataDependencies extends Omit<BulkDependencies, "reader">, EraserDependencies {
  readonly publicUrl: string;
}

export type PassData = ReturnType<typeof createPassData>;

/** Passes and people by the many: brought in, found, taken out, and erased. */
export function createPassData(deps: PassDataDependencies) {
  const { db, clock, publicUrl } = deps;
  const search = createPassSearch(deps);
  return {
    bulk: createBulkJobs({ ...deps, reader: lineReader }),
    search,
    recipients: createRecipients({ db, search }),
    exporter: createExporter({
      ...{ ...deps, search },
      objectOf: (found) => foundPassObject(found, publicUrl, clock.now()),
    }),
    eraser: createEraser(deps),
  };
}

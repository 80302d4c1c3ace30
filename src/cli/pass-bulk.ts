import { createReadStream, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { bulkJobObject, resultObject } from "../api/bulk-api.ts";
import type { App } from "../app.ts";
import { AppError, UsageError } from "../errors.ts";
import type { BulkFormat, BulkMode } from "../passes/bulk/bulk.ts";
import type { BulkJobView } from "../passes/bulk/bulk-jobs.ts";
import { type CliIo, type CommandContext, textOption } from "./context.ts";
import { facts, print } from "./output.ts";
import { createProgress, type Progress } from "./progress.ts";

const LOOK_AGAIN_MS = 100;
/** Failed lines that are shown; `--results` has all. */
const SHOWN_FAILURES = 10;

/** The options with which `pass issue` and `pass update` take a file. */
export const bulkOptions = (to: Command): Command =>
  to
    .option("--csv <file>", "many at once: a CSV file whose first row names the columns")
    .option("--ndjson <file>", "many at once: a file with one JSON body in each line")
    .option("--results <file>", "write what became of each line to this file");

/** What says something of one pass. */
const OF_ONE_PASS = [
  "email",
  "name",
  "phone",
  "externalId",
  "klaviyoId",
  "idempotencyKey",
  "replace",
  "void",
  "unvoid",
];

/** The file that the options name; nothing where one pass is meant. Throws a `UsageError` for both. */
export function namedFile(
  options: Readonly<Record<string, unknown>>,
  serial?: string,
): { path: string; format: BulkFormat } | undefined {
  const csv = textOption(options, "csv");
  const ndjson = textOption(options, "ndjson");
  const path = csv ?? ndjson;
  if (path === undefined) return undefined;
  if (csv !== undefined && ndjson !== undefined) throw new UsageError("give --csv or --ndjson, not both.");
  const hasFields = [options["field"], options["add"]].some((given) => Array.isArray(given) && given.length > 0);
  if (serial !== undefined || hasFields || OF_ONE_PASS.some((name) => options[name] !== undefined)) {
    throw new UsageError("a file says itself which passes are meant and what is to be on them.");
  }
  return { path, format: csv === undefined ? "ndjson" : "csv" };
}

/**
 * Issues or updates what a file says, and shows how far it is. The lines are done here and by the server, if one runs:
 * whoever comes first. Throws `invalid` when a line failed.
 */
export async function runFile(
  io: CliIo,
  { output, withApp }: CommandContext,
  options: Readonly<Record<string, unknown>>,
  mode: BulkMode,
  { path, format }: { path: string; format: BulkFormat },
): Promise<void> {
  const { job, failures } = await withApp(async (app) => {
    const { id: accountId } = await app.accounts.resolve(textOption(options, "account"));
    const templateId = textOption(options, "template");
    const file = { accountId, mode, format, templateId, idempotencyKey: undefined, bytes: bytesOf(path) };
    const { id } = await app.data.bulk.receive(file);
    const job = await finish(app, accountId, id, createProgress(io));
    return { job, failures: await readResults(app, job, textOption(options, "results")) };
  });
  print(output, bulkJobObject(job), () =>
    [
      facts([
        ["job", job.id],
        ["lines", job.total],
        ["done", job.done],
        ["failed", job.failed],
        ["cancelled", job.cancelled],
        ["columns not used", job.unusedColumns.join(", ")],
      ]),
      ...failures.map(({ line, error }) => `line ${line}: ${error}`),
      ...(job.failed > failures.length ? ["… and more: --results FILE writes all of them."] : []),
    ].join("\n"),
  );
  if (job.failed + job.cancelled > 0) {
    throw new AppError("invalid", `${job.failed + job.cancelled} of ${job.total} lines were not done.`);
  }
}

/** Opened when it is read, so that its errors have a reader. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

async function finish(app: App, accountId: string, id: string, progress: Progress): Promise<BulkJobView> {
  app.data.bulk.worker.start();
  for (;;) {
    const job = await app.data.bulk.find(accountId, id);
    progress.show(job.done + job.failed, job.total, job.error);
    if (job.finishedAt !== null) {
      progress.end();
      return job;
    }
    await Bun.sleep(LOOK_AGAIN_MS);
  }
}

/** Writes all results to a file, where one is wanted; answers the first failures. */
async function readResults(
  app: App,
  { accountId, id }: BulkJobView,
  file: string | undefined,
): Promise<{ line: number; error: string }[]> {
  const failures: { line: number; error: string }[] = [];
  // It may hold addresses, and holds links to passes.
  if (file !== undefined) writeFileSync(file, "", { mode: 0o600 });
  for await (const some of await app.data.bulk.results(accountId, id)) {
    const lines = some.map(({ line, result }) => JSON.stringify(resultObject(line, result, app.config.publicUrl)));
    if (file !== undefined) writeFileSync(file, `${lines.join("\n")}\n`, { flag: "a" });
    for (const { line, result } of some) {
      if (result.state === "failed" && failures.length < SHOWN_FAILURES) {
        failures.push({ line, error: result.error.error });
      }
    }
  }
  return failures;
}

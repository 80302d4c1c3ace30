import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { nextTurn } from "../../next-turn.ts";
import type { NewJob } from "../../outbox/job.ts";
import type { OutboxStore } from "../../outbox/outbox-store.ts";
import type { TemplateDefinition } from "../../templates/definition.ts";
import type { Templates } from "../../templates/templates.ts";
import type { BulkFormat, BulkJob, BulkMode, ReadLine } from "./bulk.ts";
import { findBulkJob, insertBulkJob, insertLines, removeSome, startBulkJob } from "./bulk-store.ts";
import { type CsvColumns, readColumns } from "./csv-columns.ts";
import { csvRows } from "./read-csv.ts";
import { ndjsonLines } from "./read-ndjson.ts";
import { textOf } from "./read-text.ts";

/** A file of passes on its way in. */
export interface BulkFile {
  readonly accountId: string;
  readonly mode: BulkMode;
  readonly format: BulkFormat;
  /** Of the lines that name none; a CSV file needs it, since its columns are the template's fields. */
  readonly templateId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ReceiverDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  readonly templates: Templates;
  /** The job that does the first lines. */
  readonly firstStep: (job: Pick<BulkJob, "id" | "accountId">) => NewJob;
}

const MAX_LINES = 200_000;
/** What is stored, or removed, in one transaction: others wait for its end. */
const LINES_PER_TRANSACTION = 250;
const CHARACTERS_PER_TRANSACTION = 256 * 1024;

/** Stores files line by line as they come in, so that one of any length needs little memory. */
export function createReceiver({ db, clock, outbox, templates, firstStep }: ReceiverDependencies) {
  async function definitionOf({ accountId, templateId }: BulkFile): Promise<TemplateDefinition | undefined> {
    return templateId === undefined ? undefined : (await templates.current(accountId, templateId)).definition;
  }

  /** Stores every line; answers how many there are. */
  async function store(jobId: string, lines: AsyncIterable<ReadLine>): Promise<Pick<BulkJob, "total" | "failed">> {
    let total = 0;
    let failed = 0;
    let some: ReadLine[] = [];
    let characters = 0;
    const flush = async () => {
      const stored = some;
      some = [];
      characters = 0;
      await db.transaction((tx) => insertLines(tx.query, jobId, stored));
    };
    for await (const line of lines) {
      if (++total > MAX_LINES) {
        throw new AppError("too_large", `The file has more than ${MAX_LINES} lines. Send it in parts.`);
      }
      if ("refused" in line) failed++;
      else characters += line.input.length;
      if (some.push(line) === LINES_PER_TRANSACTION || characters > CHARACTERS_PER_TRANSACTION) await flush();
    }
    await flush();
    if (total === 0) throw new AppError("invalid", "The file has no line that says anything.");
    return { total, failed };
  }

  /** Removes a job with all its lines, a little at a time. */
  async function remove(jobId: string): Promise<void> {
    while (!(await db.transaction((tx) => removeSome(tx.query, jobId, LINES_PER_TRANSACTION)))) await nextTurn();
  }

  return {
    remove,

    /**
     * Stores a file and sees to it that it is worked on. Nothing is left of one that does not come whole. Throws `invalid`
     * for what cannot be read, `too_large`, and `not_found` for an unknown template.
     */
    async receive(file: BulkFile): Promise<BulkJob> {
      const { accountId, mode, idempotencyKey } = file;
      const known = idempotencyKey && (await findBulkJob(db.read, accountId, { idempotencyKey }));
      if (known) return known;
      const reading = readFile(file, await definitionOf(file));
      const id = newId("blk");
      const templateId = file.templateId ?? null;
      await db.transaction((tx) =>
        insertBulkJob(tx.query, { id, accountId, mode, templateId, createdAt: clock.now() }),
      );
      try {
        const counts = await store(id, reading.lines);
        const job = await db.transaction(async (tx) => {
          const before = idempotencyKey && (await findBulkJob(tx.query, accountId, { idempotencyKey }));
          if (before) return before;
          const unusedColumns = reading.unusedColumns();
          await startBulkJob(tx.query, id, { ...counts, unusedColumns, idempotencyKey: idempotencyKey ?? null });
          await outbox.enqueue(tx, [firstStep({ id, accountId })], clock.now());
          return findBulkJob(tx.query, accountId, { id });
        });
        if (!job) throw new AppError("internal", `The job ${id} is gone.`);
        // The same file came twice at once.
        if (job.id !== id) await remove(id);
        return job;
      } catch (error) {
        await remove(id);
        throw error;
      }
    },
  };
}

interface Reading {
  readonly lines: AsyncIterable<ReadLine>;
  /** Known once the lines were read. */
  readonly unusedColumns: () => readonly string[];
}

function readFile({ format, mode, bytes }: BulkFile, definition: TemplateDefinition | undefined): Reading {
  const text = textOf(bytes);
  if (format === "ndjson") return { lines: ndjsonLines(text), unusedColumns: () => [] };
  if (!definition) throw new AppError("invalid", "A CSV file needs a template: its columns are the template's fields.");
  let columns: CsvColumns | undefined;
  async function* lines(known: TemplateDefinition): AsyncGenerator<ReadLine> {
    for await (const row of csvRows(text)) {
      if (columns) yield columns.readLine(row);
      else columns = readColumns(row.cells, mode, known);
    }
  }
  return { lines: lines(definition), unusedColumns: () => columns?.unused ?? [] };
}

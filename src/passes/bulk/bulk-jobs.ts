import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { createWorker } from "../../outbox/worker.ts";
import type { Page, PageRequest } from "../../page.ts";
import { type ChangeDependencies, createChanges } from "../changes.ts";
import type { BulkJob, LineReader, LineResult } from "./bulk.ts";
import {
  cancelBulkJob,
  type FailedLine,
  failedLines,
  findBulkJob,
  lineResults,
  listBulkJobs,
  oldBulkJobs,
} from "./bulk-store.ts";
import { createReceiver, type ReceiverDependencies } from "./receive.ts";
import { createSteps, orderingKeyOf, stepOf } from "./steps.ts";

export interface BulkDependencies extends Omit<ReceiverDependencies, "firstStep"> {
  readonly log: Log;
  readonly changeParts: ChangeDependencies;
  readonly reader: LineReader;
}

export type BulkJobs = ReturnType<typeof createBulkJobs>;

/** A job and, where it does not go on, why. */
export interface BulkJobView extends BulkJob {
  readonly error: string | null;
}

const DAY_MS = 24 * 3_600_000;
const KEPT_MS = 30 * DAY_MS;
/** An upload takes minutes; what is still coming in after this was left by a program that was killed. */
const ABANDONED_MS = DAY_MS;
const RESULTS_PER_PAGE = 250;

/** Issuing and updating many passes in one go: files are stored as they come in and worked off by the outbox. */
export function createBulkJobs(deps: BulkDependencies) {
  const { db, clock, log, outbox, templates, changeParts, reader } = deps;
  const receiver = createReceiver({ db, clock, outbox, templates, firstStep: stepOf });
  // Thousands of phones are told after the single ones.
  const changes = createChanges({
    ...changeParts,
    tellPhones: (tx, update) => changeParts.tellPhones(tx, { ...update, urgency: "bulk" }),
  });
  const steps = createSteps({ db, clock, log, outbox, templates, changes, reader });

  /** Throws `not_found`. */
  async function find(accountId: string, id: string): Promise<BulkJobView> {
    const job = await findBulkJob(db.read, accountId, { id });
    if (!job) throw new AppError("not_found", "There is no such job.");
    const [step] = await outbox.ofOrderingKey(orderingKeyOf(id));
    return { ...job, error: step?.lastError ?? null };
  }

  return {
    receive: receiver.receive,
    find,

    /** The newest first. */
    list: (accountId: string, page: PageRequest): Promise<Page<BulkJob>> => listBulkJobs(db.read, accountId, page),

    /** The first lines that failed, some of them, and why. Throws `not_found`. */
    async failures(accountId: string, id: string, limit: number): Promise<FailedLine[]> {
      const { failed } = await find(accountId, id);
      // Looking for none would read every line.
      return failed === 0 ? [] : failedLines(db.read, id, limit);
    },

    /** Does the lines of files, of one file at a time. */
    worker: createWorker({ store: outbox, clock, log, handlers: steps, concurrency: 1 }),

    /** What became of each line, in their order, some at a time. Throws `not_found` before the first. */
    async results(
      accountId: string,
      id: string,
    ): Promise<AsyncGenerator<readonly { readonly line: number; readonly result: LineResult }[]>> {
      await find(accountId, id);
      return (async function* () {
        for (let after = 0; ; ) {
          const some = await lineResults(db.read, id, after, RESULTS_PER_PAGE);
          const last = some.at(-1);
          if (last) yield some;
          if (!last || some.length < RESULTS_PER_PAGE) return;
          after = last.line;
        }
      })();
    },

    /** Cancels the lines that are not done; what is done stays. Good for a finished job as well. Throws `not_found`. */
    async cancel(accountId: string, id: string): Promise<BulkJobView> {
      await db.transaction((tx) => cancelBulkJob(tx.query, accountId, id, clock.now()));
      return find(accountId, id);
    },

    /** Removes what nobody will ask for any more. */
    async forgetOld(): Promise<void> {
      const now = clock.now();
      for (const id of await oldBulkJobs(db.read, now - KEPT_MS, now - ABANDONED_MS)) await receiver.remove(id);
    },
  };
}

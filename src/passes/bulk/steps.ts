import { createHash } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { Database, Transaction } from "../../db/database.ts";
import { AppError, messageOf } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { nextTurn } from "../../next-turn.ts";
import type { JobHandler, NewJob } from "../../outbox/job.ts";
import type { OutboxStore } from "../../outbox/outbox-store.ts";
import { type FieldValues, presentValues } from "../../templates/fill.ts";
import type { Templates } from "../../templates/templates.ts";
import type { Changes } from "../changes.ts";
import { createIssuer, type IssueRequest } from "../issue.ts";
import { changedNames } from "../new-values.ts";
import { findPass } from "../pass-store.ts";
import { createUpdater } from "../update.ts";
import type { BulkJob, LineError, LineReader, LineResult } from "./bulk.ts";
import {
  dropPending,
  findBulkJob,
  finishBulkJob,
  isOpen,
  type PendingLine,
  pendingLines,
  settleLine,
} from "./bulk-store.ts";

const BULK_JOB = "passes.bulk";

/** Jobs of one file, for who wants to know why it does not go on. */
export const orderingKeyOf = (id: string): string => `${BULK_JOB}:${id}`;

/** The job that does the lines of a file after `line`, some of them. */
export const stepOf = ({ id, accountId }: Pick<BulkJob, "id" | "accountId">, line = 0): NewJob => ({
  accountId,
  kind: BULK_JOB,
  channel: "passhook",
  orderingKey: orderingKeyOf(id),
  nature: "event",
  idempotencyKey: `${BULK_JOB}:${id}:${line}`,
  payload: { id, line },
});

export interface StepDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly outbox: OutboxStore;
  readonly templates: Templates;
  readonly changes: Changes;
  readonly reader: LineReader;
}

type Settled = Extract<LineResult, { state: "done" | "failed" }>;
/** What a line asks for, once it has been read. */
type Work = (tx: Transaction) => Promise<Settled>;

/** Lines of one step: a part of a second, so that files and accounts take turns. */
const STEP = 200;
/** Lines that share a commit. Webhooks that arrive meanwhile wait for its end. */
const TOGETHER = 4;

/**
 * Works files off, step by step; each step is stored with the one that follows. A line is done in the transaction that
 * says so: whenever the program is ended, no line is lost and none is done twice.
 */
export function createSteps(deps: StepDependencies): Record<string, JobHandler> {
  const { db, clock, log, outbox, templates, changes, reader } = deps;

  async function issue(job: BulkJob, { line, input }: PendingLine): Promise<Work> {
    const { templateId, ...said } = reader.issue(input, job.templateId);
    const request: IssueRequest = {
      ...said,
      accountId: job.accountId,
      template: await templates.current(job.accountId, templateId),
      // Two lines that say the same mean two passes, where the template makes a new one each time.
      bodyHash: createHash("sha256").update(`${job.id}:${line}`).digest("hex"),
    };
    return async (tx) => {
      const { pass, outcome } = await createIssuer({ db: joining(db, tx), clock, changes }).issue(request);
      return { state: "done", outcome, serial: pass.serial };
    };
  }

  async function update(job: BulkJob, { input }: PendingLine): Promise<Work> {
    const { serial, ...said } = reader.update(input, job.templateId);
    const { accountId } = job;
    return async (tx) => {
      const before = await findPass(tx.query, serial);
      const updater = createUpdater({ db: joining(db, tx), clock, templates, changes });
      const { pass, template } = await updater.update(
        { accountId, serial, templateId: said.templateId },
        { ...said, mode: "merge" },
      );
      const present = (values: FieldValues) => presentValues(template.definition, values);
      const isChanged = changedNames(present(before?.values ?? {}), present(pass.values)).length > 0;
      return { state: "done", outcome: isChanged ? "updated" : "unchanged", serial };
    };
  }

  async function doLine(job: BulkJob, pending: PendingLine): Promise<void> {
    const settle = (tx: Transaction, result: Settled) => settleLine(tx.query, job.id, pending.line, result);
    try {
      const work = await (job.mode === "issue" ? issue : update)(job, pending);
      await db.transaction(async (tx) => {
        if (await isOpen(tx.query, job.id, pending.line)) await settle(tx, await work(tx));
      });
    } catch (error) {
      // Trouble of ours that passes: the step is tried again, and this line with it.
      if (error instanceof AppError && error.code === "unavailable") throw error;
      await db.transaction((tx) => settle(tx, { state: "failed", error: errorOf(error) }));
    }
  }

  function errorOf(error: unknown): LineError {
    if (error instanceof AppError && error.code !== "internal") {
      const { message, code, reason, details } = error;
      return { error: message, code: reason ?? code.toUpperCase(), ...(details.length > 0 ? { details } : {}) };
    }
    log.error("A line of a file failed unexpectedly.", { error: messageOf(error) });
    return { error: "Something went wrong here; it was logged.", code: "INTERNAL" };
  }

  return {
    async [BULK_JOB]({ accountId, payload }, signal) {
      const id = String(payload["id"]);
      const job = await findBulkJob(db.read, accountId, { id });
      if (!job) return { type: "done" };
      const lines = job.state === "running" ? await pendingLines(db.read, id, STEP) : [];
      let last = Number(payload["line"]);
      for (let at = 0; at < lines.length && !signal.aborted; at += TOGETHER) {
        const some = lines.slice(at, at + TOGETHER);
        const tries = await Promise.allSettled(some.map((line) => doLine(job, line)));
        const failed = tries.find((one) => one.status === "rejected");
        if (failed) throw failed.reason;
        last = some.at(-1)?.line ?? last;
        await nextTurn();
      }
      return {
        type: "done",
        async record(tx) {
          const now = clock.now();
          const present = await findBulkJob(tx.query, accountId, { id });
          if (present?.state === "cancelled") await dropPending(tx.query, id, STEP);
          const [next] = await pendingLines(tx.query, id, 1);
          if (next) await outbox.enqueue(tx, [stepOf(job, last)], now);
          else await finishBulkJob(tx.query, id, now);
        },
      };
    },
  };
}

/** The database as one who takes part in a transaction has it. */
const joining = (db: Database, tx: Transaction): Database => ({ ...db, transaction: (work) => work(tx) });

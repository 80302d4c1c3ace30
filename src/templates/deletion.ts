import type { Clock } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import type { JobHandler, NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";

const DELETION_JOB = "template.deletion";

/** The job that deletes the passes of a deleted template, from one serial number on. */
export const deletionJob = (template: { accountId: string; id: string }, after = ""): NewJob => ({
  accountId: template.accountId,
  kind: DELETION_JOB,
  channel: "template",
  orderingKey: `${DELETION_JOB}:${template.id}`,
  nature: "event",
  idempotencyKey: `${DELETION_JOB}:${template.id}:${after}`,
  payload: { templateId: template.id, after },
});

export interface DeletionDependencies {
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  /** Passes of a template, in the order of their serial numbers. */
  readonly serialsOf: (
    template: { readonly id: string; readonly accountId: string },
    after: string,
    limit: number,
  ) => Promise<string[]>;
  /** Ends passes for good; those that have ended before stay as they are. */
  readonly removePasses: (tx: Transaction, accountId: string, serials: readonly string[]) => Promise<void>;
}

/** Few enough that one step does not hold up the server, which has webhooks to answer meanwhile. */
const STEP = 20;

/** Goes through the passes of a deleted template step by step; each step is stored with the one that follows. */
export function createDeletion({
  clock,
  outbox,
  serialsOf,
  removePasses,
}: DeletionDependencies): Record<string, JobHandler> {
  return {
    async [DELETION_JOB](job) {
      const { accountId, payload } = job;
      const template = { id: String(payload["templateId"]), accountId };
      const serials = await serialsOf(template, String(payload["after"]), STEP);
      const last = serials.at(-1);
      return {
        type: "done",
        async record(tx) {
          await removePasses(tx, accountId, serials);
          if (last === undefined || serials.length < STEP) return;
          await outbox.enqueue(tx, [deletionJob(template, last)], clock.now());
        },
      };
    },
  };
}

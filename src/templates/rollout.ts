import type { Clock } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import type { JobHandler, NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";

const ROLLOUT_JOB = "template.rollout";

/** The job that lets the phones know of a template's new version, from one serial number on. */
export const rolloutJob = (template: { accountId: string; id: string; version: number }, after = ""): NewJob => ({
  accountId: template.accountId,
  kind: ROLLOUT_JOB,
  channel: "template",
  orderingKey: `${ROLLOUT_JOB}:${template.id}`,
  // Each part of the way is a job of its own: a newer version does not make the rest of an older one's unnecessary.
  nature: "event",
  idempotencyKey: `${ROLLOUT_JOB}:${template.id}:${template.version}:${after}`,
  payload: { templateId: template.id, version: template.version, after },
});

export interface RolloutDependencies {
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  /** Passes of a template that somebody holds, in the order of their serial numbers. */
  readonly heldSerials: (templateId: string, after: string, limit: number) => Promise<string[]>;
  /** Brings passes up to the template as it is now, and tells their phones of those that look different. */
  readonly restyle: (tx: Transaction, accountId: string, serials: readonly string[]) => Promise<void>;
}

/** Few enough that one step does not hold up the server, which has webhooks to answer meanwhile. */
const STEP = 20;

/** Goes through the passes of a template step by step; each step is stored with the one that follows. */
export function createRollout({
  clock,
  outbox,
  heldSerials,
  restyle,
}: RolloutDependencies): Record<string, JobHandler> {
  return {
    async [ROLLOUT_JOB](job) {
      const { templateId, version, after } = job.payload;
      const serials = await heldSerials(String(templateId), String(after), STEP);
      const last = serials.at(-1);
      return {
        type: "done",
        async record(tx) {
          await restyle(tx, job.accountId, serials);
          if (last === undefined || serials.length < STEP) return;
          const next = { accountId: job.accountId, id: String(templateId), version: Number(version) };
          await outbox.enqueue(tx, [rolloutJob(next, last)], clock.now());
        },
      };
    },
  };
}

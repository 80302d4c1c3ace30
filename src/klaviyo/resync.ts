import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId, newId } from "../ids.ts";
import type { JobHandler, LeasedJob, NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { LifecycleEventKind } from "../passes/pass.ts";
import type { ConnectionStore } from "./connection-store.ts";
import { CHANNEL, EVENT_JOB, profileJob, recordJob } from "./jobs.ts";
import { countToldPasses, listEventsOf, listToldPasses, type ResyncScope } from "./resync-store.ts";

export const RESYNC_JOB = "klaviyo.resync";

export interface ResyncRequest extends ResyncScope {
  /** Leaves profiles and events as they are. */
  readonly recordsOnly?: boolean | undefined;
}

export interface Resync {
  readonly id: string;
  /** How many passes are told again. */
  readonly passes: number;
}

export type Resyncs = ReturnType<typeof createResyncs>;

export interface ResyncDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly store: ConnectionStore;
  readonly outbox: OutboxStore;
}

/** Few enough that one step does not hold up the server, which has webhooks to answer meanwhile. */
const STEP = 100;

type Progress = ReturnType<typeof progressOf>;

/** Telling Klaviyo of passes again: after a sandbox, a new Klaviyo account, or the set-up of the custom object. */
export function createResyncs({ db, clock, store, outbox }: ResyncDependencies) {
  async function enqueue(tx: Transaction, request: ResyncRequest): Promise<Resync> {
    const id = newId("rsy");
    const passes = await countToldPasses(tx.query, request);
    const { accountId, templateId = "", since = 0, recordsOnly = false } = request;
    if (passes > 0) {
      const first = { id, templateId, since, recordsOnly, after: "", done: 0, total: passes };
      await outbox.enqueue(tx, [stepJob(accountId, first)], clock.now());
    }
    return { id, passes };
  }

  /** Each part of the way is stored with the job for the next one. */
  const step: JobHandler = async (job) => {
    const progress = progressOf(job);
    const { accountId } = job;
    const { id, since, recordsOnly, after, done } = progress;
    const scope: ResyncScope = { accountId, templateId: progress.templateId || undefined, since };
    return {
      type: "done",
      async record(tx) {
        const withRecords = await store.wantsRecords(tx.query, accountId);
        const passes = await listToldPasses(tx.query, scope, after, STEP);
        const serials = passes.map(({ serial }) => serial);
        const events = recordsOnly ? [] : await listEventsOf(tx.query, serials, since);
        const again = (jobOf: typeof profileJob) =>
          passes.map(({ serial, updatedAt }): NewJob => {
            const job = jobOf({ accountId, serial }, id);
            return { ...job, payload: { ...job.payload, backfill: 1 }, runAt: updatedAt };
          });
        // Jobs of one pass are done in this order.
        const jobs = [
          ...(recordsOnly ? [] : again(profileJob)),
          ...events.map((event) => eventAgain(accountId, event, id)),
          ...(withRecords ? again(recordJob) : []),
        ];
        const last = serials.at(-1);
        if (last !== undefined && passes.length === STEP) {
          jobs.push(stepJob(accountId, { ...progress, after: last, done: done + passes.length }));
        }
        await outbox.enqueue(tx, jobs, clock.now());
      },
    };
  };

  const handlers: Record<string, JobHandler> = { [RESYNC_JOB]: step };

  return {
    handlers,
    enqueue,

    /** How many passes a resync would tell Klaviyo of. */
    count: (scope: ResyncScope): Promise<number> => countToldPasses(db.read, scope),

    /** Throws `conflict` where there is nowhere to send records to. */
    async start({ templateId, ...request }: ResyncRequest): Promise<Resync> {
      if (request.recordsOnly && !(await store.wantsRecords(db.read, request.accountId))) {
        throw new AppError(
          "conflict",
          "The custom object is not set up, so there is nowhere to send records to. First: passhook klaviyo setup",
        );
      }
      const template = templateId === undefined ? undefined : canonicalTemplateId(templateId);
      return db.transaction((tx) => enqueue(tx, { ...request, templateId: template }));
    },
  };
}

export function progressOf({ payload }: Pick<LeasedJob, "payload">) {
  const { id, templateId, since, recordsOnly, after, done, total } = payload;
  return {
    id: String(id),
    templateId: String(templateId),
    since: Number(since),
    recordsOnly: recordsOnly === 1,
    after: String(after),
    done: Number(done),
    total: Number(total),
  };
}

/** One resync of an account after the other; its steps are jobs of their own. */
const stepJob = (accountId: string, { recordsOnly, ...progress }: Progress): NewJob => ({
  accountId,
  kind: RESYNC_JOB,
  channel: "passhook",
  orderingKey: `${RESYNC_JOB}:${accountId}`,
  nature: "event",
  idempotencyKey: `${RESYNC_JOB}:${progress.id}:${progress.after}`,
  payload: { ...progress, recordsOnly: recordsOnly ? 1 : 0 },
});

/**
 * `backfill`: Klaviyo records it without starting flows. Alone, since it may have been sent before, and one that Klaviyo
 * knows makes it refuse all that are sent with it.
 */
const eventAgain = (
  accountId: string,
  { id, serial, kind, at }: { id: number; serial: string; kind: LifecycleEventKind; at: number },
  resyncId: string,
): NewJob => ({
  accountId,
  kind: EVENT_JOB,
  channel: CHANNEL,
  orderingKey: serial,
  nature: "event",
  idempotencyKey: `${EVENT_JOB}:${serial}:${kind}:${id}:${resyncId}`,
  payload: { serial, eventId: id, backfill: 1 },
  runAt: at,
  alone: true,
});

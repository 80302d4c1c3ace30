import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId, newId } from "../ids.ts";
import type { JobHandler, LeasedJob, NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { ConnectionStore } from "./connection-store.ts";
import { CHANNEL, EVENT_JOB, PROFILE_JOB, RECORD_JOB } from "./jobs.ts";
import {
  countToldPasses,
  findShownSerials,
  listEventsOf,
  listToldPasses,
  type ResyncScope,
  type ToldPass,
} from "./resync-store.ts";

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

/** How far a resync is: what its job carries from step to step. */
type Progress = ReturnType<typeof progressOf>;

/** Telling Klaviyo of passes again: after a sandbox, a new Klaviyo account, or the set-up of the custom object. */
export function createResyncs({ db, clock, store, outbox }: ResyncDependencies) {
  /** Records go nowhere until the custom object is set up; a sandbox shows them all the same. */
  async function takesRecords(accountId: string): Promise<boolean> {
    const row = await store.find(accountId);
    return row?.mode === "sandbox" || row?.objectsState === "active";
  }

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

  async function jobsFor(
    tx: Transaction,
    passes: readonly ToldPass[],
    { id, since, recordsOnly }: Progress,
    accountId: string,
    withRecords: boolean,
  ): Promise<NewJob[]> {
    const records = withRecords ? passes.map((pass) => stateJob(RECORD_JOB, accountId, pass, id)) : [];
    if (recordsOnly) return records;
    const serials = passes.map(({ serial }) => serial);
    const [events, shown] = await Promise.all([
      listEventsOf(tx.query, serials, since),
      findShownSerials(
        tx.query,
        passes.map(({ recipientId }) => recipientId),
      ),
    ]);
    const profiles = passes.filter(({ serial }) => shown.has(serial));
    // Jobs of one pass are done in this order.
    return [
      ...profiles.map((pass) => stateJob(PROFILE_JOB, accountId, pass, id)),
      ...events.map((event) => eventJob(accountId, event, id)),
      ...records,
    ];
  }

  /** Each part of the way is stored with the job for the next one. */
  const step: JobHandler = async (job) => {
    const progress = progressOf(job);
    const { accountId } = job;
    const scope: ResyncScope = { accountId, templateId: progress.templateId || undefined, since: progress.since };
    const withRecords = await takesRecords(accountId);
    return {
      type: "done",
      async record(tx) {
        const passes = await listToldPasses(tx.query, scope, progress.after, STEP);
        const jobs = await jobsFor(tx, passes, progress, accountId, withRecords);
        await outbox.enqueue(tx, jobs, clock.now());
        const last = passes.at(-1)?.serial;
        if (last === undefined || passes.length < STEP) return;
        const next = { ...progress, after: last, done: progress.done + passes.length };
        await outbox.enqueue(tx, [stepJob(accountId, next)], clock.now());
      },
    };
  };

  return {
    enqueue,

    /** Throws `conflict` where there is nowhere to send records to. */
    async start({ templateId, ...request }: ResyncRequest): Promise<Resync> {
      if (request.recordsOnly && !(await takesRecords(request.accountId))) {
        throw new AppError(
          "conflict",
          "The custom object is not set up, so there is nowhere to send records to. First: passhook klaviyo setup",
        );
      }
      const template = templateId === undefined ? undefined : canonicalTemplateId(templateId);
      return db.transaction((tx) => enqueue(tx, { ...request, templateId: template }));
    },

    handlers: { [RESYNC_JOB]: step } as Record<string, JobHandler>,
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

/** `runAt` is when the change happened, so that fresh changes go first. */
const stateJob = (
  kind: string,
  accountId: string,
  { serial, updatedAt }: { serial: string; updatedAt: number },
  resyncId: string,
): NewJob => ({
  accountId,
  kind,
  channel: CHANNEL,
  orderingKey: serial,
  nature: "state",
  idempotencyKey: `${kind}:${serial}:${resyncId}`,
  payload: { serial },
  runAt: updatedAt,
});

/** `backfill`: Klaviyo records it without starting flows. In a request of its own, since it may have been sent before. */
const eventJob = (
  accountId: string,
  { id, serial, kind, at }: { id: number; serial: string; kind: string; at: number },
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

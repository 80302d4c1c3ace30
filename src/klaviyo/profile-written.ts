import type { Clock } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import type { LeasedJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { noteWriteBack } from "../passes/pass-store.ts";
import { learnKlaviyoId } from "../passes/recipient-store.ts";
import { profileJob } from "./jobs.ts";
import type { Subjects, WriteBackSubject } from "./subject.ts";

export type ProfileWritten = ReturnType<typeof createProfileWritten>;

export interface ProfileWrittenDependencies {
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  readonly subjects: Subjects;
  /** Told of each change that Klaviyo knows of now, with the time of its promise; not of what a resync repeats. */
  readonly onWritten: (accountId: string, promisedAt: number) => void;
}

/** What is stored when a profile has been told of a pass. */
export function createProfileWritten({ clock, outbox, subjects, onWritten }: ProfileWrittenDependencies) {
  return async (
    tx: Transaction,
    job: LeasedJob,
    subject: WriteBackSubject,
    { notes, klaviyoId }: { readonly notes: readonly string[]; readonly klaviyoId?: string | undefined },
  ): Promise<void> => {
    const { pass, recipient, template } = subject;
    const now = clock.now();
    if (job.payload["backfill"] !== 1) tx.afterCommit(() => onWritten(job.accountId, job.createdAt));
    if (klaviyoId) await learnKlaviyoId(tx.query, recipient, klaviyoId);
    await noteWriteBack(tx.query, pass.serial, now, notes);
    // Jobs of one pass keep their order, those of a person's other passes do not: where one of these changed while this
    // was on its way, what was written last may be the older state, so it is written once more.
    const shown = await subjects.shownPass(tx.query, pass, template);
    const isAsSent = shown.serial === subject.shown.serial && shown.updatedAt === subject.shown.updatedAt;
    if (isAsSent || shown.serial === pass.serial) return;
    await outbox.enqueue(tx, [profileJob(shown, `after ${job.id}`)], now);
  };
}

import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { PhoneUpdate } from "./changes.ts";
import type { Pass } from "./pass.ts";
import { findPass } from "./pass-store.ts";

export interface ReminderDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  /** The jobs that write what is true of a pass to where its recipient is known. `cause` tells one promise from another. */
  readonly stateJobs: (tx: Transaction, pass: Pass, cause: string) => Promise<readonly NewJob[]>;
  readonly tellPhones: (tx: Transaction, update: PhoneUpdate) => Promise<void>;
}

type PassKey = Pick<Pass, "accountId" | "serial">;
export type Reminders = ReturnType<typeof createReminders>;

/** Tells the outside once more what is true of a pass: for a profile that was changed there, or a phone that missed it. */
export function createReminders({ db, clock, outbox, stateJobs, tellPhones }: ReminderDependencies) {
  async function ownPass(tx: Transaction, { accountId, serial }: PassKey): Promise<Pass> {
    const pass = await findPass(tx.query, serial);
    if (pass?.accountId === accountId) return pass;
    throw new AppError("not_found", "There is no such pass.");
  }

  return {
    /** Writes the pass's present state back again. Throws `not_found`. */
    async writeBack(key: PassKey): Promise<void> {
      await db.transaction(async (tx) => {
        const pass = await ownPass(tx, key);
        const now = clock.now();
        await outbox.enqueue(tx, await stateJobs(tx, pass, `again:${now}`), now);
      });
    },

    /** Lets the phones that hold the pass ask again for what changed; they find its last change if they missed it. */
    async push(key: PassKey): Promise<void> {
      await db.transaction(async (tx) => {
        const { accountId, serial, updateTag } = await ownPass(tx, key);
        await tellPhones(tx, { accountId, serials: [serial], updateTag, urgency: "single" });
      });
    },
  };
}

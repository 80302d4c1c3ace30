import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { JobHandler, NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { liveSerialsOf } from "./pass-store.ts";

const RECIPIENT_JOB = "recipient.restyle";

/** The job that brings what changed of a recipient to all their live passes, from one serial number on. */
export const recipientJob = (recipient: { accountId: string; id: string }, after = ""): NewJob => ({
  accountId: recipient.accountId,
  kind: RECIPIENT_JOB,
  channel: "recipient",
  orderingKey: `${RECIPIENT_JOB}:${recipient.id}`,
  // One that waits for the same part shows what is true when it runs; for another part it does not.
  nature: "event",
  idempotencyKey: `${RECIPIENT_JOB}:${recipient.id}:${after}`,
  payload: { recipientId: recipient.id, after },
});

export interface RecipientChangesDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  /** Tells the phones of those passes that look different now. */
  readonly restyle: (tx: Transaction, accountId: string, serials: readonly string[]) => Promise<void>;
}

/** Most people have one pass; whoever bought a ticket a week for years is not to hold up the server. */
const STEP = 20;

/**
 * A name or an address may stand on several passes, of which the webhook that brings it concerns one. The others look
 * different by it, but nothing happened to them: their history and Klaviyo are not told.
 */
export function createRecipientChanges({
  db,
  clock,
  outbox,
  restyle,
}: RecipientChangesDependencies): Record<string, JobHandler> {
  return {
    async [RECIPIENT_JOB](job) {
      const { recipientId, after } = job.payload;
      const serials = await liveSerialsOf(db.read, String(recipientId), String(after), STEP);
      const last = serials.at(-1);
      return {
        type: "done",
        async record(tx) {
          await restyle(tx, job.accountId, serials);
          if (last === undefined || serials.length < STEP) return;
          const rest = recipientJob({ accountId: job.accountId, id: String(recipientId) }, last);
          await outbox.enqueue(tx, [rest], clock.now());
        },
      };
    },
  };
}

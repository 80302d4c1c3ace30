import type { Clock } from "../../clock.ts";
import type { Database, Transaction } from "../../db/database.ts";
import type { JobHandler, NewJob } from "../../outbox/job.ts";
import type { Vault } from "../../secrets.ts";
import { blankRecipients, passesToErase, recipientsWithoutNewPasses } from "./erasure-store.ts";
import { forgetMentions } from "./free-text-store.ts";
import { mentionsOf } from "./mentions.ts";

const SECOND_LOOK_JOB = "passes.erasure";

/** Calls and write-backs that were at work when a person was erased have stored what they store by then. */
export const SETTLED_MS = 60_000;

/** Jobs of one erasure, in the order in which they are done. */
export const erasureKeyOf = (erasureId: string): string => `erasure:${erasureId}`;

/** What a second look must know: who it was. */
export interface ErasedTraces {
  readonly erasureId: string;
  readonly accountId: string;
  readonly erasedAt: number;
  readonly recipientIds: readonly string[];
  /** Identifiers, serial numbers and the like. */
  readonly values: readonly string[];
}

export interface SecondLookDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly erasePasses: (tx: Transaction, serials: readonly string[]) => Promise<void>;
}

/**
 * Looks once more, a minute after somebody was erased, for what a call or a write-back that was at work then brought back:
 * the id that Klaviyo answered with, a note, a request of a sandbox. Who it was is encrypted in the job, and gone with it.
 */
export function createSecondLook({ db, clock, vault, erasePasses }: SecondLookDependencies) {
  const contextOf = (erasureId: string) => `${SECOND_LOOK_JOB} ${erasureId}`;

  const look: JobHandler = async ({ accountId, payload }) => {
    const erasureId = String(payload["erasureId"]);
    const erasedAt = Number(payload["erasedAt"]);
    // Nobody else could have encrypted it.
    const traces = JSON.parse(vault.decrypt(String(payload["traces"]), contextOf(erasureId))) as Pick<
      ErasedTraces,
      "recipientIds" | "values"
    >;
    await forgetMentions(db, accountId, mentionsOf(traces.values));
    return {
      type: "done",
      async record(tx) {
        const ids = await recipientsWithoutNewPasses(tx.query, traces.recipientIds, erasedAt);
        await erasePasses(tx, await passesToErase(tx.query, ids, Number.MAX_SAFE_INTEGER));
        await blankRecipients(tx.query, ids, clock.now());
      },
    };
  };

  return {
    handlers: { [SECOND_LOOK_JOB]: look } satisfies Record<string, JobHandler>,

    jobFor({ erasureId, accountId, erasedAt, recipientIds, values }: ErasedTraces): NewJob {
      return {
        accountId,
        kind: SECOND_LOOK_JOB,
        channel: "passhook",
        orderingKey: erasureKeyOf(erasureId),
        nature: "event",
        idempotencyKey: `${SECOND_LOOK_JOB}:${erasureId}`,
        payload: {
          ...{ erasureId, erasedAt },
          traces: vault.encrypt(JSON.stringify({ recipientIds, values }), contextOf(erasureId)),
        },
        runAt: clock.now() + SETTLED_MS,
      };
    },
  };
}

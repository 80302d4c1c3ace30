import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { createWorker, type Worker } from "../outbox/worker.ts";
import type { ErasedPeople } from "../passes/erase/erase.ts";
import type { Pass, PassChange } from "../passes/pass.ts";
import { addPassNotes, findLastEventTimes } from "../passes/pass-store.ts";
import type { Vault } from "../secrets.ts";
import type { Templates } from "../templates/templates.ts";
import { createKlaviyoClient, type KlaviyoAnswer } from "./client.ts";
import type { ConnectionStore } from "./connection-store.ts";
import { createConnections } from "./connections.ts";
import { createDelivery } from "./delivery.ts";
import { createKlaviyoErasures } from "./erasure.ts";
import { createGates } from "./gates.ts";
import { createIngestionLog, ingestionLogJob } from "./ingestion-log.ts";
import { CHANNEL, profileJob, recordJob, writeBackJobs } from "./jobs.ts";
import { createKeyChecks } from "./key-checks.ts";
import type { LimitFamily } from "./limits.ts";
import { createPace } from "./pace.ts";
import { createProfileImports } from "./profile-import.ts";
import { createProfileWritten, type ProfileWrittenDependencies } from "./profile-written.ts";
import { createResyncs } from "./resync.ts";
import { createSetup } from "./setup.ts";
import { createSetupRuns } from "./setup-runs.ts";
import { createStatusReport } from "./status.ts";
import { createSubjects, type WriteBackSubject } from "./subject.ts";
import { walletPassRecord } from "./wallet-pass-record.ts";
import { createWriteBacks } from "./write-back.ts";
import { createTogetherWriteBacks } from "./write-back-together.ts";

export interface KlaviyoDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
  readonly store: ConnectionStore;
  readonly outbox: OutboxStore;
  readonly templates: Templates;
  readonly klaviyoUrl: string;
  readonly publicUrl: string;
  /** Told of every answer to a job's request. */
  readonly onAnswer: (family: LimitFamily, answer: KlaviyoAnswer) => void;
  readonly onProfileWritten: ProfileWrittenDependencies["onWritten"];
}

export type Klaviyo = ReturnType<typeof createKlaviyo>;

/** Everything that Klaviyo is told, and how an account is connected to it. */
export function createKlaviyo(deps: KlaviyoDependencies) {
  const { db, clock, log, vault, store, outbox, templates, klaviyoUrl, publicUrl, onAnswer } = deps;
  const client = createKlaviyoClient(klaviyoUrl);
  const gates = createGates(clock, (account, state) => {
    if (state === "begun") {
      return log.warn("Klaviyo does not answer. One request at a time tries it, at most once a minute.", { account });
    }
    log.info("Klaviyo answers again.", { account });
    db.transaction(({ query }) => outbox.tryAgain(query, account, CHANNEL, clock.now())).catch((error) =>
      log.warn("What failed meanwhile could not be made due; it goes when its own wait is over.", {
        error: messageOf(error),
      }),
    );
  });
  const deliver = createDelivery({ clock, client, gates, connections: store, onAnswer });
  const subjects = createSubjects({ templates, publicUrl });
  const writing = {
    ...{ db, clock, log, gates, deliver, connections: store, subjects },
    profileWritten: createProfileWritten({ clock, outbox, subjects, onWritten: deps.onProfileWritten }),
    imports: createProfileImports({ clock, deliver }),
    recordOf: async (subject: WriteBackSubject) =>
      walletPassRecord(subject, await findLastEventTimes(db.read, subject.pass.serial)),
    async recordSent(tx: Transaction, { pass: { accountId, serial } }: WriteBackSubject, notes: readonly string[]) {
      if (notes.length > 0) await addPassNotes(tx.query, accountId, serial, notes);
      const now = clock.now();
      await outbox.enqueue(tx, [ingestionLogJob(accountId, now)], now);
    },
  };
  const connections = createConnections({ db, clock, client, store, outbox });
  const resyncs = createResyncs({ db, clock, store, outbox });
  const erasures = createKlaviyoErasures({ clock, vault, deliver, connections: store, outbox });
  const worker: Worker = createWorker({
    store: outbox,
    clock,
    log,
    handlers: {
      ...createWriteBacks(writing),
      ...createIngestionLog({ clock, deliver, store, outbox }),
      ...erasures.handlers,
    },
    together: createTogetherWriteBacks(writing),
    pace: createPace({ clock, gates, connections: store }),
  });

  const setup = createSetup({
    ...{ db, clock, client, store },
    sendRecords: async (tx, accountId) => (await resyncs.enqueue(tx, { accountId, recordsOnly: true })).passes,
  });
  const keyChecks = createKeyChecks({ clock, client, store });

  return {
    connections,
    gates,
    keyChecks,
    resyncs,
    setup,
    setupRuns: createSetupRuns({ clock, log, setup }),
    status: createStatusReport({ db, clock, connections, keyChecks }),
    worker,

    /** What must follow from a change of a pass. */
    effectsOf: async ({ query }: Transaction, change: PassChange): Promise<readonly NewJob[]> =>
      writeBackJobs(change, await store.wantsRecords(query, change.pass.accountId)),

    /** What writes a pass as it is once more. */
    stateJobs: async ({ query }: Transaction, pass: Pass, cause: string): Promise<readonly NewJob[]> => [
      profileJob(pass, cause),
      ...((await store.wantsRecords(query, pass.accountId)) ? [recordJob(pass, cause)] : []),
    ],

    /** Klaviyo's part in an erasure. */
    erasing: {
      /** Takes back what was still to be told of passes; answers how much. */
      dropWriteBacks: ({ query }: Transaction, serials: readonly string[]): Promise<number> =>
        outbox.drop(query, serials, CHANNEL),

      /** The records of the passes are to say nothing any more, and Klaviyo is to forget the people. */
      klaviyoJobs: async ({ query }: Transaction, erased: ErasedPeople): Promise<readonly NewJob[]> => {
        const { accountId, serials, erasureId } = erased;
        const hasRecords = await store.wantsRecords(query, accountId);
        const records = hasRecords ? serials.map((serial) => recordJob({ accountId, serial }, erasureId)) : [];
        return [...records, ...erasures.jobsFor(erased)];
      },
    },
  };
}

import { type Clock, toIso } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { Connections } from "./connections.ts";
import type { KeyChecks } from "./key-checks.ts";
import { LIMITS, shareOf } from "./limits.ts";
import { progressOf } from "./resync.ts";
import { latestDeadJobs, listResyncPayloads, readBacklog } from "./status-store.ts";

export type KlaviyoStatus = Awaited<ReturnType<StatusReport["read"]>>;
/** The same without what Klaviyo says of the key. */
export type StoredStatus = Awaited<ReturnType<StatusReport["stored"]>>;
export type ResyncProgress = Awaited<ReturnType<StatusReport["resyncs"]>>[number];
export type StatusReport = ReturnType<typeof createStatusReport>;

export interface StatusDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly connections: Connections;
  readonly keyChecks: KeyChecks;
}

const DEAD_SHOWN = 5;

/** Everything there is to know of an account's connection. */
export function createStatusReport({ db, clock, connections, keyChecks }: StatusDependencies) {
  /** Those that are not through, in the order in which they are done. */
  async function resyncs(accountId: string) {
    const payloads = await listResyncPayloads(db.read, accountId);
    return payloads.map((payload) => {
      const { id, templateId, since, recordsOnly, done, total } = progressOf({ payload });
      return {
        id,
        template: templateId || null,
        since: since === 0 ? null : toIso(since),
        recordsOnly,
        done,
        passes: total,
      };
    });
  }

  /** What is stored. Throws `not_found`. */
  async function stored(accountId: string) {
    const [status, backlog, dead, running] = await Promise.all([
      connections.status(accountId),
      readBacklog(db.read, accountId),
      latestDeadJobs(db.read, accountId, DEAD_SHOWN),
      resyncs(accountId),
    ]);
    const { oldestSince } = backlog;
    return {
      ...status,
      limits: Object.entries(LIMITS).map(([family, published]) => ({
        family,
        published,
        ours: shareOf(published, status.sharePercent),
      })),
      backlog: backlog.entries,
      oldestWaitingSince: oldestSince === null ? null : toIso(oldestSince),
      oldestWaitingSeconds: oldestSince === null ? null : Math.floor((clock.now() - oldestSince) / 1_000),
      dead,
      resyncs: running,
    };
  }

  return {
    resyncs,
    stored,

    /** What is stored, and what Klaviyo says of the key. Throws `not_found`. */
    async read(accountId: string) {
      const [status, checked] = await Promise.all([stored(accountId), keyChecks.of(accountId)]);
      return { ...status, key: checked?.key ?? null, scopes: checked?.scopes ?? null };
    },
  };
}

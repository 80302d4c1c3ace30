import { type Clock, toIso } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { KlaviyoClient } from "./client.ts";
import type { ConnectionStore } from "./connection-store.ts";
import type { Connections } from "./connections.ts";
import { checkKey } from "./key-check.ts";
import { LIMITS, shareOf } from "./limits.ts";
import { progressOf } from "./resync.ts";
import { probeScopes, type ReadableAccount, type ScopeReport } from "./scopes.ts";
import { latestDeadJobs, listResyncPayloads, readBacklog } from "./status-store.ts";

export type KlaviyoStatus = Awaited<ReturnType<StatusReport["read"]>>;
export type StatusReport = ReturnType<typeof createStatusReport>;

export interface StatusDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly connections: Connections;
  readonly store: ConnectionStore;
}

const DEAD_SHOWN = 5;

/** Everything there is to know of an account's connection. */
export function createStatusReport({ db, clock, client, connections, store }: StatusDependencies) {
  return {
    /** Which scopes the account's key lacks, asked now; `checked` is what it said of the account. */
    async scopes(accountId: string, checked: ReadableAccount): Promise<ScopeReport | null> {
      const connection = await store.open(accountId);
      return connection.mode === "live" ? probeScopes(client, connection.apiKey, checked) : null;
    },

    /** What is stored, and what Klaviyo says of the key now. Throws `not_found`. */
    async read(accountId: string) {
      const connection = await store.open(accountId);
      const [stored, key, backlog, dead, resyncs] = await Promise.all([
        connections.status(accountId),
        connection.mode === "live" ? checkKey(client, connection.apiKey) : null,
        readBacklog(db.read, accountId),
        latestDeadJobs(db.read, accountId, DEAD_SHOWN),
        listResyncPayloads(db.read, accountId),
      ]);
      const { oldestSince } = backlog;
      return {
        ...stored,
        key,
        scopes:
          key?.state === "valid" && connection.mode === "live"
            ? await probeScopes(client, connection.apiKey, key)
            : null,
        limits: Object.entries(LIMITS).map(([family, published]) => ({
          family,
          published,
          ours: shareOf(published, stored.sharePercent),
        })),
        backlog: backlog.entries,
        oldestWaitingSince: oldestSince === null ? null : toIso(oldestSince),
        oldestWaitingSeconds: oldestSince === null ? null : Math.floor((clock.now() - oldestSince) / 1_000),
        dead,
        resyncs: resyncs.map((payload) => {
          const { id, templateId, since, recordsOnly, done, total } = progressOf({ payload });
          return {
            id,
            template: templateId || null,
            since: since === 0 ? null : toIso(since),
            recordsOnly,
            done,
            passes: total,
          };
        }),
      };
    },
  };
}

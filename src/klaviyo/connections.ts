import { type Clock, toIso } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError, type Problem } from "../errors.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { Page, PageRequest } from "../page.ts";
import type { Json } from "../templates/placeholders.ts";
import type { KlaviyoClient } from "./client.ts";
import {
  type ConnectionRow,
  type ConnectionStore,
  NO_OBJECTS,
  type SandboxFilter,
  type SandboxRequest,
} from "./connection-store.ts";
import { CHANNEL } from "./jobs.ts";
import { checkKey, type ValidKey } from "./key-check.ts";
import { SCOPES } from "./scopes.ts";

export type Connections = ReturnType<typeof createConnections>;
export type ConnectionMode = ConnectionRow["mode"];

export interface ConnectionInfo {
  readonly accountId: string;
  readonly mode: ConnectionMode;
  readonly klaviyoAccountId: string | null;
  readonly organizationName: string | null;
  readonly connectedAt: string;
  readonly sharePercent: number;
}

/** What connecting changed besides the key. */
export interface Connected extends ConnectionInfo {
  readonly previousMode: ConnectionMode;
  readonly canReadAccount: boolean;
  /** The Klaviyo account that was connected before, where it is another one. */
  readonly previousKlaviyoAccountId: string | null;
}

/** A request that a sandbox did not send, with what Klaviyo would have refused about it. */
export type RecordedRequest = ReturnType<typeof toRecorded>;

export interface ConnectionDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly store: ConnectionStore;
  readonly outbox: OutboxStore;
}

/** Connecting an account to Klaviyo, and how that stands. */
export function createConnections({ db, clock, client, store, outbox }: ConnectionDependencies) {
  async function rowOf(accountId: string): Promise<ConnectionRow> {
    const row = await store.find(accountId);
    if (row) return row;
    throw new AppError("not_found", `There is no account ${accountId}.`);
  }

  async function info(accountId: string): Promise<ConnectionInfo> {
    const { mode, klaviyoAccountId, organizationName, connectedAt, sharePercent } = await rowOf(accountId);
    return { accountId, mode, klaviyoAccountId, organizationName, connectedAt: toIso(connectedAt), sharePercent };
  }

  /** Throws `invalid` when Klaviyo refuses the key, `unavailable` when it cannot be asked. */
  async function whoseKey(apiKey: string): Promise<ValidKey> {
    const check = await checkKey(client, apiKey);
    switch (check.state) {
      case "valid":
        return check;
      case "refused": {
        const scopes = SCOPES.map(({ name }) => name).join(", ");
        throw new AppError(
          "invalid",
          `Klaviyo refuses this key (${check.reason}). Make a private key in Klaviyo under Settings, API keys, with the scopes ${scopes}.`,
        );
      }
      case "unknown":
        throw new AppError("unavailable", `${check.reason}. The key was not stored; try again.`);
      default:
        throw check satisfies never;
    }
  }

  return {
    info,

    /**
     * Checks the key with `GET /api/accounts` and stores it; jobs that waited for a good key go on at once. Where the key
     * belongs to another Klaviyo account than before, the custom object has to be set up there anew. `sharePercent`
     * stays as it was where it is left out. Throws `invalid` when Klaviyo refuses the key, `unavailable` when it cannot
     * be asked.
     */
    async connect(accountId: string, apiKey: string, sharePercent?: number): Promise<Connected> {
      const before = await rowOf(accountId);
      const { klaviyoAccountId, organizationName, canReadAccount } = await whoseKey(apiKey);
      const now = clock.now();
      const known = before.klaviyoAccountId;
      const isAnother = known !== null && klaviyoAccountId !== null && klaviyoAccountId !== known;
      await db.transaction(async (tx) => {
        await store.setLive(tx.query, {
          accountId,
          apiKey,
          // A key that may not say whose it is does not make us forget which account it was so far.
          klaviyoAccountId: klaviyoAccountId ?? known,
          organizationName,
          connectedAt: now,
          ...(sharePercent === undefined ? {} : { sharePercent }),
          ...(isAnother ? NO_OBJECTS : {}),
        });
        await outbox.openLanes(tx.query, accountId, CHANNEL, now);
      });
      return {
        ...(await info(accountId)),
        canReadAccount,
        previousMode: before.mode,
        previousKlaviyoAccountId: isAnother ? known : null,
      };
    },

    /** Forgets the key. Jobs wait until there is another; none is lost. Throws `conflict` for a sandbox. */
    async disconnect(accountId: string): Promise<ConnectionInfo> {
      const { mode } = await rowOf(accountId);
      if (mode === "sandbox") {
        throw new AppError("conflict", "This account is not connected to Klaviyo: it is a sandbox.");
      }
      await db.transaction(({ query }) => store.setDisconnected(query, accountId));
      return info(accountId);
    },

    /** How much of Klaviyo's limits may be used from now on, 1 to 100. Throws `invalid`. */
    async setShare(accountId: string, sharePercent: number): Promise<void> {
      if (!Number.isInteger(sharePercent) || sharePercent < 1 || sharePercent > 100) {
        const details = [{ path: "share", message: "must be a whole number from 1 to 100" }];
        throw new AppError("invalid", "The share was not changed.", { details });
      }
      await db.transaction(({ query }) => store.setShare(query, accountId, sharePercent));
    },

    /** What the sandbox recorded instead of sending it, the newest first. */
    async sandboxRequests(filter: SandboxFilter, page: PageRequest): Promise<Page<RecordedRequest>> {
      const { items, next } = await store.listSandboxRequests(filter, page);
      return { items: items.map(toRecorded), next };
    },

    /** Mode, what is stopped and why, how far the custom object is, and what the sandbox would have sent last. */
    async status(accountId: string) {
      const [connection, row, lanes, sandbox] = await Promise.all([
        info(accountId),
        rowOf(accountId),
        outbox.lanes(accountId),
        store.latestSandboxRequests(accountId, 10),
      ]);
      const now = clock.now();
      return {
        ...connection,
        objects: {
          state: row.objectsState,
          note: row.objectsNote,
          dataSourceId: row.dataSourceId,
          objectTypeId: row.objectTypeId,
          objectSchemaId: row.objectSchemaId,
        },
        lanes: lanes
          .filter(({ channel }) => channel === CHANNEL)
          .map(({ kind, closedUntil, alarm, lastDoneAt, lastErrorAt, lastError }) => ({
            kind,
            open: closedUntil <= now,
            closedUntil: closedUntil > now ? toIso(closedUntil) : null,
            alarm,
            lastSuccessAt: lastDoneAt === null ? null : toIso(lastDoneAt),
            lastErrorAt: lastErrorAt === null ? null : toIso(lastErrorAt),
            lastError,
          })),
        sandboxRequests: sandbox.map(toRecorded),
      };
    },
  };
}

const toRecorded = ({ at, method, path, body, problems }: SandboxRequest) => ({
  at: toIso(at),
  method,
  path,
  // Written by the store.
  body: JSON.parse(body) as Json,
  problems: JSON.parse(problems) as Problem[],
});

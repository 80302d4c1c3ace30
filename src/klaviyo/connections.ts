import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { isObject, type Json } from "../templates/placeholders.ts";
import { type KlaviyoClient, klaviyoErrorText } from "./client.ts";
import type { ConnectionStore } from "./connection-store.ts";
import { CHANNEL } from "./jobs.ts";

export type Connections = ReturnType<typeof createConnections>;

export interface ConnectionInfo {
  readonly accountId: string;
  readonly mode: "sandbox" | "live";
  readonly klaviyoAccountId: string | null;
  readonly organizationName: string | null;
  readonly connectedAt: string;
}

export interface ConnectionDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly store: ConnectionStore;
  readonly outbox: OutboxStore;
}

/** Connecting an account to Klaviyo, and how that stands. */
export function createConnections({ db, clock, client, store, outbox }: ConnectionDependencies) {
  async function info(accountId: string): Promise<ConnectionInfo> {
    const row = await store.find(accountId);
    if (!row) throw new AppError("not_found", `There is no account ${accountId}.`);
    const { mode, klaviyoAccountId, organizationName, connectedAt } = row;
    return { accountId, mode, klaviyoAccountId, organizationName, connectedAt: new Date(connectedAt).toISOString() };
  }

  return {
    /**
     * Checks the key with `GET /api/accounts` and stores it; jobs that waited for a good key go on at once. Throws
     * `invalid` when Klaviyo refuses the key, `unavailable` when it cannot be asked.
     */
    async connect(accountId: string, apiKey: string): Promise<ConnectionInfo> {
      const facts = await askWhoseKey(apiKey);
      const now = clock.now();
      await db.transaction(async (tx) => {
        await store.setLive(tx.query, { accountId, apiKey, ...facts, connectedAt: now });
        await outbox.openLanes(tx.query, accountId, CHANNEL, now);
      });
      return info(accountId);
    },

    /** Mode, what waits, what is stopped and why, and what the sandbox would have sent last. */
    async status(accountId: string) {
      const [connection, lanes, sandbox] = await Promise.all([
        info(accountId),
        outbox.lanes(accountId),
        store.latestSandboxRequests(accountId, 10),
      ]);
      const now = clock.now();
      return {
        ...connection,
        lanes: lanes
          .filter(({ channel }) => channel === CHANNEL)
          .map(({ kind, closedUntil, alarm }) => ({
            kind,
            open: closedUntil <= now,
            closedUntil: closedUntil > now ? new Date(closedUntil).toISOString() : null,
            alarm,
          })),
        sandboxRequests: sandbox.map(({ at, method, path, body }) => ({
          at: new Date(at).toISOString(),
          method,
          path,
          body: JSON.parse(body) as Json,
        })),
      };
    },
  };

  /** 200 names the account; 403 means a good key without the scope accounts:read, which write-backs do not need. */
  async function askWhoseKey(apiKey: string) {
    const answer = await client(apiKey, { method: "GET", path: "/api/accounts" });
    if (answer.type === "unreachable") {
      throw new AppError("unavailable", `${answer.reason}. The key was not stored; try again.`);
    }
    switch (answer.status) {
      case 200: {
        const accounts = isObject(answer.body) ? answer.body["data"] : undefined;
        const first = Array.isArray(accounts) ? accounts.find(isObject) : undefined;
        const attributes = isObject(first?.["attributes"]) ? first["attributes"] : {};
        const contact = isObject(attributes["contact_information"]) ? attributes["contact_information"] : {};
        return { klaviyoAccountId: text(first?.["id"]), organizationName: text(contact["organization_name"]) };
      }
      case 403:
        return { klaviyoAccountId: null, organizationName: null };
      case 401:
        throw new AppError(
          "invalid",
          `Klaviyo refuses this key (${klaviyoErrorText(answer)}). Make a private key in Klaviyo under Settings, API keys, with the scopes accounts:read, profiles:read, profiles:write, events:write.`,
        );
      default:
        throw new AppError("unavailable", `${klaviyoErrorText(answer)}. The key was not stored; try again.`);
    }
  }
}

const text = (value: Json | undefined): string | null => (typeof value === "string" ? value : null);

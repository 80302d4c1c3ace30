import { desc, eq, sql } from "drizzle-orm";
import type { Database, Queries } from "../db/database.ts";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { klaviyoConnections, sandboxRequests } from "../db/schema.ts";
import type { StoredSecret, Vault } from "../secrets.ts";
import type { KlaviyoRequest } from "./client.ts";

export type ConnectionRow = typeof klaviyoConnections.$inferSelect;
export type SandboxRequest = typeof sandboxRequests.$inferSelect;
export type ConnectionStore = ReturnType<typeof createConnectionStore>;

/** What a write-back needs of a connection: where to send, or that nothing is to be sent. */
export type Connection =
  | { readonly mode: "sandbox" }
  | { readonly mode: "disconnected" }
  | {
      readonly mode: "live";
      readonly apiKey: string;
      /** Where WalletPass records go; null until the custom object is set up. */
      readonly dataSourceId: string | null;
      /** How much of Klaviyo's limits may be used, in percent. */
      readonly sharePercent: number;
    };

/** How many requests of a sandbox are kept. */
const SANDBOX_KEPT = 1_000;

const connectionOf = prepared((query) =>
  query
    .select()
    .from(klaviyoConnections)
    .where(eq(klaviyoConnections.accountId, given("accountId")))
    .prepare(),
);
const insertSandboxRequest = prepared((query) =>
  query.insert(sandboxRequests).values(givenRow(sandboxRequests, "id")).returning({ id: sandboxRequests.id }).prepare(),
);

export function createConnectionStore(db: Database, vault: Vault) {
  const keyContext = (accountId: string) => `klaviyo key ${accountId}`;

  return {
    async insertSandbox(query: Queries, accountId: string, now: number): Promise<void> {
      await query.insert(klaviyoConnections).values({ accountId, mode: "sandbox", connectedAt: now });
    },

    /** Makes the connection live, or gives it another key. The key is stored encrypted. */
    async setLive(
      query: Queries,
      connection: {
        accountId: string;
        apiKey: string;
        klaviyoAccountId: string | null;
        organizationName: string | null;
        connectedAt: number;
      },
    ): Promise<void> {
      const { apiKey, accountId, ...facts } = connection;
      const set = { ...facts, mode: "live" as const, apiKeyEncrypted: vault.encrypt(apiKey, keyContext(accountId)) };
      await query
        .insert(klaviyoConnections)
        .values({ accountId, ...set })
        .onConflictDoUpdate({ target: klaviyoConnections.accountId, set });
    },

    async find(accountId: string): Promise<ConnectionRow | undefined> {
      return (await connectionOf(db.read).execute({ accountId }))[0];
    },

    async open(accountId: string): Promise<Connection> {
      const row = await this.find(accountId);
      if (!row?.apiKeyEncrypted) return { mode: "sandbox" };
      return {
        mode: "live",
        apiKey: vault.decrypt(row.apiKeyEncrypted, keyContext(accountId)),
        dataSourceId: row.dataSourceId,
        sharePercent: row.sharePercent,
      };
    },

    /** Whether changes of passes are written to records of the custom object; a sandbox shows them too. */
    async wantsRecords(query: Queries, accountId: string): Promise<boolean> {
      const [row] = await connectionOf(query).execute({ accountId });
      return row !== undefined && (row.mode === "sandbox" || row.dataSourceId !== null);
    },

    /** Every account's key, for a check of what is stored. */
    async storedSecrets(): Promise<StoredSecret[]> {
      const rows = await db.read.select().from(klaviyoConnections);
      return rows.flatMap(({ accountId, apiKeyEncrypted }) =>
        apiKeyEncrypted === null ? [] : [{ context: keyContext(accountId), ciphertext: apiKeyEncrypted }],
      );
    },

    /** Keeps what would have been sent; the oldest go when there are too many. */
    async recordSandboxRequest(query: Queries, accountId: string, request: KlaviyoRequest, now: number): Promise<void> {
      const { method, path, body } = request;
      const values = { accountId, at: now, method, path, body: JSON.stringify(body ?? null) };
      const [row] = await insertSandboxRequest(query).execute(values);
      // Every hundredth is enough to stay near the limit.
      if (row && row.id % 100 === 0) {
        await query.delete(sandboxRequests).where(
          sql`${sandboxRequests.accountId} = ${accountId} and ${sandboxRequests.id} <=
            (select id from sandbox_requests where account_id = ${accountId} order by id desc limit 1 offset ${SANDBOX_KEPT})`,
        );
      }
    },

    latestSandboxRequests: (accountId: string, limit: number): Promise<SandboxRequest[]> =>
      db.read
        .select()
        .from(sandboxRequests)
        .where(eq(sandboxRequests.accountId, accountId))
        .orderBy(desc(sandboxRequests.id))
        .limit(limit),
  };
}

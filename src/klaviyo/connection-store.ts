import { and, desc, eq, lt, ne, sql } from "drizzle-orm";
import type { Database, Queries } from "../db/database.ts";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { klaviyoConnections, sandboxRequests } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import type { StoredSecret, Vault } from "../secrets.ts";
import type { KlaviyoRequest } from "./client.ts";
import { validateRequest } from "./validate-request.ts";

export type ConnectionRow = typeof klaviyoConnections.$inferSelect;
export type SandboxRequest = typeof sandboxRequests.$inferSelect;
export type ConnectionStore = ReturnType<typeof createConnectionStore>;

/** What a write-back needs of a connection: where to send, or that nothing is to be sent. */
export type Connection =
  | { readonly mode: "sandbox" }
  /** Jobs wait until there is a key again. */
  | { readonly mode: "disconnected" }
  | {
      readonly mode: "live";
      readonly apiKey: string;
      readonly klaviyoAccountId: string | null;
      /** Milliseconds since the epoch. */
      readonly connectedAt: number;
      /** Where WalletPass records go; null while that is not set up. */
      readonly dataSourceId: string | null;
      /** How much of Klaviyo's published limits may be used. */
      readonly sharePercent: number;
    };

/** How far the custom object is, and by which ids Klaviyo knows its parts. */
export type ObjectsSetup = Pick<
  ConnectionRow,
  "objectsState" | "dataSourceId" | "objectTypeId" | "objectSchemaId" | "objectsNote"
>;

/** As long as nothing is set up in a Klaviyo account. */
export const NO_OBJECTS = {
  objectsState: "none",
  dataSourceId: null,
  objectTypeId: null,
  objectSchemaId: null,
  objectsNote: null,
  ingestionSeenUntil: null,
} as const satisfies Partial<ConnectionRow>;

/** Which recorded requests are meant. */
export interface SandboxFilter {
  readonly accountId: string;
  /** From `/api/`. */
  readonly path?: string | undefined;
  /** Only those that Klaviyo would have refused. */
  readonly refused?: boolean;
}

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
      connection: Pick<ConnectionRow, "accountId" | "klaviyoAccountId" | "organizationName" | "connectedAt"> &
        Partial<Pick<ConnectionRow, "sharePercent"> & typeof NO_OBJECTS> & { readonly apiKey: string },
    ): Promise<void> {
      const { apiKey, accountId, ...facts } = connection;
      const set = { ...facts, mode: "live" as const, apiKeyEncrypted: vault.encrypt(apiKey, keyContext(accountId)) };
      await query
        .insert(klaviyoConnections)
        .values({ accountId, ...set })
        .onConflictDoUpdate({ target: klaviyoConnections.accountId, set });
    },

    /** Takes the key away; what is known of the Klaviyo account stays, for the day it is connected again. */
    async setDisconnected(query: Queries, accountId: string): Promise<void> {
      await query
        .update(klaviyoConnections)
        .set({ mode: "disconnected", apiKeyEncrypted: null })
        .where(eq(klaviyoConnections.accountId, accountId));
    },

    /**
     * Stores how far the custom object is, unless another Klaviyo account was connected since; the answer says whether it
     * was stored.
     */
    async setObjects(
      query: Queries,
      { accountId, klaviyoAccountId }: Pick<ConnectionRow, "accountId" | "klaviyoAccountId">,
      objects: Partial<ObjectsSetup>,
    ): Promise<boolean> {
      const rows = await query
        .update(klaviyoConnections)
        .set(objects)
        .where(
          and(
            eq(klaviyoConnections.accountId, accountId),
            eq(klaviyoConnections.mode, "live"),
            sql`${klaviyoConnections.klaviyoAccountId} is ${klaviyoAccountId}`,
          ),
        )
        .returning({ accountId: klaviyoConnections.accountId });
      return rows.length > 0;
    },

    async setShare(query: Queries, accountId: string, sharePercent: number): Promise<void> {
      await query.update(klaviyoConnections).set({ sharePercent }).where(eq(klaviyoConnections.accountId, accountId));
    },

    async setIngestionSeen(query: Queries, accountId: string, seenUntil: number): Promise<void> {
      await query
        .update(klaviyoConnections)
        .set({ ingestionSeenUntil: seenUntil })
        .where(eq(klaviyoConnections.accountId, accountId));
    },

    async find(accountId: string): Promise<ConnectionRow | undefined> {
      return (await connectionOf(db.read).execute({ accountId }))[0];
    },

    async open(accountId: string): Promise<Connection> {
      const row = await this.find(accountId);
      if (row?.mode === "disconnected") return { mode: "disconnected" };
      if (!row?.apiKeyEncrypted) return { mode: "sandbox" };
      const { objectsState, dataSourceId, sharePercent, connectedAt, klaviyoAccountId } = row;
      return {
        mode: "live",
        apiKey: vault.decrypt(row.apiKeyEncrypted, keyContext(accountId)),
        klaviyoAccountId,
        connectedAt,
        dataSourceId: objectsState === "active" ? dataSourceId : null,
        sharePercent,
      };
    },

    /** Whether changes of passes are written to records of the custom object; a sandbox shows them too. */
    async wantsRecords(query: Queries, accountId: string): Promise<boolean> {
      const [row] = await connectionOf(query).execute({ accountId });
      return row !== undefined && (row.mode === "sandbox" || row.objectsState === "active");
    },

    /** Every account's key, for a check of what is stored. */
    async storedSecrets(): Promise<StoredSecret[]> {
      const rows = await db.read.select().from(klaviyoConnections);
      return rows.flatMap(({ accountId, apiKeyEncrypted }) =>
        apiKeyEncrypted === null ? [] : [{ context: keyContext(accountId), ciphertext: apiKeyEncrypted }],
      );
    },

    /** Keeps what would have been sent, with what Klaviyo would have refused; the oldest go when there are too many. */
    async recordSandboxRequest(query: Queries, accountId: string, request: KlaviyoRequest, now: number): Promise<void> {
      const { method, path, body } = request;
      const problems = JSON.stringify(validateRequest(request, now));
      const values = { accountId, at: now, method, path, body: JSON.stringify(body ?? null), problems };
      const [row] = await insertSandboxRequest(query).execute(values);
      // Every hundredth is enough to stay near the limit.
      if (row && row.id % 100 === 0) {
        await query.delete(sandboxRequests).where(
          sql`${sandboxRequests.accountId} = ${accountId} and ${sandboxRequests.id} <=
            (select id from sandbox_requests where account_id = ${accountId} order by id desc limit 1 offset ${SANDBOX_KEPT})`,
        );
      }
    },

    /** The newest first. */
    async listSandboxRequests(
      { accountId, path, refused }: SandboxFilter,
      { limit, after }: PageRequest,
    ): Promise<Page<SandboxRequest>> {
      const rows = await db.read
        .select()
        .from(sandboxRequests)
        .where(
          and(
            eq(sandboxRequests.accountId, accountId),
            path === undefined ? undefined : eq(sandboxRequests.path, path),
            refused ? ne(sandboxRequests.problems, "[]") : undefined,
            after ? lt(sandboxRequests.id, Number(after)) : undefined,
          ),
        )
        .orderBy(desc(sandboxRequests.id))
        .limit(limit + 1);
      return pageOf(rows, limit, ({ id }) => String(id));
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

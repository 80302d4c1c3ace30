import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError, messageOf } from "../errors.ts";
import type { KlaviyoClient } from "./client.ts";
import type { ConnectionStore, ObjectsSetup } from "./connection-store.ts";
import { createAsk, NO_ENTITLEMENT } from "./setup-calls.ts";
import { OBJECT_TYPE_TITLE } from "./setup-requests.ts";
import { createSteps, type SetupProgress } from "./setup-steps.ts";

export interface SetupResult {
  readonly state: "active" | "unavailable";
  readonly note: string;
  /** Passes issued before whose records are sent now. */
  readonly passes: number;
}

export interface SetupDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly store: ConnectionStore;
  /** Promises the records of all passes there are; answers how many. */
  readonly sendRecords: (tx: Transaction, accountId: string) => Promise<number>;
}

export type Setup = ReturnType<typeof createSetup>;

const UNAVAILABLE =
  "This Klaviyo account has no custom objects: they belong to its paid plans. Profiles and events are written all the same. After an upgrade, run again: passhook klaviyo setup";
const ACTIVE = `Klaviyo keeps a record of each pass as the object ${OBJECT_TYPE_TITLE}.`;

/**
 * Makes the custom object "WalletPass" in Klaviyo: a data source, an object type with its schema, the relationship to
 * profiles, the mapping, and its activation. Every step looks first at what is there, and stores what it found or made:
 * killed anywhere, or run by two at once, the next run goes on from there.
 */
export function createSetup({ db, clock, client, store, sendRecords }: SetupDependencies) {
  return {
    /**
     * Resolves when records can be sent, or when the account's plan has no custom objects. Throws `conflict` where a
     * person must act first (no key, a missing scope, an object type of that name which is not ours), `unavailable` where
     * running again later is all that is needed; both are stored as the note of the connection's status.
     */
    async run(accountId: string, onProgress: (progress: SetupProgress) => void): Promise<SetupResult> {
      const [row, connection] = await Promise.all([store.find(accountId), store.open(accountId)]);
      if (!row || connection.mode !== "live") {
        throw new AppError("conflict", "Connect the account first: passhook klaviyo connect --key-file FILE");
      }
      const known: Partial<ObjectsSetup> = { ...row };
      const save = (objects: Partial<ObjectsSetup>, also?: (tx: Transaction) => Promise<number>) =>
        db.transaction(async (tx) => {
          if (await store.setObjects(tx.query, row, objects)) return also?.(tx) ?? 0;
          throw new AppError("conflict", "The connection was changed meanwhile; run the set-up again.");
        });
      /** A working object stays active while what is known of it proves true. */
      async function learn(name: "dataSourceId" | "objectTypeId" | "objectSchemaId", id: string): Promise<void> {
        if (known[name] === id) return;
        await save({ objectsState: "incomplete", objectsNote: null, [name]: id });
        known.objectsState = "incomplete";
      }
      const steps = createSteps(createAsk(client, connection.apiKey, clock), clock, onProgress);
      try {
        const dataSourceId = await steps.dataSource(row.dataSourceId);
        await learn("dataSourceId", dataSourceId);
        const typeId = await steps.objectType(row.objectTypeId, dataSourceId);
        await learn("objectTypeId", typeId);
        const schemaId = await steps.schemaOf(typeId);
        await learn("objectSchemaId", schemaId);
        const relationshipId = await steps.profileRelationship(schemaId);
        await steps.sourceMapping(schemaId, dataSourceId, relationshipId);
        await steps.activation(schemaId);
        if (known.objectsState === "active") return { state: "active", note: ACTIVE, passes: 0 };
        const done = { dataSourceId, objectTypeId: typeId, objectSchemaId: schemaId };
        const passes = await save({ ...done, objectsState: "active", objectsNote: null }, (tx) =>
          sendRecords(tx, accountId),
        );
        return { state: "active", note: ACTIVE, passes };
      } catch (error) {
        if (error instanceof AppError && error.reason === NO_ENTITLEMENT) {
          await save({ objectsState: "unavailable", objectsNote: UNAVAILABLE });
          return { state: "unavailable", note: UNAVAILABLE, passes: 0 };
        }
        if (known.objectsState !== "active") {
          await save({ objectsState: "incomplete", objectsNote: messageOf(error) });
        }
        throw error;
      }
    },
  };
}

import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Json } from "../templates/placeholders.ts";
import type { KlaviyoRequest } from "./client.ts";
import { at, listAt, textAt } from "./json-api.ts";
import { type Ask, patiently } from "./setup-calls.ts";
import {
  activateSchema,
  createDataSource,
  createObjectType,
  createProfileRelationship,
  DATA_SOURCE_TITLE,
  getMapping,
  getObjectType,
  getProfileRelationships,
  getSchema,
  isMapped,
  listDataSources,
  listObjectTypes,
  OBJECT_TYPE_TITLE,
  type SchemaProperty,
  updateMapping,
  type WalletPassMapping,
} from "./setup-requests.ts";
import { WALLET_PASS_PROPERTIES } from "./wallet-pass-record.ts";

export type SetupStep = "data source" | "object type" | "profile relationship" | "source mapping" | "activation";

/** One line of what is going on, for whoever waits. */
export interface SetupProgress {
  readonly step: SetupStep;
  readonly text: string;
}

const POLL_MS = 5_000;
/** Two minutes; publishing goes on without us, and the next run sees it. */
const POLLS = 24;

/** The steps of the set-up, each of which looks first at what is there and so may be run again. */
export function createSteps(ask: Ask, clock: Clock, onProgress: (progress: SetupProgress) => void) {
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  async function step<T>(name: SetupStep, work: (tell: (text: string) => void) => Promise<T>): Promise<T> {
    return patiently(pause, () => work((text) => onProgress({ step: name, text })));
  }

  /** What is there already, or what is made now. Somebody else may make it at the same time. */
  async function findOrCreate(find: () => Promise<string | undefined>, create: () => Promise<Json>, name: string) {
    const found = await find();
    if (found !== undefined) return { id: found, how: "found" };
    let refusal: unknown;
    const made = await create().catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== "invalid") throw error;
      refusal = error;
    });
    // Of two that are made at once, both runs take the same.
    const id = (await find()) ?? textAt(made ?? null, "data", "id");
    if (id !== undefined) return { id, how: refusal === undefined ? "made" : "found" };
    throw refusal ?? new AppError("unavailable", `Klaviyo made the ${name} and does not show it; run again.`);
  }

  /** A refusal counts only where somebody else has not done the same meanwhile. */
  async function writeUnless(isDone: () => Promise<boolean>, request: KlaviyoRequest): Promise<void> {
    try {
      await ask.one(request);
    } catch (error) {
      if (!(await isDone())) throw error;
    }
  }

  /** Id of the resource that is meant: the one known by its id, else the oldest of that title. */
  async function titled(request: typeof listDataSources, title: string, knownId: string | null) {
    const all = await ask.all(request);
    const ids = all.map((one) => textAt(one, "id")).filter((id) => id !== undefined);
    if (knownId !== null && ids.includes(knownId)) return knownId;
    const same = all.filter((one) => textAt(one, "attributes", "title") === title);
    // ULIDs sort by time.
    return same
      .flatMap((one) => textAt(one, "id") ?? [])
      .sort()
      .at(0);
  }

  interface Schema {
    readonly isDraft: boolean;
    readonly isActive: boolean;
    readonly properties: readonly SchemaProperty[];
    readonly relationshipId: string | undefined;
  }

  async function readSchema(id: string): Promise<Schema> {
    const body = await ask.one(getSchema(id));
    const status = textAt(body, "data", "attributes", "status");
    const present = listAt(body, "data", "attributes", "properties");
    const properties = WALLET_PASS_PROPERTIES.flatMap(({ name }) => {
      const propertyId = at(
        present.find((one) => textAt(one, "name") === name),
        "id",
      );
      return typeof propertyId === "number" ? [{ id: propertyId, name }] : [];
    });
    const related = listAt(body, "included").find((one) => textAt(one, "type") === "profile-object-schema");
    const relationshipId = textAt(related, "attributes", "meta", "relationship_id") ?? (await readRelationship(id));
    return { isDraft: status === "draft", isActive: status === "active", properties, relationshipId };
  }

  /** Not in Klaviyo's document for this address, yet a public SDK reads it here. */
  async function readRelationship(schemaId: string): Promise<string | undefined> {
    const body = await ask.one(getProfileRelationships(schemaId));
    return listAt(body, "data").flatMap((one) => textAt(one, "meta", "relationship_id") ?? [])[0];
  }

  return {
    dataSource: (knownId: string | null) =>
      step("data source", async (tell) => {
        const { id, how } = await findOrCreate(
          () => titled(listDataSources, DATA_SOURCE_TITLE, knownId),
          () => ask.one(createDataSource()),
          "data source",
        );
        tell(`${how}: "${DATA_SOURCE_TITLE}" (${id})`);
        return id;
      }),

    objectType: (knownId: string | null, dataSourceId: string) =>
      step("object type", async (tell) => {
        const { id, how } = await findOrCreate(
          () => titled(listObjectTypes, OBJECT_TYPE_TITLE, knownId),
          () => ask.one(createObjectType(dataSourceId)),
          "object type",
        );
        tell(`${how}: "${OBJECT_TYPE_TITLE}" (${id})`);
        return id;
      }),

    /** The active schema of the type, or its draft. A second draft beside an active one is somebody's edit in Klaviyo. */
    schemaOf: (typeId: string) =>
      step("object type", async () => {
        const body = await ask.one(getObjectType(typeId));
        const idOf = (name: string) => textAt(body, "data", "relationships", name, "data", "id");
        const id = idOf("current-schema") ?? idOf("draft-schema");
        if (id === undefined) throw notOurs("has no schema");
        const { properties } = await readSchema(id);
        const missing = WALLET_PASS_PROPERTIES.filter(({ name }) => !properties.some((one) => one.name === name));
        if (missing.length > 0) throw notOurs(`lacks the properties ${missing.map(({ name }) => name).join(", ")}`);
        return id;
      }),

    profileRelationship: (schemaId: string) =>
      step("profile relationship", async (tell) => {
        const { isDraft, relationshipId } = await readSchema(schemaId);
        if (!isDraft && relationshipId === undefined) throw notOurs("is active without a relationship to profiles");
        const { id, how } = await findOrCreate(
          async () => relationshipId ?? (await readSchema(schemaId)).relationshipId,
          () => ask.one(createProfileRelationship(schemaId)),
          "relationship to profiles",
        );
        tell(`${how} (${id})`);
        return id;
      }),

    sourceMapping: (schemaId: string, dataSourceId: string, relationshipId: string) =>
      step("source mapping", async (tell) => {
        const { isDraft, properties } = await readSchema(schemaId);
        const wanted: WalletPassMapping = { dataSourceId, relationshipId, properties };
        const isComplete = (body: Json) => isMapped(at(body, "data", "attributes"), wanted);
        const body = await ask.one(getMapping(schemaId));
        if (isComplete(body)) return tell("complete");
        const id = textAt(body, "data", "id");
        if (!isDraft) throw notOurs(`does not take its values from the data source "${DATA_SOURCE_TITLE}"`);
        if (id === undefined) throw notOurs("has no source mapping that could be completed");
        await writeUnless(async () => isComplete(await ask.one(getMapping(schemaId))), updateMapping(id, wanted));
        tell("written");
      }),

    async activation(schemaId: string): Promise<void> {
      await step("activation", async (tell) => {
        const isAsked = async () => !(await readSchema(schemaId)).isDraft;
        if (await isAsked()) return;
        await writeUnless(isAsked, activateSchema(schemaId));
        tell("asked for");
      });
      for (let polls = 0; polls < POLLS; polls++) {
        const isActive = await step("activation", async () => (await readSchema(schemaId)).isActive);
        if (isActive) return onProgress({ step: "activation", text: "active" });
        onProgress({ step: "activation", text: "Klaviyo is publishing it" });
        await pause(POLL_MS);
      }
      throw new AppError(
        "unavailable",
        "Klaviyo is still publishing the object. It goes on by itself; run passhook klaviyo setup again in a few minutes.",
      );
    },
  };
}

const notOurs = (what: string): AppError =>
  new AppError(
    "conflict",
    `Klaviyo has an object type "${OBJECT_TYPE_TITLE}" that ${what}. Rename or delete it in Klaviyo (Data, Objects), then run again: passhook klaviyo setup`,
  );

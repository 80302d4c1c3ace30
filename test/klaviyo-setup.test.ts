import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Clock } from "../src/clock.ts";
import { createKlaviyoClient, type KlaviyoClient, type KlaviyoRequest } from "../src/klaviyo/client.ts";
import { createConnectionStore } from "../src/klaviyo/connection-store.ts";
import { createSetup } from "../src/klaviyo/setup.ts";
import { createVault } from "../src/secrets.ts";
import { TEST_NOW } from "./support/clock.ts";
import { ACCOUNT, createTestDatabase, type TestDatabase } from "./support/database.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { createTestClient } from "./support/klaviyo/test-client.ts";

const DATA_SOURCES = "/api/data-sources";
let opened: TestDatabase;
let klaviyo: FakeKlaviyo;
let clock: Clock;
let sent: string[];
/** Called around each request; what it awaits never ends when the program is to die there. */
let hook: (when: "before" | "after", request: KlaviyoRequest) => Promise<void>;
const store = () => createConnectionStore(opened.db, createVault(Buffer.alloc(32)));

/** Time passes by itself as soon as somebody waits for it. */
function hurriedClock(): Clock {
  let now = TEST_NOW;
  return {
    now: () => now,
    random: () => 0.5,
    after(delayMs, callback) {
      now += delayMs;
      queueMicrotask(callback);
      return () => {};
    },
  };
}

const client: KlaviyoClient = async (apiKey, request, signal) => {
  await hook("before", request);
  const answer = await createKlaviyoClient(klaviyo.url)(apiKey, request, signal);
  await hook("after", request);
  return answer;
};

/** As after a fresh start of the program. */
async function run() {
  const steps: string[] = [];
  const setup = createSetup({
    ...{ db: opened.db, clock, client, store: store() },
    sendRecords: async (_, accountId) => sent.push(accountId) * 7,
  });
  const result = await setup.run(ACCOUNT, ({ step, text }) => steps.push(`${step}: ${text}`));
  return { ...result, steps };
}

async function row() {
  const found = await store().find(ACCOUNT);
  if (!found) throw new Error("there is no connection");
  return found;
}

beforeEach(async () => {
  opened = await createTestDatabase();
  clock = hurriedClock();
  klaviyo = await startFakeKlaviyo({ now: clock.now });
  sent = [];
  hook = async () => {};
  await opened.db.transaction(({ query }) =>
    store().setLive(query, {
      accountId: ACCOUNT,
      apiKey: klaviyo.apiKey,
      klaviyoAccountId: "AbCd12",
      organizationName: "Shop",
      connectedAt: TEST_NOW,
    }),
  );
});
afterEach(async () => {
  await klaviyo[Symbol.asyncDispose]();
  opened[Symbol.dispose]();
});

/** One of everything, active, mapped to our data source, and known here. */
async function expectComplete(): Promise<void> {
  const [source, ...otherSources] = klaviyo.dataSources.values();
  const [type, ...otherTypes] = klaviyo.objectTypes.values();
  expect([otherSources, otherTypes]).toEqual([[], []]);
  expect(type).toMatchObject({ title: "WalletPass", draftSchemaId: undefined });
  const schema = klaviyo.objectSchemas.get(type?.currentSchemaId ?? "");
  expect(schema).toMatchObject({ status: "active", required: ["serial"] });
  expect(schema?.profileRelationships).toHaveLength(1);
  expect(klaviyo.sourceMappings.get(schema?.mappingId ?? "")?.relationshipMappings).toMatchObject([
    {
      relationship_id: schema?.profileRelationships[0]?.relationshipId,
      source: {
        source_id: source?.id,
        id_path: "$['serial']",
        related_id_paths: [
          { identifier_type: "klaviyo-id", path: "$['klaviyo_id']" },
          { identifier_type: "external-id", path: "$['external_id']" },
          { identifier_type: "email", path: "$['email']" },
          { identifier_type: "phone", path: "$['phone']" },
        ],
      },
    },
  ]);
  expect(await row()).toMatchObject({
    objectsState: "active",
    dataSourceId: source?.id,
    objectTypeId: type?.id,
    objectSchemaId: schema?.id,
    objectsNote: null,
  });
  expect(await store().open(ACCOUNT)).toMatchObject({ mode: "live", dataSourceId: source?.id });
}

test("makes everything, tells of each step, and sends the records of passes issued before", async () => {
  expect(await store().open(ACCOUNT)).toMatchObject({ dataSourceId: null });
  const { state, passes, steps } = await run();
  expect({ state, passes }).toEqual({ state: "active", passes: 7 });
  await expectComplete();
  expect(steps.map((step) => step.replace(/01\w+/, "ID"))).toEqual([
    'data source: made: "Passhook wallet passes" (ID)',
    'object type: made: "WalletPass" (ID)',
    "profile relationship: made (ID)",
    "source mapping: written",
    "activation: asked for",
    "activation: Klaviyo is publishing it",
    "activation: active",
  ]);
});

test("run again, looks and changes nothing", async () => {
  await run();
  const asked = klaviyo.requests.length;
  expect(await run()).toMatchObject({ state: "active", passes: 0 });
  expect(klaviyo.requests.slice(asked).filter(({ method }) => method !== "GET")).toEqual([]);
  expect(sent).toEqual([ACCOUNT]);
  await expectComplete();
});

describe("killed at any request, and run again", () => {
  const REQUESTS_OF_A_RUN = 22;
  const moments = Array.from({ length: REQUESTS_OF_A_RUN }, (_, n) => n + 1).flatMap((nth) => [
    { nth, when: "before" as const },
    { nth, when: "after" as const },
  ]);

  test.each(moments)("$when the request $nth is done", async ({ nth, when }) => {
    const died = Promise.withResolvers<void>();
    let count = 0;
    hook = async (now) => {
      if (now === when) count++;
      if (now !== when || count !== nth) return;
      died.resolve();
      await new Promise<never>(() => {});
    };
    // A run that dies never ends; one that has fewer requests does.
    const first = run().then(() => "through");
    await Promise.race([died.promise, first]);
    hook = async () => {};
    expect(await run()).toMatchObject({ state: "active" });
    await expectComplete();
    expect(sent).toEqual([ACCOUNT]);
  });

  test("covers every request of a run", async () => {
    await run();
    expect(klaviyo.requests).toHaveLength(REQUESTS_OF_A_RUN);
  });
});

describe("another run at the same time", () => {
  test("finds what this one made", async () => {
    await Promise.all([run(), run()]);
    expect(klaviyo.dataSources.size).toBe(1);
    const used = [...klaviyo.objectTypes.values()].filter(({ currentSchemaId }) => currentSchemaId !== undefined);
    expect(used).toHaveLength(1);
    expect(await row()).toMatchObject({ objectsState: "active", objectTypeId: used[0]?.id ?? "" });
  });

  test("that made the data source just before is no fault", async () => {
    hook = async (when, { method, path }) => {
      if (when !== "before" || method !== "POST" || path !== DATA_SOURCES) return;
      const attributes = { title: "Passhook wallet passes", namespace: "custom-objects" };
      await createTestClient(klaviyo).post(DATA_SOURCES, { data: { type: "data-source", attributes } });
    };
    const { steps } = await run();
    expect(steps[0]).toStartWith("data source: found");
    await expectComplete();
  });
});

describe("trouble", () => {
  const failsWith = (code: string, message: string) => ({
    code,
    message: expect.stringContaining(message) as unknown,
  });

  test("without the entitlement: unavailable, said plainly, and tried again after an upgrade", async () => {
    klaviyo.switches.customObjects = false;
    const { state, note } = await run();
    expect(state).toBe("unavailable");
    expect(note).toContain("paid plans. Profiles and events are written all the same.");
    expect(await row()).toMatchObject({ objectsState: "unavailable", objectsNote: note });
    expect(await store().open(ACCOUNT)).toMatchObject({ mode: "live", dataSourceId: null });
    klaviyo.switches.customObjects = true;
    expect(await run()).toMatchObject({ state: "active" });
    await expectComplete();
  });

  test("a missing scope is named", async () => {
    klaviyo.withholdScope("custom-objects:write");
    await expect(run()).rejects.toMatchObject(failsWith("conflict", "custom-objects:write"));
    expect(await row()).toMatchObject({
      objectsState: "incomplete",
      objectsNote: expect.stringContaining("make a new key") as unknown,
    });
  });

  test("a key that was refused", async () => {
    klaviyo.revokeKey();
    await expect(run()).rejects.toMatchObject(failsWith("conflict", "passhook klaviyo connect"));
  });

  test("a 500 that passes is survived", async () => {
    klaviyo.failNext({ status: 500 }, { skip: 3, times: 2 });
    expect(await run()).toMatchObject({ state: "active" });
    await expectComplete();
  });

  test("a 500 that stays ends after three tries, with advice", async () => {
    klaviyo.respondAlways({ status: 500 }, { path: "/api/object-types", method: "POST" });
    await expect(run()).rejects.toMatchObject(failsWith("unavailable", "delete the draft"));
    expect(klaviyo.requests.filter(({ status }) => status === 500)).toHaveLength(3);
    expect(await row()).toMatchObject({
      objectsState: "incomplete",
      objectsNote: expect.stringContaining("Run again") as unknown,
    });
    klaviyo.clearFaults();
    await run();
    await expectComplete();
  });

  test.each(["/api/data-sources", "/api/object-types", "/api/object-schemas", "/api/source-mappings"])(
    "a lost answer of a write to %s",
    async (path) => {
      for (const method of ["POST", "PATCH"]) klaviyo.failNext({ kind: "reset-after" }, { path, method });
      expect(await run()).toMatchObject({ state: "active" });
      await expectComplete();
    },
  );

  test("429 is waited for", async () => {
    klaviyo.failNext({ status: 429, retryAfterSeconds: 30 }, { skip: 2 });
    expect(await run()).toMatchObject({ state: "active" });
    await expectComplete();
  });

  test("an object type of somebody else's is left alone", async () => {
    const attributes = { title: "WalletPass", namespace: "custom-objects" };
    await createTestClient(klaviyo).post("/api/object-types", { data: { type: "object-type", attributes } });
    await expect(run()).rejects.toMatchObject(failsWith("conflict", "lacks the properties serial, state, installed"));
    expect(klaviyo.objectTypes.size).toBe(1);
  });

  test("another Klaviyo account that was connected meanwhile is not told ids of this one", async () => {
    hook = async (when, { path, method }) => {
      if (when !== "after" || method !== "POST" || path !== "/api/object-types") return;
      const other = { accountId: ACCOUNT, apiKey: "pk_other", klaviyoAccountId: "XyZ", organizationName: null };
      await opened.db.transaction(({ query }) => store().setLive(query, { ...other, connectedAt: TEST_NOW }));
    };
    await expect(run()).rejects.toMatchObject({ code: "conflict" });
    expect(await row()).toMatchObject({ klaviyoAccountId: "XyZ", objectTypeId: null });
  });

  test("without a key it says to connect first", async () => {
    await opened.db.transaction(({ query }) => store().setDisconnected(query, ACCOUNT));
    await expect(run()).rejects.toMatchObject(failsWith("conflict", "klaviyo connect"));
    expect(klaviyo.requests).toEqual([]);
  });
});

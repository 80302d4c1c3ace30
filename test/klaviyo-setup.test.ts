import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Clock } from "../src/clock.ts";
import type { KlaviyoRequest } from "../src/klaviyo/client.ts";
import { createConnectionStore } from "../src/klaviyo/connection-store.ts";
import { createSetup } from "../src/klaviyo/setup.ts";
import { createVault } from "../src/secrets.ts";
import { TEST_NOW } from "./support/clock.ts";
import { ACCOUNT, createTestDatabase, type TestDatabase } from "./support/database.ts";
import { type KlaviyoObjects, refused, startKlaviyoObjects } from "./support/klaviyo-objects.ts";

let opened: TestDatabase;
let klaviyo: KlaviyoObjects;
let sent: string[];
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

/** As after a fresh start of the program. */
const setup = () =>
  createSetup({
    db: opened.db,
    clock: hurriedClock(),
    client: klaviyo.client,
    store: store(),
    sendRecords: async (_, accountId) => sent.push(accountId) * 7,
  });
const run = async () => {
  const steps: string[] = [];
  const result = await setup().run(ACCOUNT, ({ step, text }) => steps.push(`${step}: ${text}`));
  return { ...result, steps };
};
const row = async () => {
  const found = await store().find(ACCOUNT);
  if (!found) throw new Error("there is no connection");
  return found;
};

beforeEach(async () => {
  opened = await createTestDatabase();
  klaviyo = startKlaviyoObjects();
  sent = [];
  await opened.db.transaction(({ query }) =>
    store().setLive(query, {
      accountId: ACCOUNT,
      apiKey: "pk_test",
      klaviyoAccountId: "AbCd12",
      organizationName: "Shop",
      connectedAt: TEST_NOW,
    }),
  );
});
afterEach(() => opened[Symbol.dispose]());

/** One of everything, active, mapped to our data source, and known here. */
async function expectComplete(): Promise<void> {
  const [source, ...otherSources] = klaviyo.dataSources;
  const [type, ...otherTypes] = klaviyo.types;
  expect([otherSources, otherTypes]).toEqual([[], []]);
  expect(type?.title).toBe("WalletPass");
  expect(type?.schema.status).toBe("active");
  expect(type?.schema.mapping.attributes["relationship_mappings"]).toMatchObject([
    {
      relationship_id: type?.schema.relationshipId,
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
    objectSchemaId: type?.schema.id,
    objectsNote: null,
  });
  expect(await store().open(ACCOUNT)).toMatchObject({ mode: "live", dataSourceId: source?.id });
}

test("makes everything, tells of each step, and sends the records of passes issued before", async () => {
  expect((await store().open(ACCOUNT)) as object).toMatchObject({ dataSourceId: null });
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
  const REQUESTS_OF_A_RUN = 23;
  const moments = Array.from({ length: REQUESTS_OF_A_RUN }, (_, n) => n + 1).flatMap((nth) => [
    { nth, when: "before" as const },
    { nth, when: "after" as const },
  ]);

  test.each(moments)("$when the request $nth is done", async ({ nth, when }) => {
    const died = Promise.withResolvers<void>();
    let count = 0;
    klaviyo.hook = async (now, _request: KlaviyoRequest) => {
      if (now === when) count++;
      if (now !== when || count !== nth) return;
      died.resolve();
      await new Promise<never>(() => {});
    };
    // A run that dies never ends; one that has fewer requests does.
    const first = run().then(() => "through");
    await Promise.race([died.promise, first]);
    klaviyo.hook = async () => {};
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
    expect(klaviyo.dataSources).toHaveLength(1);
    const used = klaviyo.types.filter(({ schema }) => schema.status === "active");
    expect(used).toHaveLength(1);
    expect(await row()).toMatchObject({ objectsState: "active", objectTypeId: used[0]?.id ?? "" });
  });

  test("that made the data source just before is no fault", async () => {
    klaviyo.hook = async (when, { method, path }) => {
      if (when !== "before" || method !== "POST" || path !== "/api/data-sources") return;
      klaviyo.dataSources.push({ id: "01DS0000", title: "Passhook wallet passes" });
    };
    const { steps } = await run();
    expect(steps[0]).toStartWith("data source: found");
    await expectComplete();
  });
});

describe("trouble", () => {
  test("without the entitlement: unavailable, said plainly, and tried again after an upgrade", async () => {
    klaviyo.hasEntitlement = false;
    const { state, note } = await run();
    expect(state).toBe("unavailable");
    expect(note).toContain("paid plans. Profiles and events are written all the same.");
    expect(await row()).toMatchObject({ objectsState: "unavailable", objectsNote: note });
    expect(await store().open(ACCOUNT)).toMatchObject({ mode: "live", dataSourceId: null });
    klaviyo.hasEntitlement = true;
    expect(await run()).toMatchObject({ state: "active" });
    await expectComplete();
  });

  test("a missing scope is named", async () => {
    klaviyo.failures.push(refused(403, "permission_denied", "You do not have permission."));
    await expect(run()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("custom-objects:read") as unknown,
    });
    expect(await row()).toMatchObject({
      objectsState: "incomplete",
      objectsNote: expect.stringContaining("scope") as unknown,
    });
  });

  test("a 500 that passes is survived", async () => {
    klaviyo.failures.push(...Array.from({ length: 2 }, () => refused(500, "error", "A server error occurred.")));
    expect(await run()).toMatchObject({ state: "active" });
    await expectComplete();
  });

  test("a 500 that stays ends after three tries, with advice", async () => {
    klaviyo.failures.push(...Array.from({ length: 9 }, () => refused(500, "error", "A server error occurred.")));
    await expect(run()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("delete the draft") as unknown,
    });
    expect(klaviyo.requests).toHaveLength(3);
    expect(await row()).toMatchObject({
      objectsState: "incomplete",
      objectsNote: expect.stringContaining("Run again") as unknown,
    });
  });

  test("an answer that was lost is asked for again", async () => {
    const lost = { type: "unreachable", reason: "Klaviyo could not be reached: reset" } as const;
    // The list, then the answer to the making, which was done all the same.
    const { client } = klaviyo;
    let isLost = false;
    const losing: typeof client = async (apiKey, request, signal) => {
      const answer = await client(apiKey, request, signal);
      if (isLost || request.method !== "POST") return answer;
      isLost = true;
      return lost;
    };
    await createSetup({
      ...{ db: opened.db, clock: hurriedClock(), client: losing, store: store() },
      sendRecords: async () => 0,
    }).run(ACCOUNT, () => {});
    await expectComplete();
  });

  test("429 is waited for", async () => {
    klaviyo.failures.push({ type: "answered", status: 429, body: null, retryAfterMs: 1_000 });
    expect(await run()).toMatchObject({ state: "active" });
  });

  test("an object type of somebody else's is left alone", async () => {
    await run();
    const [type] = klaviyo.types;
    if (!type) throw new Error("no type");
    klaviyo.types.splice(0, 1, {
      ...type,
      id: "01OTHER",
      schema: { ...type.schema, properties: [{ id: 1, name: "serial" }] },
    });
    await expect(run()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /"WalletPass" that lacks the properties state, installed, .*Rename or delete it/,
      ) as unknown,
    });
    expect(klaviyo.types).toHaveLength(1);
  });

  test("another Klaviyo account that was connected meanwhile is not told ids of this one", async () => {
    klaviyo.hook = async (when, { path, method }) => {
      if (when !== "after" || method !== "POST" || path !== "/api/object-types") return;
      const other = { accountId: ACCOUNT, apiKey: "pk_other", klaviyoAccountId: "XyZ", organizationName: null };
      await opened.db.transaction(({ query }) => store().setLive(query, { ...other, connectedAt: TEST_NOW }));
    };
    await expect(run()).rejects.toMatchObject({ code: "conflict" });
    expect(await row()).toMatchObject({ klaviyoAccountId: "XyZ", objectTypeId: null });
  });

  test("a sandbox is told to connect first", async () => {
    await opened.db.transaction(({ query }) => store().setDisconnected(query, ACCOUNT));
    await expect(run()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("klaviyo connect") as unknown,
    });
    expect(klaviyo.requests).toEqual([]);
  });
});

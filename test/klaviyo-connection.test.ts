import { describe, expect, test } from "bun:test";
import type { KlaviyoAnswer, KlaviyoClient, KlaviyoRequest } from "../src/klaviyo/client.ts";
import { createConnectionStore, type ObjectsSetup } from "../src/klaviyo/connection-store.ts";
import { createConnections } from "../src/klaviyo/connections.ts";
import { probeScopes, SCOPES } from "../src/klaviyo/scopes.ts";
import { createOutboxStore } from "../src/outbox/outbox-store.ts";
import { createVault } from "../src/secrets.ts";
import type { Json } from "../src/templates/placeholders.ts";
import { createFakeClock, TEST_NOW } from "./support/clock.ts";
import { startConnectedShop } from "./support/connected-shop.ts";
import { ACCOUNT, createTestDatabase } from "./support/database.ts";

const MINUTE = 60_000;

describe("disconnecting", () => {
  test("keeps every job, and the next key sends them in their order", async () => {
    await using here = await startConnectedShop();
    const { shop, klaviyo } = here;
    expect(await shop.app.connections.disconnect(shop.accountId)).toMatchObject({ mode: "disconnected" });
    const pass = await here.issue({ email: "sarah@example.com" });
    await here.issue({ email: "sarah@example.com" }, "80");
    await here.advance(60 * MINUTE);
    expect(here.writes()).toEqual([]);
    expect((await here.jobs()).every(({ state, attempts }) => state !== "dead" && attempts === 0)).toBe(true);
    const alarms = (await shop.app.connections.status(shop.accountId)).lanes.map(({ alarm }) => alarm);
    expect(alarms[0]).toContain("Klaviyo is disconnected. Everything waits until there is a key");

    await shop.app.connections.connect(shop.accountId, klaviyo.apiKey);
    await here.advance(1_000);
    expect(klaviyo.events.map(({ metric }) => metric)).toEqual(["Pass Created", "Pass Updated"]);
    expect(klaviyo.findProfile({ externalId: pass.serialNumber })).toBeDefined();
    expect(await here.jobs()).toEqual([]);
  });

  test("a sandbox is refused: it has no key", async () => {
    await using here = await startConnectedShop();
    const { id } = await here.shop.app.accounts.create("Another shop");
    await expect(here.shop.app.connections.disconnect(id)).rejects.toMatchObject({ code: "conflict" });
  });
});

const OBJECTS: ObjectsSetup = {
  objectsState: "active",
  dataSourceId: "01DS",
  objectTypeId: "01OT",
  objectSchemaId: "01SC",
  objectsNote: null,
};

/** An account whose custom object is set up, and a Klaviyo whose keys are named after their accounts. */
async function connected() {
  const opened = await createTestDatabase();
  const clock = createFakeClock();
  const store = createConnectionStore(opened.db, createVault(Buffer.alloc(32)));
  const client: KlaviyoClient = async (apiKey) =>
    apiKey === "pk_without_accounts"
      ? answer(403)
      : answer(200, {
          data: [{ id: apiKey.slice(3), attributes: { contact_information: { organization_name: apiKey } } }],
        });
  const connections = createConnections({
    ...{ db: opened.db, clock, client, store },
    outbox: createOutboxStore(opened.db),
  });
  await opened.db.transaction(async ({ query }) => {
    await store.insertSandbox(query, ACCOUNT, TEST_NOW);
  });
  await connections.connect(ACCOUNT, "pk_first", 40);
  const stored = { accountId: ACCOUNT, klaviyoAccountId: "first" };
  await opened.db.transaction(({ query }) => store.setObjects(query, stored, OBJECTS));
  return { connections, store, [Symbol.dispose]: () => opened[Symbol.dispose]() };
}

const answer = (status: number, body: Json = {}): KlaviyoAnswer => ({
  type: "answered",
  status,
  body,
  retryAfterMs: undefined,
});

describe("another key", () => {
  test("of the same Klaviyo account keeps the custom object and the share", async () => {
    using here = await connected();
    const info = await here.connections.connect(ACCOUNT, "pk_first");
    expect(info).toMatchObject({ previousKlaviyoAccountId: null, previousMode: "live", sharePercent: 40 });
    expect(await here.store.open(ACCOUNT)).toMatchObject({ dataSourceId: "01DS", sharePercent: 40 });
  });

  test("of another Klaviyo account forgets the ids of the first", async () => {
    using here = await connected();
    const info = await here.connections.connect(ACCOUNT, "pk_second");
    expect(info).toMatchObject({ klaviyoAccountId: "second", previousKlaviyoAccountId: "first" });
    expect(await here.store.open(ACCOUNT)).toEqual({
      mode: "live",
      apiKey: "pk_second",
      klaviyoAccountId: "second",
      connectedAt: TEST_NOW,
      dataSourceId: null,
      sharePercent: 40,
    });
    expect((await here.connections.status(ACCOUNT)).objects).toMatchObject({ state: "none", objectTypeId: null });
  });

  test("is known to be of another account also after a time without one", async () => {
    using here = await connected();
    await here.connections.disconnect(ACCOUNT);
    expect(await here.store.open(ACCOUNT)).toEqual({ mode: "disconnected" });
    const info = await here.connections.connect(ACCOUNT, "pk_second");
    expect(info).toMatchObject({ previousMode: "disconnected", previousKlaviyoAccountId: "first" });
  });

  test("that does not tell whose it is is taken for one of the same account", async () => {
    using here = await connected();
    const info = await here.connections.connect(ACCOUNT, "pk_without_accounts");
    expect(info).toMatchObject({ canReadAccount: false, previousKlaviyoAccountId: null });
    expect(await here.store.open(ACCOUNT)).toMatchObject({ dataSourceId: "01DS" });
  });
});

describe("scopes", () => {
  const withAnswers =
    (statusOf: (request: KlaviyoRequest) => number, asked: KlaviyoRequest[] = []): KlaviyoClient =>
    async (_, request) => {
      asked.push(request);
      return answer(statusOf(request));
    };
  const missing = async (client: KlaviyoClient, canReadAccount = true) => {
    const report = await probeScopes(client, "pk", { canReadAccount });
    return { missing: report.missing.map(({ name }) => name), unknown: report.unknown };
  };
  const normally = ({ method }: KlaviyoRequest) => (method === "GET" ? 200 : 400);

  test("are all there where Klaviyo only minds the empty bodies; nothing is written", async () => {
    const asked: KlaviyoRequest[] = [];
    expect(await missing(withAnswers(normally, asked))).toEqual({ missing: [], unknown: [] });
    for (const { method, body } of asked) expect(body).toEqual(method === "GET" ? undefined : {});
    // Klaviyo allows it once a second, and it was asked when the key was checked.
    expect(asked.map(({ path }) => path)).not.toContain("/api/accounts");
  });

  test.each([
    ["events:write", "POST", "/api/events"],
    ["custom-objects:write", "POST", "/api/data-sources"],
    ["custom-objects:read", "GET", "/api/data-sources"],
    ["lists:write", "POST", "/api/profile-bulk-import-jobs"],
    ["data-privacy:write", "POST", "/api/data-privacy-deletion-jobs"],
  ])("%s is named when it is missing", async (name, method, path) => {
    const client = withAnswers((request) =>
      request.method === method && request.path.startsWith(path) ? 403 : normally(request),
    );
    expect(await missing(client)).toEqual({ missing: [name], unknown: [] });
  });

  test("a bulk import that is refused for want of profiles:write says nothing of lists", async () => {
    const client = withAnswers((request) => (request.path.includes("profile-") ? 403 : normally(request)));
    expect((await missing(client)).missing).toEqual(["profiles:write", "lists:read"]);
  });

  test("the name of the account tells of accounts:read", async () => {
    expect((await missing(withAnswers(normally), false)).missing).toEqual(["accounts:read"]);
  });

  test("are unknown where Klaviyo is busy or away", async () => {
    const { missing: none, unknown } = await missing(withAnswers(() => 429));
    expect(none).toEqual([]);
    expect(unknown).toHaveLength(SCOPES.length - 1);
    const away: KlaviyoClient = async () => ({ type: "unreachable", reason: "down" });
    expect((await missing(away)).unknown).toEqual(unknown);
  });
});

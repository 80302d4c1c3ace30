import { describe, expect, test } from "bun:test";
import type { ConnectionInfo } from "../src/klaviyo/connections.ts";
import { type ConnectedShop, EVENT, PROFILE, startConnectedShop } from "./support/connected-shop.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let people = 0;
const somebody = () => ({ email: `person-${++people}@example.com` });
const lanesOf = async ({ shop }: ConnectedShop) =>
  Object.fromEntries(
    (await shop.app.connections.status(shop.accountId)).lanes.map(({ kind, open, alarm }) => [kind, { open, alarm }]),
  );
const isUntouched = async (here: ConnectedShop) =>
  (await here.jobs()).every(
    ({ attempts, failingSince, state }) => attempts === 0 && failingSince === null && state !== "dead",
  );

/** Gives the account another key, as `klaviyo connect` does. */
function connect(here: ConnectedShop, apiKey = here.klaviyo.apiKey): Promise<ConnectionInfo> {
  here.klaviyo.acceptKey(apiKey);
  here.klaviyo.restoreScopes();
  return here.shop.app.connections.connect(here.shop.accountId, apiKey);
}

describe("429", () => {
  test("stops the whole account until Retry-After, and costs no attempt", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.failNext({ status: 429, retryAfterSeconds: 30 }, { path: PROFILE });
    await here.issue(somebody());
    expect(here.writes()).toHaveLength(1);
    expect(await lanesOf(here)).toMatchObject({ "klaviyo.profile": { open: false }, "klaviyo.event": { open: false } });

    await here.issue(somebody());
    await here.advance(30 * SECOND - 1);
    expect(here.writes()).toHaveLength(1);
    expect(await isUntouched(here)).toBe(true);

    await here.advance(SECOND);
    expect(here.klaviyo.events).toHaveLength(2);
    expect(await here.jobs()).toEqual([]);
    expect(here.writes()[1]?.at).toBeGreaterThanOrEqual((here.writes()[0]?.at ?? 0) + 30 * SECOND);
  });

  test.each([0, 0.0005])("that asks for %d seconds is not answered at once", async (retryAfterSeconds) => {
    await using here = await startConnectedShop();
    here.klaviyo.failNext({ status: 429, retryAfterSeconds });
    await here.issue(somebody());
    expect(here.writes()).toHaveLength(1);
    expect(await isUntouched(here)).toBe(true);
    await here.advance(SECOND);
    expect(here.klaviyo.events).toHaveLength(1);
  });

  test("of an event stops profiles too: they share the account", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.failNext({ status: 429, retryAfterSeconds: 5 }, { path: EVENT });
    await here.issue(somebody());
    await here.issue(somebody());
    expect(here.writes().map(({ path }) => path)).toEqual([PROFILE, EVENT]);
    await here.advance(6 * SECOND);
    expect(here.klaviyo.events).toHaveLength(2);
  });

  test("does not stop another account", async () => {
    await using here = await startConnectedShop();
    const { shop, klaviyo } = here;
    const other = await shop.app.accounts.create("Another shop");
    const { apiKey } = await shop.app.accounts.createKey(other.id, "test");
    klaviyo.acceptKey("pk_of_another_shop");
    await shop.app.connections.connect(other.id, "pk_of_another_shop");
    const { definition, images } = await shop.app.templates.current(shop.accountId, here.template);
    const { id } = await shop.app.templates.push(other.id, { definition, images });

    klaviyo.failNext({ status: 429, retryAfterSeconds: 60 }, { path: PROFILE });
    await here.issue(somebody());
    const headers = { "x-api-key": apiKey, "x-account-id": other.id };
    await shop.issue({ passTemplate: id, pass: {}, recipient: somebody() }, headers);
    await shop.app.worker.idle();
    expect(klaviyo.events).toHaveLength(1);
    const keys = here.writes().map(({ headers: { authorization } }) => authorization);
    expect(keys.slice(1)).toEqual(Array(2).fill("Klaviyo-API-Key pk_of_another_shop"));
  });

  test("of many at once is obeyed for the longest that was asked", async () => {
    await using here = await startConnectedShop({ working: false });
    for (let i = 0; i < 5; i++) await here.issue(somebody());
    for (const retryAfterSeconds of [10, 60, 20]) here.klaviyo.failNext({ status: 429, retryAfterSeconds });
    here.shop.app.worker.start();
    await here.shop.app.worker.idle();
    const sent = here.writes().length;
    await here.advance(59 * SECOND);
    expect(here.writes()).toHaveLength(sent);
    expect(await isUntouched(here)).toBe(true);
    await here.advance(2 * SECOND);
    expect(here.klaviyo.events).toHaveLength(5);
  });

  test("leaves the alarm of a missing scope as it is", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.denyScope(EVENT);
    await here.issue(somebody());
    here.klaviyo.failNext({ status: 429, retryAfterSeconds: 5 }, { path: PROFILE });
    await here.issue(somebody());
    expect((await lanesOf(here))["klaviyo.event"]?.alarm).toContain("lacks a scope");
  });
});

describe("401", () => {
  test("stops the account, raises an alarm, and goes on as soon as there is a good key", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.revokeKey();
    const pass = await here.issue(somebody());
    expect(here.writes()).toHaveLength(1);
    await here.issue(somebody());
    await here.advance(10 * MINUTE);
    expect(here.writes()).toHaveLength(1);
    expect(await lanesOf(here)).toMatchObject({
      "klaviyo.profile": { open: false, alarm: expect.stringContaining("passhook klaviyo connect") as unknown },
      "klaviyo.event": { open: false },
    });
    expect(await isUntouched(here)).toBe(true);

    await connect(here, "pk_a_new_key");
    await here.advance(SECOND);
    expect(here.klaviyo.events).toHaveLength(2);
    expect(await here.jobs()).toEqual([]);
    expect(Object.values(await lanesOf(here))).toEqual(Array(2).fill({ open: true, alarm: null }));
    expect(here.klaviyo.findProfile({ externalId: pass.serialNumber })).toBeDefined();
  });

  test("is tried again every quarter of an hour, in case the key came back", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.revokeKey();
    for (let i = 0; i < 3; i++) await here.issue(somebody());
    for (let quarters = 0; quarters < 4; quarters++) await here.advance(15 * MINUTE + SECOND);
    expect(here.writes().length).toBeLessThan(20);
    expect(await isUntouched(here)).toBe(true);
    here.klaviyo.acceptKey(here.klaviyo.apiKey);
    await here.advance(16 * MINUTE);
    expect(here.klaviyo.events).toHaveLength(3);
    expect(Object.values(await lanesOf(here)).map(({ alarm }) => alarm)).toEqual([null, null]);
  });

  test("of a new key changes nothing", async () => {
    await using here = await startConnectedShop();
    const failure = here.shop.app.connections.connect(here.shop.accountId, "pk_wrong");
    await expect(failure).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("profiles:write") as unknown,
    });
    await here.issue(somebody());
    expect(here.klaviyo.events).toHaveLength(1);
  });
});

describe("403", () => {
  test("stops that kind only, and goes on in order as soon as there is a good key", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.denyScope(EVENT);
    const person = somebody();
    const pass = await here.issue(person);
    await here.issue(somebody());
    expect(here.writes().map(({ path, status }) => [path, status])).toEqual([
      [PROFILE, 201],
      [EVENT, 403],
      [PROFILE, 201],
    ]);
    expect(await lanesOf(here)).toMatchObject({
      "klaviyo.profile": { open: true, alarm: null },
      "klaviyo.event": { open: false, alarm: expect.stringContaining("lacks a scope") as unknown },
    });
    expect(await isUntouched(here)).toBe(true);
    await here.issue(person, "71");

    await connect(here);
    await here.advance(SECOND);
    const metrics = here.klaviyo.events.filter(
      ({ event_properties }) => event_properties["serial"] === pass.serialNumber,
    );
    expect(metrics.map(({ metric }) => metric)).toEqual(["Pass Created", "Pass Updated"]);
    expect(await here.jobs()).toEqual([]);
  });

  test("of the key's own account does not matter: write-backs need no more than they use", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.denyScope("/api/accounts");
    const info = await here.shop.app.connections.connect(here.shop.accountId, here.klaviyo.apiKey);
    expect(info).toMatchObject({ mode: "live", organizationName: null });
    await here.issue(somebody());
    expect(here.klaviyo.events).toHaveLength(1);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { type ConnectedShop, EVENT, PROFILE, startConnectedShop } from "./support/connected-shop.ts";
import type { Fault } from "./support/klaviyo/fake-klaviyo.ts";
import { acceptedWriteBacks, orderProblems } from "./support/write-back-log.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

let people = 0;
const somebody = () => ({ email: `person-${++people}@example.com` });
const eventsOf = ({ klaviyo }: ConnectedShop, { serialNumber }: PassObject) =>
  klaviyo.events.filter(({ event_properties }) => event_properties["serial"] === serialNumber);
const profileOf = ({ klaviyo }: ConnectedShop, { serialNumber }: PassObject) =>
  [...klaviyo.profiles.values()].find(({ properties }) => properties["wallet_pass_serial"] === serialNumber);

describe("trouble that passes is tried again, and in the end everything is there once", () => {
  let here: ConnectedShop;
  beforeAll(async () => {
    here = await startConnectedShop();
  });
  afterEach(() => here.klaviyo.clearFaults());
  afterAll(() => here[Symbol.asyncDispose]());

  const FAULTS: readonly [string, Fault][] = [
    ["500", { status: 500 }],
    ["502 with a proxy's page", { status: 502, html: true }],
    ["503", { status: 503 }],
    ["504", { status: 504 }],
    ["524", { status: 524, html: true }],
    ["408", { status: 408 }],
    ["a redirect", { status: 302, html: true }],
    ["a reset before it was done", { kind: "reset-before" }],
    ["a reset after it was done", { kind: "reset-after" }],
    ["half an answer", { kind: "truncated" }],
    ["an answer that is no JSON", { kind: "not-json" }],
  ];

  test.each(FAULTS.flatMap(([what, fault]) => [PROFILE, EVENT].map((path) => [what, path, fault] as const)))(
    "%s from %s",
    async (what, path, fault) => {
      here.klaviyo.failNext(fault, { path, times: 2 });
      const pass = await here.issue(somebody());
      const [job] = await here.jobs(pass);
      // An event's answer is empty: whatever comes with 2xx, Klaviyo has it.
      const isTaken = path === EVENT && /JSON/.test(what);
      if (isTaken) expect(job).toBeUndefined();
      else expect(job).toMatchObject({ kind: path === EVENT ? "klaviyo.event" : "klaviyo.profile", attempts: 1 });
      here.klaviyo.clearFaults();
      await here.advance(SECOND);
      expect(await here.jobs(pass)).toEqual([]);
      expect(profileOf(here, pass)?.external_id).toBe(pass.serialNumber);
      expect(eventsOf(here, pass)).toHaveLength(1);
    },
  );

  test.each([PROFILE, EVENT])("silence from %s ends before the lease does", async (path) => {
    here.klaviyo.failNext({ kind: "hang" }, { path });
    const arrived = here.klaviyo.nextRequest({ path });
    const pass = here.issue(somebody());
    await arrived;
    await here.advance(25 * SECOND);
    const { serialNumber } = await pass;
    await here.advance(SECOND);
    expect(await here.jobs(await pass)).toEqual([]);
    expect(here.klaviyo.events.filter(({ unique_id }) => unique_id.startsWith(serialNumber))).toHaveLength(1);
  });

  test("the waits grow, within their bounds", async () => {
    here.klaviyo.respondAlways({ status: 500 });
    const pass = await here.issue(somebody());
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const [job] = await here.jobs(pass);
      const wait = (job?.runAt ?? 0) - here.shop.clock.now();
      waits.push(wait);
      await here.advance(wait);
    }
    // Chance is one half here: half of 1 s · 2ⁿ.
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]);
    here.klaviyo.clearFaults();
    await here.advance(HOUR);
    expect(await here.jobs(pass)).toEqual([]);
  });
});

describe("order", () => {
  test("newer states replace one that waits; no event is dropped", async () => {
    await using here = await startConnectedShop({ working: false });
    const person = somebody();
    const pass = await here.issue(person, "1");
    for (const points of ["2", "3", "4"]) {
      here.shop.clock.advance(SECOND);
      await here.issue(person, points);
    }
    here.shop.app.worker.start();
    await here.shop.app.worker.idle();
    expect(here.writes().map(({ path }) => path)).toEqual([PROFILE, EVENT, EVENT, EVENT, EVENT]);
    expect(here.klaviyo.events.map(({ metric }) => metric)).toEqual(["Pass Created", ...Array(3).fill("Pass Updated")]);
    expect(profileOf(here, pass)?.properties["wallet_pass_updated_at"]).toBe(
      new Date(here.shop.clock.now()).toISOString(),
    );
  });

  test("what changes while a write is on its way follows it", async () => {
    await using here = await startConnectedShop();
    const person = somebody();
    const arrival = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const until = () => {
      arrival.resolve();
      return release.promise;
    };
    here.klaviyo.failNext({ kind: "slow", until }, { path: PROFILE });
    const first = here.issue(person, "1");
    await arrival.promise;
    here.shop.clock.advance(SECOND);
    const recipient = { ...person, phone: "mistyped" };
    const body = { passTemplate: here.template, pass: { "points-balance": "2" }, recipient };
    const { serialNumber } = await here.shop.issue(body);
    release.resolve();
    await first;
    expect(here.writes().map(({ path }) => path)).toEqual([PROFILE, EVENT, PROFILE, EVENT]);
    expect(orderProblems(acceptedWriteBacks(here.klaviyo).get(serialNumber) ?? [])).toEqual([]);
    const { pass } = await here.shop.app.links.load(serialNumber);
    expect(pass.notes).toEqual([expect.stringContaining('"mistyped"') as unknown as string]);
  });

  test("a write that fails holds up its own pass only", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.failNext({ status: 500 }, { path: PROFILE });
    const slow = await here.issue(somebody());
    const quick = await here.issue(somebody());
    expect([eventsOf(here, slow).length, eventsOf(here, quick).length]).toEqual([0, 1]);
    await here.advance(SECOND);
    expect(eventsOf(here, slow)).toHaveLength(1);
  });
});

describe("trouble that stays", () => {
  test("400 is final, with Klaviyo's reason and place; what follows goes on; retry runs it again", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.failNext({ status: 400 }, { path: EVENT });
    const person = somebody();
    const pass = await here.issue(person, "1");
    const [job] = await here.jobs(pass);
    expect(job).toMatchObject({ kind: "klaviyo.event", state: "dead", attempts: 1 });
    expect(job?.lastError).toBe("Klaviyo answered 400: The payload provided in the request is invalid. (/data)");

    await here.issue(person, "2");
    expect(eventsOf(here, pass).map(({ metric }) => metric)).toEqual(["Pass Updated"]);

    expect(
      await here.shop.app.outbox.redrive({ accountId: here.shop.accountId, id: job?.id }, here.shop.clock.now()),
    ).toHaveLength(1);
    await here.advance(SECOND);
    expect(
      eventsOf(here, pass)
        .map(({ metric }) => metric)
        .sort(),
    ).toEqual(["Pass Created", "Pass Updated"]);
    expect(await here.jobs(pass)).toEqual([]);
  });

  test("after seven days of failures it is final too, and can be run again", async () => {
    await using here = await startConnectedShop();
    here.klaviyo.respondAlways({ status: 500 });
    const pass = await here.issue(somebody());
    const stateOf = async (kind: string) => (await here.jobs(pass)).find((job) => job.kind === kind);
    for (let hours = 0; hours < 7 * 24 - 1; hours++) await here.advance(HOUR);
    expect(await stateOf("klaviyo.profile")).toMatchObject({ state: "ready" });
    await here.advance(DAY);
    const dead = await stateOf("klaviyo.profile");
    expect(dead).toMatchObject({
      state: "dead",
      lastError: expect.stringContaining("tried for seven days") as unknown,
    });
    expect(dead?.attempts).toBeGreaterThan(20);
    expect(dead?.attempts).toBeLessThan(60);
    expect(await stateOf("klaviyo.event")).toMatchObject({ state: "ready" });

    here.klaviyo.clearFaults();
    expect(await here.shop.app.outbox.redrive({ accountId: here.shop.accountId }, here.shop.clock.now())).toHaveLength(
      1,
    );
    await here.advance(2 * DAY);
    expect(await here.jobs(pass)).toEqual([]);
    expect(profileOf(here, pass)?.external_id).toBe(pass.serialNumber);
    expect(eventsOf(here, pass)).toHaveLength(1);
  });
});

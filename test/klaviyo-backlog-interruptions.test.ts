import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createLog } from "../src/log.ts";
import { expectTold } from "./support/expect-told.ts";
import { type KlaviyoShop, startKlaviyoShop } from "./support/klaviyo-shop.ts";

/* A backlog in the middle of which the program or its key is gone: everything arrives, each event once. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const IMPORT = "bulk_import_profiles";
const EVENTS = "bulk_create_events";
const RECORDS = "bulk_create_data_source_records";

let here: KlaviyoShop;
let logged: string[];
beforeEach(async () => {
  logged = [];
  const log = createLog({ tty: true, now: () => 0, write: (line) => logged.push(line) });
  // An import that goes on while the program is away.
  here = await startKlaviyoShop({ sharePercent: 1, log, delays: { importMs: 20 * SECOND } });
});
afterEach(() => here[Symbol.asyncDispose]());

const count = (operation: string) => here.klaviyo.answers.count({ operation });

/** Issues so many passes, and resolves when Klaviyo has done the first request of an operation and not yet answered. */
async function workUntil(operation: string, passes: number, atThatMoment: () => void): Promise<string[]> {
  const serials = await here.issueMany(passes);
  let isReached = false;
  const until = async () => {
    atThatMoment();
    isReached = true;
  };
  here.klaviyo.failNext({ kind: "slow", until }, { operation });
  here.work();
  await here.until("the request was sent", () => isReached, 5 * MINUTE);
  return serials;
}

const STAGES = [
  ["an import", IMPORT, 12],
  ["a batch of events", EVENTS, 40],
  ["a batch of records", RECORDS, 12],
] as const;

describe.each(STAGES)("while %s is under way", (_, operation, passes) => {
  test("the program is killed: what changes afterwards is not overwritten, and each event counts once", async () => {
    const serials = await workUntil(operation, passes, () => here.current.app.db[Symbol.dispose]());
    await here.kill();
    for (const serial of serials) await here.change(serial);
    await expectTold(here, 30 * MINUTE);
    // A batch is not repeated: Klaviyo would refuse it for what it has.
    expect(operation === EVENTS ? count(EVENTS) : 1).toBe(1);
  });

  test("the program is stopped and started: the same, and no attempt is counted", async () => {
    const serials = await here.issueMany(passes);
    here.work();
    await here.until("the request was sent", () => count(operation) > 0, 5 * MINUTE, 20);
    await here.restart();
    expect((await here.jobs()).filter(({ attempts }) => attempts > 0)).toEqual([]);
    for (const serial of serials) await here.change(serial);
    await expectTold(here, 30 * MINUTE);
    expect(logged.filter((line) => line.includes("error"))).toEqual([]);
  });
});

test("what changes after a stop is not overwritten by an import that takes minutes", async () => {
  await using slow = await startKlaviyoShop({ sharePercent: 1, delays: { importMs: 3 * MINUTE } });
  const serials = await slow.issueMany(12);
  slow.work();
  await slow.until("it was taken", () => slow.klaviyo.answers.count({ operation: IMPORT }) > 0, 5 * MINUTE, 20);
  await slow.restart();
  await slow.pass(SECOND);
  for (const serial of serials) await slow.change(serial);
  await slow.pass(4 * MINUTE, SECOND);
  await expectTold(slow, 30 * MINUTE);
});

describe("in the middle of a backlog", () => {
  test.each([
    ["forward by a day", 24 * HOUR, 10 * MINUTE],
    ["back by an hour", -HOUR, HOUR + 10 * MINUTE],
  ])("the clock is set %s: what is new is told at once, and everything in the end", async (_, ms, patienceMs) => {
    await here.issueMany(15);
    here.work();
    await here.until("the import was taken", () => count(IMPORT) > 0, 5 * MINUTE);
    await here.pass(10 * SECOND);
    here.clock.correct(ms);
    const fresh = await here.issue({ email: "fresh@example.com" });
    await here.until("it is told", async () => (await here.jobs(fresh)).length === 0, MINUTE);
    await here.until("all is told", async () => (await here.jobs()).length === 0, patienceMs, 10 * SECOND);
    await expectTold(here, 0);
  });

  test("the key is revoked: it is said once, nothing counts as tried, and a new key goes on", async () => {
    await here.issueMany(60);
    here.work();
    await here.until("the import was taken", () => count(IMPORT) > 0, 5 * MINUTE);
    here.klaviyo.revokeKey();
    const sent = here.klaviyo.requests.length;
    await here.pass(10 * MINUTE, SECOND);
    expect(here.klaviyo.requests.length - sent).toBeLessThan(20);
    expect((await here.jobs()).filter(({ attempts, failingSince }) => attempts > 0 || failingSince !== null)).toEqual(
      [],
    );
    const alarms = logged.filter((line) => line.includes("A person must act"));
    expect(alarms).toEqual([expect.stringContaining("Connect again with a valid key: passhook klaviyo connect")]);
    here.klaviyo.acceptKey("pk_new");
    await here.during(() => here.current.app.connections.connect(here.current.accountId, "pk_new"));
    await expectTold(here, 30 * MINUTE);
  });

  test("the account is disconnected: nothing more is sent, and a connection goes on", async () => {
    const { app, accountId } = here.current;
    await here.issueMany(60);
    here.work();
    await here.until("events were sent", () => count(EVENTS) > 0, 5 * MINUTE);
    await app.connections.disconnect(accountId);
    await here.pass(SECOND);
    const sent = here.klaviyo.requests.length;
    await here.pass(40 * MINUTE, 10 * SECOND);
    expect(here.klaviyo.requests).toHaveLength(sent);
    expect((await here.jobs()).filter(({ attempts }) => attempts > 0)).toEqual([]);
    expect(logged.filter((line) => line.includes("Klaviyo is disconnected."))).toHaveLength(1);
    await here.during(() => app.connections.connect(accountId, here.klaviyo.apiKey));
    await expectTold(here, 30 * MINUTE);
  });
});

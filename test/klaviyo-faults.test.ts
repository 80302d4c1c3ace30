import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { JobRow } from "../src/outbox/outbox-store.ts";
import { expectTold } from "./support/expect-told.ts";
import type { Scope } from "./support/klaviyo/fake-klaviyo.ts";
import { type KlaviyoShop, startKlaviyoShop } from "./support/klaviyo-shop.ts";
import { type Fate, fateOf, putRight, RECORD, TOLD, TROUBLES } from "./support/klaviyo-troubles.ts";

/*
 * Whatever Klaviyo answers, to whichever of the three requests that tell of a pass: the flow gets its pass at once, the
 * operator reads what is wrong and what to do, and once the cause is gone Klaviyo has what is true, the event once.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let here: KlaviyoShop;
beforeAll(async () => {
  here = await startKlaviyoShop();
  here.work();
});
afterEach(() => here.klaviyo.clearFaults());
afterAll(() => here[Symbol.asyncDispose]());

let people = 0;
const somebody = () => ({ email: `person-${++people}@example.com` });
const lanes = async () => {
  const { lanes } = await here.current.app.connections.status(here.current.accountId);
  return new Map(lanes.map((lane) => [lane.kind, lane]));
};

const COUNTED: Readonly<Record<Fate, Partial<JobRow> | undefined>> = {
  again: { state: "ready", attempts: 1 },
  dead: { state: "dead", attempts: 1 },
  throttled: { state: "ready", attempts: 0, failingSince: null },
  "blocked kind": { state: "ready", attempts: 0, failingSince: null },
  "blocked account": { state: "ready", attempts: 0, failingSince: null },
  done: undefined,
};

const CASES = TROUBLES.flatMap((trouble) => TOLD.map((told) => [trouble.name, told.what, trouble, told] as const));

describe.each(CASES)("%s to the %s", (name, _, trouble, told) => {
  // That a data source is gone is told below.
  if (name === "404" && told.path === RECORD) return;
  const fate = fateOf(trouble, told);

  test(fate, async () => {
    here.klaviyo.failNext(trouble.fault, { path: told.path });
    const serial = await here.issue(somebody());
    await here.pass(0);

    const [job] = await here.jobs(serial);
    if (fate === "done") expect(job).toBeUndefined();
    else expect(job).toMatchObject({ kind: told.kind, ...COUNTED[fate] });
    if (fate !== "done") expect(job?.lastError).toContain(trouble.says);
    expect(job?.lastError ?? "").not.toContain("verbose");
    const isClosed = (kind: string) =>
      fate === "throttled" || fate === "blocked account" || (fate === "blocked kind" && kind === told.kind);
    for (const { kind } of TOLD) {
      const lane = (await lanes()).get(kind);
      expect(lane).toMatchObject({ open: !isClosed(kind) });
      if (!isClosed(kind) || fate === "throttled") expect(lane?.alarm).toBeNull();
      else expect(lane?.alarm).toContain(trouble.says);
      if (kind === told.kind && fate === "blocked kind") expect(lane?.alarm).toContain(told.scope);
    }

    switch (fate) {
      case "throttled": {
        const sent = here.klaviyo.requests.length;
        await here.pass(59 * SECOND, SECOND);
        expect(here.klaviyo.requests).toHaveLength(sent);
        await here.pass(2 * SECOND);
        break;
      }
      case "dead":
      case "blocked kind":
      case "blocked account":
        await putRight(here);
        break;
      case "again":
      case "done":
        break;
      default:
        fate satisfies never;
    }
    await here.pass(2 * SECOND);
    await expectTold(here, 0, [serial]);
  });
});

describe.each(TOLD.map((told) => [told.what, told] as const))("and to the %s", (_, told) => {
  test("silence: the flow has its pass all the same, and the try ends before its lease does", async () => {
    here.klaviyo.failNext({ kind: "hang" }, { path: told.path });
    const arrived = here.klaviyo.nextRequest({ path: told.path });
    const serial = await here.issue(somebody());
    await arrived;
    here.clock.advance(25 * SECOND);
    await here.pass(0);
    expect((await here.jobs(serial))[0]).toMatchObject({ kind: told.kind, attempts: 1 });
    await here.pass(2 * SECOND);
    await expectTold(here, 0, [serial]);
  });

  test("a clock that is set forward by a day: what failed once is not taken for what fails for days", async () => {
    here.klaviyo.failNext({ status: 503 }, { path: told.path, times: 2 });
    const serial = await here.issue(somebody());
    await here.pass(0);
    here.clock.correct(DAY);
    await here.pass(5 * SECOND);
    await expectTold(here, 0, [serial]);
  });

  test("a clock that is set back by an hour: what is new is told at once, what waited, when its time has come", async () => {
    here.klaviyo.failNext({ status: 503 }, { path: told.path });
    const before = await here.issue(somebody());
    await here.pass(0);
    here.clock.correct(-HOUR);
    const after = await here.issue(somebody());
    await here.pass(0);
    expect(await here.jobs(after)).toEqual([]);
    await here.until("it was told", async () => (await here.jobs(before)).length === 0, HOUR + MINUTE, 30 * SECOND);
    await expectTold(here, 0, [before, after]);
  });
});

describe("what leads elsewhere", () => {
  test.each(TOLD.map((told) => [told.what, told] as const))(
    "a profile that is merged into another before the %s is told: the passes are found there",
    async (_, told) => {
      const person = somebody();
      const first = await here.issue(person);
      await here.pass(11 * SECOND, SECOND);
      const known = here.klaviyo.findProfile({ externalId: first });
      // What comes before it is told before, what comes after it afterwards.
      here.klaviyo.failNext({ status: 503 }, { path: told.path });
      await here.change(first);
      await here.pass(0);
      const { id } = here.klaviyo.addProfile({ phone_number: `+1500555${1_000 + people}` });
      here.klaviyo.mergeProfiles(known?.id ?? "", id);
      await here.pass(2 * SECOND);
      await expectTold(here, 0, [first]);
      expect(here.klaviyo.recordsOfProfile(id)).toHaveLength(1);
    },
  );

  test("409 that names the profile: it is written to, and keeps its external id", async () => {
    const person = somebody();
    const { id } = here.klaviyo.addProfile({ ...person, external_id: "customer-409" });
    const serial = await here.issue(person);
    await here.pass(0);
    await expectTold(here, 0, [serial]);
    expect(here.klaviyo.findProfile({ id })).toMatchObject({ external_id: "customer-409" });
  });

  test("a data source that is gone: the status says what to do, and then every record is sent", async () => {
    const { app, accountId } = here.current;
    here.klaviyo.failNext({ status: 404 }, { path: RECORD });
    const [first, second] = [await here.issue(somebody()), await here.issue(somebody())];
    await here.pass(0);
    expect(await here.jobs()).toEqual([]);
    expect((await app.connections.status(accountId)).objects).toMatchObject({
      state: "incomplete",
      note: "The data source is no longer in Klaviyo. Make it again: passhook klaviyo setup",
    });
    const third = await here.issue(somebody());
    await here.during(() => app.klaviyo.setup.run(accountId, () => {}));
    await here.pass(SECOND);
    await expectTold(here, 0, [first, second, third]);
  });

  test("an address that Klaviyo refuses: its own words are on the job and on the pass", async () => {
    // Good enough to be sent, and refused there.
    const serial = await here.issue({ email: "sarah@exämple.com" });
    await here.pass(0);
    const said =
      "Klaviyo does not accept the email; it was left out. Klaviyo answered 400: Invalid email address. (/data/attributes/email)";
    const [job] = await here.jobs(serial);
    expect(job).toMatchObject({ kind: "klaviyo.profile", state: "dead" });
    expect(job?.lastError).toBe(`No identifier is left to find the profile by. ${said}`);
    const other = await here.issue({ email: "sarah@exämple.dk", phone: "+15005550123" });
    await here.pass(0);
    expect((await here.current.app.links.load(other)).pass.notes).toContain(said);
    await expectTold(here, 0, [other]);
  });
});

describe("what the status says", () => {
  async function status() {
    // So long an answer about the key is remembered.
    await here.pass(MINUTE, SECOND);
    return here.during(() => here.current.app.klaviyo.status.read(here.current.accountId));
  }

  test("of a key that is no longer good", async () => {
    here.klaviyo.revokeKey();
    await here.issue(somebody());
    await here.pass(0);
    const { key, lanes: stopped } = await status();
    expect(key).toMatchObject({
      state: "refused",
      reason: expect.stringContaining("Incorrect authentication") as unknown,
    });
    expect(stopped.filter(({ alarm }) => alarm?.includes("passhook klaviyo connect"))).toHaveLength(stopped.length);
    await here.pass(SECOND);
    await putRight(here);
    expect((await status()).lanes.filter(({ open, alarm }) => !open || alarm !== null)).toEqual([]);
  });

  test.each(TOLD.map((told) => [told.scope, told] as const))("of a key without %s", async (scope, told) => {
    here.klaviyo.withholdScope(scope as Scope);
    const serial = await here.issue(somebody());
    await here.pass(0);
    const { scopes, lanes: all } = await status();
    expect(scopes?.missing.map(({ name }) => name)).toContain(scope);
    expect(all.filter(({ open }) => !open)).toMatchObject([{ kind: told.kind }]);
    await here.pass(SECOND);
    await putRight(here);
    await here.pass(SECOND);
    await expectTold(here, 0, [serial]);
  });

  test("of a Klaviyo that does not answer", async () => {
    here.klaviyo.respondAlways({ status: 503 });
    const serial = await here.issue(somebody());
    await here.pass(0);
    const { key, backlog } = await status();
    expect(key).toMatchObject({ state: "unknown", reason: expect.stringContaining("503") as unknown });
    expect(backlog).toContainEqual({ kind: "klaviyo.profile", state: "ready", jobs: 1 });
    here.klaviyo.clearFaults();
    await expectTold(here, 2 * MINUTE, [serial]);
  });
});

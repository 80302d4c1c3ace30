import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createLog } from "../src/log.ts";
import { expectTold } from "./support/expect-told.ts";
import type { Fault } from "./support/klaviyo/fake-klaviyo.ts";
import { createTestClient } from "./support/klaviyo/test-client.ts";
import { type KlaviyoShop, startKlaviyoShop } from "./support/klaviyo-shop.ts";

/* What Klaviyo refuses of a bulk operation is done singly, with the same recovery, and once. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const IMPORT = { operation: "bulk_import_profiles" };
const LOOK = { operation: "get_bulk_import_profiles_job" };
const ERRORS = { operation: "get_errors_for_bulk_import_profiles_job" };
const EVENTS = { operation: "bulk_create_events" };
const RECORDS = { operation: "bulk_create_data_source_records" };

let here: KlaviyoShop;
let logged: string[];
beforeEach(async () => {
  logged = [];
  const log = createLog({ tty: true, now: () => 0, write: (line) => logged.push(line) });
  // An import takes longer than the first of its profiles would need to be told singly.
  here = await startKlaviyoShop({ sharePercent: 1, log, delays: { importMs: 20 * SECOND } });
});
afterEach(() => here[Symbol.asyncDispose]());

const count = (match: { operation: string; status?: number }) => here.klaviyo.answers.count(match);
const notesOf = async (serial: string) => (await here.current.app.links.load(serial)).pass.notes;
const jobsAlone = async () => (await here.jobs()).filter(({ alone, attempts }) => alone || attempts > 0);
/** As many as make a backlog of events too. */
const BACKLOG = 40;

describe("profiles of an import", () => {
  test("that Klaviyo refuses find their way: a bad address, another's address, an id that is gone", async () => {
    await here.issueMany(20);
    const badAddress = await here.issue({ email: "sarah@exämple.com", phone: "+15005550001" });
    const { id: theirs } = here.klaviyo.addProfile({ email: "shared@example.com", external_id: "customer-1" });
    const othersAddress = await here.issue({ email: "shared@example.com" });
    const { id: merged } = here.klaviyo.addProfile({ phone_number: "+15005550002" });
    const gone = await here.issue({ klaviyoId: merged, email: "gone@example.com" });
    here.klaviyo.mergeProfiles(merged, here.klaviyo.addProfile({ email: "gone@example.com" }).id);
    await here.issueMany(20);
    // The newest go singly: the others are what is meant here.
    here.work();
    await expectTold(here, 20 * MINUTE);
    const [job] = here.klaviyo.importJobs.values();
    expect(job).toMatchObject({ failedCount: 3 });
    expect((await notesOf(badAddress)).join()).toContain("Invalid email address.");
    expect((await notesOf(othersAddress)).join()).toContain("on another profile");
    expect((await notesOf(gone)).join()).toContain(`no longer has the profile ${merged}`);
    expect(here.klaviyo.findProfile({ id: theirs })?.external_id).toBe("customer-1");
    // Nobody else was written to twice.
    const singles = here.klaviyo.requests.filter(({ operation }) => operation === "create_or_update_profile");
    expect(singles.length).toBeLessThan(20);
  });

  test("that cannot be told at all are kept with Klaviyo's words, and hold up nobody", async () => {
    const bad = await here.issue({ email: "nobody@exämple.com" });
    const good = await here.issueMany(15);
    here.work();
    await expectTold(here, 20 * MINUTE, good);
    const dead = (await here.jobs(bad)).filter(({ state }) => state === "dead");
    expect(dead.map(({ kind, lastError }) => [kind, lastError])).toEqual([
      [
        "klaviyo.profile",
        "No identifier is left to find the profile by. Klaviyo does not accept the email; it was left out. Klaviyo answered 400: Invalid email address. (/data/attributes/email)",
      ],
      [
        "klaviyo.event",
        "Klaviyo answered 400: Invalid email address. (/data/attributes/profile/data/attributes/email)",
      ],
    ]);
  });

  test("that are refused by the hundred are told page by page", async () => {
    const gone = Array.from({ length: 130 }, (_, person) => `01GONE${String(person).padStart(20, "0")}`);
    for (const klaviyoId of gone) await here.issue({ klaviyoId, email: `${klaviyoId}@example.com` });
    here.work();
    await here.until("all are known", async () => (await jobsAlone()).length > 100, 10 * MINUTE, SECOND);
    const [job] = here.klaviyo.importJobs.values();
    expect(job?.failedCount).toBe(job?.totalCount);
    expect(count({ ...ERRORS, status: 200 })).toBe(2);
    const reasons = new Set((await jobsAlone()).map(({ lastError }) => lastError?.replace(/01GONE\d+/, "…")));
    expect([...reasons]).toEqual(["Klaviyo refused the profile in an import: A profile with id … does not exist."]);
  });
});

describe("an import of which the end is not seen", () => {
  const state = (status: string): Fault => ({
    status: 200,
    body: JSON.stringify({ data: { type: "profile-bulk-import-job", id: "x", attributes: { status } } }),
  });

  test("because it takes too long: each goes singly", async () => {
    here.klaviyo.respondAlways(state("processing"), LOOK);
    await here.issueMany(15);
    here.work();
    await here.pass(59 * MINUTE, 5 * SECOND);
    expect(here.klaviyo.events.length).toBeLessThan(15);
    await expectTold(here, 10 * MINUTE);
    expect(count(IMPORT)).toBe(1);
  });

  test("for a long time: what changes meanwhile waits for it, and is not overwritten", async () => {
    await using slow = await startKlaviyoShop({ sharePercent: 1, delays: { importMs: 20 * MINUTE } });
    const serials = await slow.issueMany(15);
    slow.work();
    await slow.until("it was taken", () => slow.klaviyo.answers.count(IMPORT) > 0, 5 * MINUTE);
    await slow.pass(SECOND);
    for (const serial of serials) await slow.change(serial);
    await slow.pass(25 * MINUTE, 5 * SECOND);
    await expectTold(slow, 60 * MINUTE);
  });

  test("because it was cancelled: each goes singly", async () => {
    here.klaviyo.failNext(state("cancelled"), LOOK);
    await here.issueMany(15);
    here.work();
    await here.until("it was seen", async () => (await jobsAlone()).length > 0, MINUTE);
    expect((await jobsAlone())[0]?.lastError).toContain("Klaviyo cancelled the import");
    await expectTold(here, 20 * MINUTE);
  });

  test.each([
    ["its name is not known", "not-json"],
    ["its connection broke", "reset-after"],
  ] as const)("because %s: each goes singly, once it must be through, and nothing is overwritten", async (_, kind) => {
    here.klaviyo.failNext({ kind }, IMPORT);
    const serials = await here.issueMany(15);
    here.work();
    await here.until("it was sent", async () => (await jobsAlone()).length > 0, MINUTE);
    await here.pass(SECOND);
    for (const serial of serials) await here.change(serial);
    await expectTold(here, 20 * MINUTE);
  });
});

describe("trouble that passes while an import is looked at does not make it be done again", () => {
  test.each([
    ["503 for the import", { status: 503 }, LOOK],
    ["a reset", { kind: "reset-after" }, LOOK],
    ["429", { status: 429, retryAfterSeconds: 30 }, LOOK],
    ["503 for its errors", { status: 503 }, ERRORS],
  ] as const)("%s", async (_, fault, match) => {
    here.klaviyo.failNext(fault, match);
    const bad = await here.issue({ klaviyoId: "01GONE0000000000000000GONE", email: "gone@example.com" });
    await here.issueMany(15);
    here.work();
    await expectTold(here, 20 * MINUTE);
    expect(count(IMPORT)).toBe(1);
    expect(await notesOf(bad)).toHaveLength(1);
    const [job] = here.klaviyo.importJobs.values();
    // By id in vain, by address; and the newest singles.
    expect(count({ operation: "create_or_update_profile" })).toBe(2 + 16 - (job?.totalCount ?? 0));
  });
});

describe("a batch of events", () => {
  test("with one that Klaviyo has already is refused; each goes singly, and counts once", async () => {
    const [serial = ""] = await here.issueMany(BACKLOG);
    const [uniqueId] = here.here()[serial]?.events ?? [];
    here.klaviyo.addProfile({ email: "person-0@example.com" });
    const profile = { data: { type: "profile", attributes: { email: "person-0@example.com" } } };
    const metric = { data: { type: "metric", attributes: { name: "Pass Created" } } };
    const attributes = { properties: { serial }, unique_id: uniqueId, metric, profile };
    await createTestClient(here.klaviyo).post("/api/events", { data: { type: "event", attributes } });
    here.work();
    await expectTold(here, 20 * MINUTE);
    expect(count({ ...EVENTS, status: 400 })).toBe(1);
  });

  test.each([
    // More than can go singly in the minute after which the next batch may go.
    ["a reset after it was done", { kind: "reset-after" }, 2 * BACKLOG],
    ["524, and it was done", { status: 524, isApplied: true }, BACKLOG],
    ["a reset before it was done", { kind: "reset-before" }, BACKLOG],
  ] as const)("%s: each counts once", async (_, fault, passes) => {
    here.klaviyo.failNext(fault, EVENTS);
    await here.issueMany(passes);
    here.work();
    await expectTold(here, 20 * MINUTE);
    // A batch is not repeated.
    expect(count(EVENTS)).toBe(1);
  });
});

test.each([
  [400, "profiles", IMPORT, 12],
  [413, "profiles", IMPORT, 12],
  [415, "events", EVENTS, BACKLOG],
  [404, "records", RECORDS, 12],
  [503, "records", RECORDS, 12],
] as const)("%d to a batch of %s: each goes singly", async (status, _, match, passes) => {
  here.klaviyo.failNext({ status }, match);
  await here.issueMany(passes);
  here.work();
  await here.until("it was refused", async () => (await jobsAlone()).length > 0, 5 * MINUTE);
  expect((await jobsAlone())[0]?.lastError).toContain(`Klaviyo answered ${status}`);
  await expectTold(here, 20 * MINUTE);
});

describe("a key that may not use a bulk operation", () => {
  test.each(["lists:write", "lists:read"] as const)(
    "for want of %s: everything goes singly, and log and status say why",
    async (scope) => {
      here.klaviyo.withholdScope(scope);
      const serials = await here.issueMany(15);
      here.work();
      await here.pass(5 * SECOND);
      for (const serial of serials) await here.change(serial);
      await expectTold(here, 20 * MINUTE);
      expect(count(IMPORT)).toBe(1);
      expect(logged.filter((line) => line.includes(`probably for want of the scope ${scope}`))).toHaveLength(1);
      const { app, accountId } = here.current;
      const { scopes, lanes } = await here.during(() => app.klaviyo.status.read(accountId));
      expect(scopes?.missing.map(({ name }) => name)).toEqual([scope]);
      expect(lanes.filter(({ alarm }) => alarm !== null)).toEqual([]);
    },
  );
});

describe("429", () => {
  test.each([
    ["profiles", IMPORT],
    ["events", EVENTS],
    ["records", RECORDS],
  ] as const)("of a batch of %s: everything waits, costs no attempt, and goes together again", async (_, match) => {
    here.klaviyo.failNext({ status: 429, retryAfterSeconds: 60 }, match);
    await here.issueMany(BACKLOG);
    here.work();
    await here.until("it was refused", () => count({ ...match, status: 429 }) > 0, 10 * MINUTE);
    const sent = here.klaviyo.requests.length;
    await here.pass(58 * SECOND, SECOND);
    // Looks at an import may be under way.
    expect(here.klaviyo.requests.length - sent).toBeLessThan(3);
    expect(await jobsAlone()).toEqual([]);
    await expectTold(here, 20 * MINUTE);
    expect(count(match)).toBeGreaterThan(1);
  });
});

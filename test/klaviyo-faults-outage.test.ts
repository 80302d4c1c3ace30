import { expect, test } from "bun:test";
import { createLog } from "../src/log.ts";
import { expectTold } from "./support/expect-told.ts";
import { type KlaviyoShop, startKlaviyoShop } from "./support/klaviyo-shop.ts";

/* Klaviyo is down for hours: it is left in peace meanwhile, and told everything soon after. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** So many requests may be on their way when Klaviyo goes down. */
const AT_ONCE = 16;
/** Then one at a time tries it, at last every 45 s on average; before that the pauses are shorter. */
const TRIES_PER_HOUR = 80;
const FIRST_TRIES = 10;

const writes = ({ klaviyo }: KlaviyoShop) => klaviyo.requests.filter(({ method }) => method === "POST");
const tried = async (here: KlaviyoShop) => (await here.jobs()).filter(({ attempts, alone }) => attempts > 0 || alone);

test("200 passes while it is down for three hours", async () => {
  const logged: string[] = [];
  const log = createLog({ tty: true, now: () => 0, write: (line) => logged.push(line) });
  await using here = await startKlaviyoShop({ log });
  here.klaviyo.respondAlways({ status: 503 });
  here.work();
  const before = writes(here).length;
  await here.issueMany(200);
  await here.pass(HOUR, 5 * SECOND);
  here.klaviyo.respondAlways({ kind: "reset-before" });
  await here.pass(2 * HOUR, 5 * SECOND);

  const inVain = writes(here).length - before;
  expect(inVain).toBeLessThan(AT_ONCE + FIRST_TRIES + 3 * TRIES_PER_HOUR);
  const counted = (await here.jobs()).reduce((sum, { attempts }) => sum + attempts, 0);
  expect(counted).toBe(inVain);
  expect((await tried(here)).length).toBeLessThan(2 * AT_ONCE);
  expect((await here.jobs()).map(({ lastError }) => lastError)).toContain("It waits until Klaviyo answers again.");
  expect(logged).toEqual([expect.stringContaining("Klaviyo does not answer.")]);

  here.klaviyo.clearFaults();
  await expectTold(here, 2 * MINUTE);
  expect(logged.at(-1)).toContain("Klaviyo answers again.");
  const after = writes(here).slice(before + inVain);
  expect(after).toHaveLength(600);
  expect(after.filter(({ status }) => status === 429)).toEqual([]);
});

test("a backlog of an outage still goes together afterwards: no batch is what tries Klaviyo", async () => {
  // A share so small that the next single request would have to wait for its turn when Klaviyo is tried.
  await using here = await startKlaviyoShop({ sharePercent: 1 });
  here.klaviyo.respondAlways({ status: 503 });
  here.work();
  const before = writes(here).length;
  await here.issueMany(5);
  await here.until("it is known to be down", () => writes(here).length - before === 5, MINUTE);
  const late = await here.issueMany(50);
  await here.pass(10 * MINUTE, SECOND);
  expect((await tried(here)).filter(({ orderingKey }) => late.includes(orderingKey)).length).toBeLessThan(25);
  expect(here.klaviyo.answers.count({ operation: "bulk_import_profiles" })).toBe(0);
  here.klaviyo.clearFaults();
  await expectTold(here, 20 * MINUTE);
  expect(here.klaviyo.answers.count({ operation: "bulk_import_profiles" })).toBe(1);
});

test("what failed once before a key was refused for days is not put off for another day", async () => {
  await using here = await startKlaviyoShop();
  here.work();
  here.klaviyo.failNext({ status: 503 });
  await here.issue({ email: "first@example.com" });
  await here.pass(0);
  here.klaviyo.revokeKey();
  here.clock.correct(8 * DAY);
  await here.pass(HOUR, MINUTE);
  expect((await here.jobs())[0]).toMatchObject({ state: "ready", attempts: 1 });
  here.klaviyo.acceptKey(here.klaviyo.apiKey);
  await here.during(() => here.current.app.connections.connect(here.current.accountId, here.klaviyo.apiKey));
  here.klaviyo.failNext({ status: 503 });
  await expectTold(here, MINUTE);
});

test("the refusal of a key that was replaced meanwhile does not stop the new one", async () => {
  await using here = await startKlaviyoShop();
  here.work();
  const { app, accountId } = here.current;
  here.klaviyo.revokeKey();
  const replaceKey = async () => {
    here.klaviyo.acceptKey("pk_new");
    here.clock.advance(1);
    await app.connections.connect(accountId, "pk_new");
  };
  here.klaviyo.failNext({ kind: "slow", until: replaceKey }, { path: "/api/profile-import" });
  await here.issue({ email: "first@example.com" });
  await expectTold(here, MINUTE);
  const { lanes } = await app.connections.status(accountId);
  expect(lanes.filter(({ alarm }) => alarm !== null)).toEqual([]);
});

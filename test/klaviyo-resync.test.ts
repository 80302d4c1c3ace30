import { expect, test } from "bun:test";
import { createConnectionStore } from "../src/klaviyo/connection-store.ts";
import { startTestApp } from "./support/app.ts";
import { type ConnectedShop, EVENT, PROFILE, startConnectedShop } from "./support/connected-shop.ts";

const DAY = 86_400_000;
const RECORD = "/api/data-source-record-create-jobs";

interface EventBody {
  readonly data: { readonly attributes: { readonly unique_id: string; readonly backfill?: boolean } };
}

const eventsSince = (here: ConnectedShop, from: number) =>
  here
    .writes()
    .slice(from)
    .filter(({ path }) => path === EVENT)
    .map(({ body }) => (body as EventBody).data.attributes);

/** As after `klaviyo setup`. */
async function withCustomObject({ shop: { app, accountId } }: ConnectedShop): Promise<void> {
  const setUp = { objectsState: "active", dataSourceId: "01DS", objectTypeId: "01OT" } as const;
  const { klaviyoAccountId } = await app.connections.status(accountId);
  const store = createConnectionStore(app.db, app.vault);
  await app.db.transaction(({ query }) => store.setObjects(query, { accountId, klaviyoAccountId }, setUp));
}

test("tells Klaviyo of every pass and event again, without starting flows and without counting twice", async () => {
  await using here = await startConnectedShop();
  const { app, accountId } = here.shop;
  await here.issue({ email: "a@example.com" });
  await here.issue({ email: "a@example.com" }, "80");
  await here.issue({ email: "b@example.com" });
  const before = here.writes().length;
  const { passes } = await app.klaviyo.resyncs.start({ accountId });
  expect(passes).toBe(2);
  await here.advance(1_000);
  expect(await here.jobs()).toEqual([]);
  const sent = here.writes().slice(before);
  expect(sent.filter(({ path }) => path === PROFILE)).toHaveLength(2);
  const events = eventsSince(here, before);
  expect(events.map(({ backfill }) => backfill)).toEqual([true, true, true]);
  // The same unique_id as the first time, so that Klaviyo has each once.
  expect(here.klaviyo.events.map(({ deliveries }) => deliveries)).toEqual([2, 2, 2]);
});

test("keeps the order within a pass, and lets what is new go first", async () => {
  await using here = await startConnectedShop({ working: false });
  const { app, accountId } = here.shop;
  const old = await here.issue({ email: "old@example.com" });
  app.worker.start();
  await here.advance(1_000);
  const before = here.writes().length;
  await withCustomObject(here);
  here.klaviyo.respondAlways({ status: 204, body: "" }, { path: RECORD });

  here.klaviyo.failNext({ status: 429, retryAfterSeconds: 60 });
  await here.issue({ email: "stopper@example.com" });
  await app.klaviyo.resyncs.start({ accountId });
  await here.advance(1_000);
  const jobs = await here.jobs(old);
  expect(jobs.map(({ kind, alone }) => [kind, alone])).toEqual([
    ["klaviyo.profile", false],
    ["klaviyo.event", true],
    ["klaviyo.record", false],
  ]);
  const fresh = await here.issue({ email: "fresh@example.com" });
  const [newest] = await here.jobs(fresh);
  for (const { runAt } of jobs) expect(runAt).toBeLessThan(newest?.runAt ?? 0);

  await here.advance(61_000);
  expect(await here.jobs(old)).toEqual([]);
  const paths = here.klaviyo.requests
    .filter(({ body }) => JSON.stringify(body).includes(old.serialNumber))
    .map(({ path }) => path);
  expect(paths.slice(-3)).toEqual([PROFILE, EVENT, RECORD]);
  expect(here.writes().length).toBeGreaterThan(before);
});

test("takes what was asked for only", async () => {
  await using here = await startConnectedShop();
  const { app, accountId, clock } = here.shop;
  const coupon = await here.shop.pushGallery("coupon");
  await here.issue({ email: "a@example.com" });
  clock.advance(3 * DAY);
  const since = clock.now();
  await here.issue({ email: "a@example.com" }, "80");
  await here.issue({ name: "Nobody that Klaviyo could know" });
  await here.shop.issue({
    passTemplate: coupon,
    pass: { offer: "10 %", "coupon-code": "X" },
    recipient: { email: "c@example.com" },
  });
  await app.worker.idle();

  const count = async (request: object) => (await app.klaviyo.resyncs.start({ accountId, ...request })).passes;
  expect(await count({ templateId: coupon })).toBe(1);
  expect(await count({ since: since + 1 })).toBe(0);
  await here.advance(1_000);
  const before = here.writes().length;
  expect(await count({ since, templateId: here.template })).toBe(1);
  await here.advance(1_000);
  expect(eventsSince(here, before).map(({ unique_id }) => unique_id.split(":")[1])).toEqual(["updated"]);
});

test("records alone need a custom object to go to", async () => {
  await using here = await startConnectedShop();
  const { app, accountId } = here.shop;
  await here.issue({ email: "a@example.com" });
  const start = () => app.klaviyo.resyncs.start({ accountId, recordsOnly: true });
  await expect(start()).rejects.toMatchObject({ code: "conflict" });
  await withCustomObject(here);
  here.klaviyo.respondAlways({ status: 204, body: "" }, { path: RECORD });
  const before = here.writes().length;
  await start();
  await here.advance(1_000);
  expect(here.writes()).toHaveLength(before);
  expect(here.klaviyo.requests.filter(({ path }) => path === RECORD)).toHaveLength(1);
});

test("goes on where it was, step by step, and shows how far it is", async () => {
  await using shop = await startTestApp();
  const { app, accountId, clock } = shop;
  const passTemplate = await shop.pushGallery("points-card");
  await Promise.all(
    Array.from({ length: 101 }, (_, i) =>
      shop.issue({ passTemplate, pass: {}, recipient: { email: `p${i}@example.com` } }),
    ),
  );
  app.worker.start();
  await app.worker.idle();
  await app.worker.drain(0);
  const { id, passes } = await app.klaviyo.resyncs.start({ accountId });
  expect(passes).toBe(101);
  const progress = async () => (await app.klaviyo.status.read(accountId)).resyncs;
  expect(await progress()).toMatchObject([{ id, done: 0, passes: 101 }]);
  // One step, then the program is gone.
  const [job] = await app.outbox.claim(["klaviyo.resync"], clock.now(), 1, 30_000);
  if (!job) throw new Error("no step");
  const outcome = await app.klaviyo.resyncs.handlers["klaviyo.resync"]?.(job, new AbortController().signal);
  if (outcome?.type !== "done") throw new Error("the step failed");
  await app.outbox.finish(job, outcome.record);
  expect(await progress()).toMatchObject([{ id, done: 100, passes: 101 }]);

  app.worker.start();
  await app.worker.idle();
  expect(await progress()).toEqual([]);
  expect(await app.outbox.depths()).toEqual({ waiting: 0, ready: 0, leased: 0, dead: 0 });
  const recorded = await createConnectionStore(app.db, app.vault).latestSandboxRequests(accountId, 1_000);
  expect(recorded.filter(({ body }) => body.includes('"backfill":true'))).toHaveLength(101);
});

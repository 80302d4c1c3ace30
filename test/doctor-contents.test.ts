import { expect, test } from "bun:test";
import { examineContents } from "../src/doctor/doctor.ts";
import type { NewJob } from "../src/outbox/job.ts";
import { startFakeKlaviyo, startTestApp, type TestApp } from "./support/app.ts";
import { cli } from "./support/cli.ts";
import { createFakeClock, TEST_NOW } from "./support/clock.ts";
import { createFakeApple, DAY_MS } from "./support/fake-apple.ts";

const CARD = "pass.com.example.card";
const TICKET = "pass.com.example.ticket";
const apple = createFakeApple(TEST_NOW);

const importOne = (shop: TestApp, passTypeIdentifier: string, lifetimeMs: number, from = apple) =>
  shop.app.identities.import(shop.accountId, from.issue({ passTypeIdentifier, now: shop.clock.now(), lifetimeMs }));

async function examine(shop: TestApp) {
  const checks = await examineContents(shop.app);
  return (name: string) => checks.find((check) => check.name === name) ?? { state: "none", detail: "" };
}

test("a certificate that signs is good, near its end a warning, and expired a problem", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 40 * DAY_MS);
  const name = `certificate ${CARD}`;
  expect((await examine(shop))(name)).toMatchObject({
    state: "good",
    detail: expect.stringContaining("signs, valid until 2026-12-31"),
  });
  shop.clock.advance(35 * DAY_MS);
  expect((await examine(shop))(name)).toMatchObject({
    state: "warning",
    detail: expect.stringContaining("expires in 5 days"),
  });
  shop.clock.advance(10 * DAY_MS);
  expect((await examine(shop))(name)).toMatchObject({
    state: "problem",
    detail: expect.stringContaining("expired on 2026-12-31"),
  });
  await importOne(shop, CARD, 365 * DAY_MS);
  expect((await examine(shop))(name)).toMatchObject({ state: "good" });
});

test("an expired intermediate is a problem", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 365 * DAY_MS, createFakeApple(TEST_NOW, 20 * DAY_MS));
  shop.clock.advance(21 * DAY_MS);
  expect((await examine(shop))(`certificate ${CARD}`)).toMatchObject({
    state: "problem",
    detail: expect.stringContaining("Apple's intermediate certificate"),
  });
});

test("a template whose pass type has no certificate is a problem", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 365 * DAY_MS);
  const { definition } = await shop.app.templates.current(shop.accountId, await shop.pushGallery("points-card"));
  const id = await shop.pushTemplate({ definition: { ...definition, passTypeIdentifier: TICKET } });
  expect((await examine(shop))(`template ${id}`)).toMatchObject({
    state: "problem",
    detail: expect.stringContaining(`There is no signing certificate for ${TICKET}`),
  });
  await importOne(shop, TICKET, 365 * DAY_MS);
  expect((await examine(shop))(`template ${id}`)).toMatchObject({
    state: "good",
    detail: expect.stringContaining(`is signed as ${TICKET}`),
  });
});

test("a template that names no pass type where there are several is a warning", async () => {
  await using shop = await startTestApp();
  const id = await shop.pushGallery("points-card");
  await importOne(shop, CARD, 365 * DAY_MS);
  await importOne(shop, TICKET, 366 * DAY_MS);
  expect((await examine(shop))(`template ${id}`)).toMatchObject({
    state: "warning",
    detail: expect.stringContaining(`now ${TICKET}. Name one in template.json.`),
  });
});

test("a Klaviyo key that was refused is a problem until a good one is given", async () => {
  await using klaviyo = await startFakeKlaviyo();
  await using shop = await startTestApp({ klaviyo });
  expect((await examine(shop))("Klaviyo")).toMatchObject({ state: "good" });

  const [job] = await claimJobs(shop, 1);
  if (!job) throw new Error("There is no job.");
  await shop.app.outbox.closeLanes(
    job,
    "channel",
    shop.clock.now() + 900_000,
    "Klaviyo refused the key. Connect again.",
  );
  const check = await examine(shop);
  expect(check("Klaviyo")).toEqual({
    name: "Klaviyo",
    state: "problem",
    detail: "Klaviyo refused the key. Connect again.",
  });
  expect(check("lane klaviyo.profile")).toMatchObject({
    state: "warning",
    detail: expect.stringContaining("closed until 2026-11-21T12:15:00.000Z"),
  });
  await shop.app.connections.connect(shop.accountId, klaviyo.apiKey);
  expect((await examine(shop))("Klaviyo")).toMatchObject({ state: "good" });
});

test("dead jobs, closed lanes and jobs that wait for long are warnings", async () => {
  await using shop = await startTestApp();
  const [dead] = await claimJobs(shop, 3);
  if (!dead) throw new Error("There is no job.");
  await shop.app.outbox.bury(dead, "Klaviyo answered 400.");
  await shop.app.outbox.closeLanes(dead, "channel", shop.clock.now() + 4 * 3_600_000, null);
  shop.clock.advance(3 * 3_600_000);
  const check = await examine(shop);
  expect(check("dead jobs")).toMatchObject({
    state: "warning",
    detail: expect.stringContaining("1, the oldest: klaviyo.profile, Klaviyo answered 400."),
  });
  expect(check("lane klaviyo.profile")).toMatchObject({
    state: "warning",
    detail: "closed until 2026-11-21T16:00:00.000Z: klaviyo asked to wait. It goes on by itself.",
  });
  expect(check("oldest pending job")).toMatchObject({
    state: "warning",
    detail: expect.stringContaining("klaviyo.profile waits for 3 hours"),
  });
});

test("with several accounts, lines say whose they are", async () => {
  await using shop = await startTestApp();
  await shop.app.accounts.create("Second shop");
  const checks = await examineContents(shop.app);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["Klaviyo (Test shop)", "Klaviyo (Second shop)", "templates (Second shop)"]),
  );
});

test("it works while the server runs", async () => {
  await using shop = await startTestApp({ clock: createFakeClock(Date.now()) });
  await shop.pushGallery("points-card");
  await importOne(shop, CARD, 365 * DAY_MS, createFakeApple(shop.clock.now()));
  const { status, stdout } = await cli("doctor", "--data", shop.dataDir, "--public-url", "https://passes.example.com");
  expect(stdout).toMatch(new RegExp(`^good +certificate ${CARD} +signs`, "m"));
  expect(status).toBe(0);
  expect((await shop.request("/readyz")).status).toBe(200);
});

/** Jobs for as many passes, leased as by a worker. */
async function claimJobs(shop: TestApp, count: number) {
  const now = shop.clock.now();
  const jobs = Array.from(
    { length: count },
    (_, i): NewJob => ({
      accountId: shop.accountId,
      kind: "klaviyo.profile",
      channel: "klaviyo",
      orderingKey: `pass ${i}`,
      idempotencyKey: `profile ${i}`,
      nature: "event",
      payload: {},
    }),
  );
  await shop.app.db.transaction((tx) => shop.app.outbox.enqueue(tx, jobs, now));
  return shop.app.outbox.claim(["klaviyo.profile"], now, 1, 30_000);
}

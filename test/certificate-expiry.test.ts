import { expect, test } from "bun:test";
import { createApp } from "../src/app.ts";
import { createExpiryWatch } from "../src/apple/expiry.ts";
import { resolveConfig } from "../src/config.ts";
import { type Log, silentLog } from "../src/log.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { createFakeClock, TEST_NOW } from "./support/clock.ts";
import { eventually } from "./support/eventually.ts";
import { createFakeApple, DAY_MS } from "./support/fake-apple.ts";
import { freePort, startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const CARD = "pass.com.example.card";
const TICKET = "pass.com.example.ticket";
const apple = createFakeApple(TEST_NOW);

const importOne = (shop: TestApp, passTypeIdentifier: string, lifetimeMs: number, from = apple) =>
  shop.app.identities.import(shop.accountId, from.issue({ passTypeIdentifier, now: shop.clock.now(), lifetimeMs }));

/** A watch as a newly started server has it, and what it warned of. */
function newWatch({ app, clock }: TestApp) {
  const warned: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => warned.push(message) };
  const watch = createExpiryWatch({ db: app.db, identities: app.identities, clock, log });
  return {
    async announced(): Promise<string[]> {
      await watch.announce();
      return warned.splice(0);
    },
  };
}

test("a certificate is announced 30, 14, 7 and 1 day before and when it has expired, each once, also across restarts", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 40 * DAY_MS);
  const end = TEST_NOW + 40 * DAY_MS;
  const seen: [number, string[]][] = [];
  for (const daysLeft of [40, 31, 30, 29, 15, 14, 13, 8, 7, 6, 2, 1, 0.5, 0, -1, -30]) {
    shop.clock.set(end - daysLeft * DAY_MS);
    for (const watch of [newWatch(shop), newWatch(shop)]) {
      const warnings = await watch.announced();
      if (warnings.length > 0) seen.push([daysLeft, warnings]);
      expect(await watch.announced()).toEqual([]);
    }
  }
  expect(seen.map(([daysLeft, warnings]) => [daysLeft, warnings.length])).toEqual([
    [30, 1],
    [14, 1],
    [7, 1],
    [1, 1],
    [0, 1],
  ]);
  const texts = seen.flatMap(([, warnings]) => warnings);
  expect(texts[2]).toBe(
    `The signing certificate for ${CARD} expires in 7 days, on 2026-12-31. Make its successor with "passhook certificate request", then "passhook certificate import".`,
  );
  expect(texts[3]).toContain("expires in 1 day, on 2026-12-31");
  expect(texts[4]).toContain(
    "expired on 2026-12-31: phones refuse new passes and updates, webhooks are still accepted",
  );
});

test("a server that was away announces what is near, not what has gone by", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 40 * DAY_MS);
  shop.clock.advance(35 * DAY_MS);
  const watch = newWatch(shop);
  const [warning, ...others] = await watch.announced();
  expect(warning).toContain("expires in 5 days");
  expect(others).toEqual([]);
});

test("a certificate that was replaced needs no attention, and its successor has warnings of its own", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 40 * DAY_MS);
  shop.clock.advance(30 * DAY_MS);
  const watch = newWatch(shop);
  expect(await watch.announced()).toHaveLength(1);
  await importOne(shop, CARD, 365 * DAY_MS);
  shop.clock.advance(20 * DAY_MS);
  expect(await watch.announced()).toEqual([]);
  expect(await shop.app.expiry.warnings()).toEqual([]);
  shop.clock.advance(320 * DAY_MS);
  expect(await watch.announced()).toHaveLength(1);
});

test("of several pass types, those count that a template has", async () => {
  await using shop = await startTestApp();
  await importOne(shop, CARD, 10 * DAY_MS);
  await importOne(shop, TICKET, 10 * DAY_MS);
  const id = await shop.pushGallery("points-card");
  const { definition } = await shop.app.templates.current(shop.accountId, id);
  await shop.pushTemplate({ id, definition: { ...definition, passTypeIdentifier: TICKET } });
  expect((await shop.app.expiry.warnings()).map((one) => one.passTypeIdentifier)).toEqual([TICKET]);
  await shop.pushTemplate({ definition: { ...definition, passTypeIdentifier: CARD } });
  expect((await shop.app.expiry.warnings()).map((one) => one.passTypeIdentifier).sort()).toEqual([CARD, TICKET]);
});

test("Apple's intermediate is watched as well, once for all certificates of an account", async () => {
  await using shop = await startTestApp();
  const ending = createFakeApple(TEST_NOW, 20 * DAY_MS);
  await importOne(shop, CARD, 365 * DAY_MS, ending);
  await importOne(shop, TICKET, 365 * DAY_MS, ending);
  const watch = newWatch(shop);
  const [warning, ...others] = await watch.announced();
  expect(warning).toContain("Apple's intermediate certificate for");
  expect(warning).toContain("expires in 20 days, on 2026-12-11. Download the current one");
  expect(others).toEqual([]);
});

test("development certificates do not count", async () => {
  await using shop = await startTestApp();
  shop.clock.advance(2 * 365 * DAY_MS);
  expect(await newWatch(shop).announced()).toEqual([]);
  expect(await shop.app.expiry.readiness()).toEqual({ ok: true, detail: "none from Apple yet" });
});

test("after expiry /readyz says so, and webhooks are still accepted", async () => {
  await using shop = await startTestApp();
  const readyz = async () => {
    const answer = await shop.request("/readyz");
    const { ready, components } = (await answer.json()) as { ready: boolean; components: Record<string, unknown> };
    return { status: answer.status, ready, certificate: components["certificate"] };
  };
  expect(await readyz()).toEqual({
    status: 200,
    ready: true,
    certificate: { ok: true, detail: "none from Apple yet" },
  });
  const passTemplate = await shop.pushGallery("points-card");
  await importOne(shop, CARD, 10 * DAY_MS);
  shop.clock.advance(9 * DAY_MS);
  expect((await readyz()).certificate).toEqual({ ok: true, detail: "valid until 2026-12-01" });

  shop.clock.advance(DAY_MS);
  expect(await readyz()).toEqual({
    status: 200,
    ready: true,
    certificate: { ok: false, detail: "expired on 2026-12-01; passhook doctor says what to do" },
  });
  const { serialNumber } = await shop.issue({ passTemplate, pass: { "member-name": "Sarah" }, recipient: {} });

  await importOne(shop, CARD, 365 * DAY_MS);
  shop.clock.advance(2_000);
  expect((await readyz()).certificate).toMatchObject({ ok: true });
  expect((await shop.request(`/p/${serialNumber}.pkpass`)).status).toBe(200);
});

test("the server looks at its start, and from then on every day", async () => {
  using folder = temporaryFolder();
  const clock = createFakeClock();
  const warned: string[] = [];
  let told = Promise.withResolvers<void>();
  const log: Log = {
    ...silentLog,
    warn(message) {
      warned.push(message);
      told.resolve();
    },
  };
  const { config, secrets } = resolveConfig({ data: `${folder.path}/data`, listen: "127.0.0.1:0" }, {});
  await using app = createApp({ config, secrets, clock, log, drainMs: 0 });
  const { id } = await app.accounts.create("Shop");
  await app.identities.import(id, apple.issue({ passTypeIdentifier: CARD, now: TEST_NOW, lifetimeMs: 14.5 * DAY_MS }));
  app.start();
  await told.promise;
  expect(warned).toEqual([expect.stringContaining("expires in 15 days")]);

  told = Promise.withResolvers<void>();
  clock.advance(DAY_MS);
  await told.promise;
  expect(warned).toHaveLength(2);
  expect(warned[1]).toContain("expires in 14 days");
});

test("the start block shows what needs attention; a restart shows it again without another warning", async () => {
  using folder = temporaryFolder();
  const dataDir = `${folder.path}/data`;
  {
    await using shop = await startTestApp({ dataDir, clock: createFakeClock(Date.now()) });
    await importOne(shop, CARD, 5 * DAY_MS, createFakeApple(shop.clock.now()));
  }
  const run = async (expected: number) => {
    await using server = await startServerProcess({ dataDir, port: await freePort() });
    const warnings = () => server.stderr().split("The signing certificate for").length - 1;
    await eventually("the warnings", () => warnings() >= expected);
    await server.stop("SIGTERM");
    return { block: server.startBlock, warnings: warnings() };
  };
  const first = await run(1);
  expect(first.block).toContain(
    "Needs attention:\n  - The signing certificate for pass.com.example.card expires in 5 days",
  );
  expect(first.warnings).toBe(1);
  const second = await run(0);
  expect(second.block).toContain("Needs attention:");
  expect(second.warnings).toBe(0);
});

import { expect, test } from "bun:test";
import { join } from "node:path";
import { startFakeKlaviyo } from "./support/app.ts";
import { bundleProgram } from "./support/bundled-program.ts";
import { eventually } from "./support/eventually.ts";
import { fastTime } from "./support/fast-time.ts";
import type { FakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { jobCounts, prepareShop, readRows } from "./support/prepared-shop.ts";
import { createSender, produce, type Sender } from "./support/producer.ts";
import { seededRandom } from "./support/random.ts";
import { readPackage, shownValue } from "./support/read-package.ts";
import { type RestartingServer, startRestartingServer } from "./support/restarting-server.ts";
import { freePort } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { acceptedWriteBacks, orderProblems } from "./support/write-back-log.ts";

/** Another one finds other moments: `CRASH_SEED=7 bun test test/crash.test.ts`. */
const SEED = Number(process.env["CRASH_SEED"] ?? 1);
const KILLS = 32;
const PRODUCERS = 10;
/** As many jobs as the worker has in hand at once may be repeated by each kill. */
const IN_HAND = 16;
/** A lease of 30 s ends after 1.5 s. */
const TIME_FACTOR = 20;

test(`kill -9 at any moment loses, reverses and doubles nothing that was acknowledged (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  using folder = temporaryFolder();
  const time = fastTime(TIME_FACTOR, await bundleProgram(folder.path));
  const dataDir = join(folder.path, "data");
  await using klaviyo = await startFakeKlaviyo({ now: time.now });
  const shop = await prepareShop(dataDir, klaviyo, ["points-card", "event-ticket"]);
  await using server = await startRestartingServer({
    command: time.command,
    dataDir,
    port: await freePort(),
    env: { ...time.env, ...shop.env },
  });
  const sender = createSender(server, shop);

  let over = false;
  void misbehave(klaviyo, random, () => over);
  const storm = killOftenAtRandom(server, sender, klaviyo, random).finally(() => {
    over = true;
  });
  const names = Array.from({ length: PRODUCERS }, (_, i) => `producer${i}`);
  const [, ...produced] = await Promise.all([storm, ...names.map((name) => produce(sender, shop, name, () => over))]);
  klaviyo.clearFaults();
  await eventually("every write-back is delivered", () => Object.keys(jobCounts(dataDir)).length === 0, 60_000);

  const cards = produced.map(({ card }) => card);
  const tickets = produced.flatMap((one) => one.tickets);
  const serials = [...cards, ...tickets].map(({ serial }) => serial);
  expect(sender.unanswered).toBeGreaterThan(KILLS);
  expect(new Set(serials).size).toBe(serials.length);
  const stored = readRows<{ serial: string; updatedAt: number }>(
    dataDir,
    "SELECT serial, updated_at AS updatedAt FROM passes",
  );
  const storedSerials = new Set(stored.map(({ serial }) => serial));
  const lost = serials.filter((serial) => !storedSerials.has(serial));
  const doubled = [...storedSerials].filter((serial) => !serials.includes(serial));
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });

  // What phones get is what was acknowledged.
  for (const { serial, points } of cards) {
    expect(shownValue(await download(server, serial), "storeCard", "points")).toBe(points);
  }
  for (const { serial, seat } of tickets) {
    expect(shownValue(await download(server, serial), "eventTicket", "seat")).toBe(seat);
  }

  // What Klaviyo has: every event of every pass once and in order, the profile's state never turned back, the latest last.
  const happened = Map.groupBy(
    readRows<{ serial: string; name: string }>(
      dataDir,
      "SELECT serial, serial || ':' || kind || ':' || id AS name FROM pass_events ORDER BY id",
    ),
    ({ serial }) => serial,
  );
  const arrived = Map.groupBy(klaviyo.events, ({ event_properties }) => String(event_properties["serial"]));
  const writeBacks = acceptedWriteBacks(klaviyo);
  let repeats = 0;
  for (const { serial, updatedAt } of stored) {
    const own = writeBacks.get(serial) ?? [];
    const events = arrived.get(serial) ?? [];
    expect(events.map(({ unique_id }) => unique_id)).toEqual((happened.get(serial) ?? []).map(({ name }) => name));
    expect([serial, events[0]?.metric]).toEqual([serial, "Pass Created"]);
    expect([serial, ...orderProblems(own)]).toEqual([serial]);
    const last = own.findLast((one) => one.type === "profile");
    expect([serial, last?.updatedAt]).toEqual([serial, new Date(updatedAt).toISOString()]);
    repeats += own.filter(({ type }) => type === "event").length - events.length;
  }
  for (const { serial, email } of tickets) {
    expect([email, klaviyo.findProfile({ email })?.external_id]).toEqual([email, serial]);
  }
  expect(repeats).toBeLessThanOrEqual(KILLS * IN_HAND);
  expect(await server.stop("SIGTERM")).toBe(0);
  console.log(
    `${sender.acknowledged} acknowledged, ${KILLS} kills, ${sender.unanswered} unanswered, ${repeats} events repeated`,
  );
}, 120_000);

/** One answer in twenty is a 429 with `Retry-After`, about one in thirty a 503. */
async function misbehave(klaviyo: FakeKlaviyo, random: () => number, isOver: () => boolean): Promise<void> {
  for (;;) {
    // Ends with the fake, which refuses whoever still waits.
    const answered = await klaviyo.nextRequest().catch(() => undefined);
    if (!answered || isOver()) return;
    const chance = random();
    if (chance < 0.05) klaviyo.failNext({ status: 429, retryAfterSeconds: 1 });
    else if (chance < 0.08) klaviyo.failNext({ status: 503 });
  }
}

/** Each kill waits for work to go on: for a number of webhooks that were answered, or of write-backs that arrived. */
async function killOftenAtRandom(
  server: RestartingServer,
  sender: Sender,
  klaviyo: FakeKlaviyo,
  random: () => number,
): Promise<void> {
  for (let kills = 0; kills < KILLS; kills++) {
    const more = 1 + Math.floor(random() * 40);
    await (random() < 0.5 ? sender.moreAcknowledged(more) : klaviyo.waitForRequests(klaviyo.requests.length + more));
    await server.killAndRestart();
  }
}

async function download(server: RestartingServer, serial: string): Promise<ReadonlyMap<string, Buffer>> {
  const response = await fetch(`${server.url}/p/${serial}.pkpass`);
  if (response.status !== 200) throw new Error(`/p/${serial} was answered with ${response.status}`);
  return readPackage(await response.bytes());
}

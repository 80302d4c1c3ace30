import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PassObject } from "../src/api/pass-object.ts";
import { startFakeKlaviyo } from "./support/app.ts";
import { eventually } from "./support/eventually.ts";
import { fastTime } from "./support/fast-time.ts";
import { sendHalf } from "./support/half-sent-request.ts";
import type { FakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { jobCounts, type PreparedShop, prepareShop, readRows } from "./support/prepared-shop.ts";
import { freePort, type ServerProcess, startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** As many jobs as the worker does at once. */
const IN_HAND = 16;

/** Another customer's card each time. */
function webhook({ templates }: PreparedShop): string {
  return JSON.stringify({
    passTemplate: templates["points-card"],
    pass: { "member-name": "Sarah", "points-balance": "70.0" },
    recipient: { email: `${crypto.randomUUID()}@example.com` },
  });
}

async function issue(server: ServerProcess, shop: PreparedShop, count: number): Promise<string[]> {
  const answers = Array.from({ length: count }, () =>
    fetch(`${server.url}/v1/passes`, { method: "POST", headers: shop.headers, body: webhook(shop) }),
  );
  const passes = (await Promise.all((await Promise.all(answers)).map((answer) => answer.json()))) as PassObject[];
  return passes.map(({ serialNumber }) => serialNumber);
}

/** Posts until nobody listens any more; answers what was acknowledged. Every answer given is a 200, or a 503 that says when. */
async function postUntilRefused(server: ServerProcess, shop: PreparedShop): Promise<string[]> {
  const acknowledged: string[] = [];
  for (;;) {
    let answer: Response;
    try {
      answer = await fetch(`${server.url}/v1/passes`, {
        method: "POST",
        headers: { ...shop.headers, connection: "close" },
        body: webhook(shop),
      });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ECONNREFUSED") return acknowledged;
      continue; // The connection waited to be accepted when the server stopped doing so: there was no answer.
    }
    if (answer.status === 200) acknowledged.push(((await answer.json()) as PassObject).serialNumber);
    else expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
  }
}

async function expectDeliveredOnce(klaviyo: FakeKlaviyo, shop: PreparedShop, serials: readonly string[]) {
  await eventually("every write-back is delivered", () => Object.keys(jobCounts(shop.dataDir)).length === 0);
  const stored = readRows<{ serial: string }>(shop.dataDir, "SELECT serial FROM passes").map(({ serial }) => serial);
  for (const serial of serials) {
    expect(stored).toContain(serial);
    expect(klaviyo.findProfile({ externalId: serial })?.properties).toMatchObject({ wallet_pass_serial: serial });
    const events = klaviyo.events.filter(({ event_properties }) => event_properties["serial"] === serial);
    expect(events.map(({ metric, deliveries }) => [metric, deliveries])).toEqual([["Pass Created", 1]]);
  }
}

test("SIGTERM while Klaviyo hangs and webhooks come in: ends well within 10 s, claims nothing, loses nothing", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const options = { dataDir: shop.dataDir, port: await freePort(), env: shop.env };
  await using server = await startServerProcess(options);
  klaviyo.respondAlways({ kind: "hang" });
  const before = await issue(server, shop, 2 * IN_HAND);
  await klaviyo.waitForRequests(IN_HAND);
  const half = await sendHalf(server.url, "/v1/passes", shop.headers, webhook(shop));

  const startedAt = performance.now();
  const stopping = server.stop("SIGTERM");
  const during = await Promise.all(Array.from({ length: 4 }, () => postUntilRefused(server, shop)));
  expect(await half.finish()).toBe(200);
  expect(await stopping).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(10_000);

  const acknowledged = [...before, ...during.flat()];
  // Before anybody looks into the database, which makes the file anew: all is in the database itself.
  expect(existsSync(join(shop.dataDir, "passhook.db-wal"))).toBe(false);
  expect(jobCounts(shop.dataDir)["leased"]).toBeUndefined();
  klaviyo.clearFaults();
  await using next = await startServerProcess(options);
  await expectDeliveredOnce(klaviyo, shop, acknowledged);
  expect(await next.stop("SIGTERM")).toBe(0);
}, 60_000);

test("jobs that do not end in time are put back as they were", async () => {
  // The patience of a shutdown ends before that of a connection, so nobody but the shutdown can end these jobs.
  const time = fastTime(20);
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo({ now: time.now });
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const options = {
    command: time.command,
    dataDir: shop.dataDir,
    port: await freePort(),
    env: { ...time.env, ...shop.env },
  };
  await using server = await startServerProcess(options);
  klaviyo.respondAlways({ kind: "hang" });
  const serials = await issue(server, shop, 2 * IN_HAND);
  await klaviyo.waitForRequests(IN_HAND);
  expect(await server.stop("SIGTERM")).toBe(0);
  expect(server.stderr()).not.toContain('"level":"error"');
  const jobs = readRows<object>(
    shop.dataDir,
    "SELECT state, attempts, last_error AS error, failing_since AS failingSince FROM outbox WHERE kind = 'klaviyo.profile'",
  );
  expect(jobs).toEqual(serials.map(() => ({ state: "ready", attempts: 0, error: null, failingSince: null })));
  klaviyo.clearFaults();
  await using _next = await startServerProcess(options);
  await expectDeliveredOnce(klaviyo, shop, serials);
}, 60_000);

test("what Klaviyo answers during the shutdown is noted, and not sent again", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const options = { dataDir: shop.dataDir, port: await freePort(), env: shop.env };
  await using server = await startServerProcess(options);
  const { promise: shuttingDown, resolve: answerNow } = Promise.withResolvers<void>();
  const profiles = { path: "/api/profile-import" };
  let held = 0;
  const { promise: allHeld, resolve: holdsAll } = Promise.withResolvers<void>();
  const until = () => {
    held++;
    if (held === IN_HAND) holdsAll();
    return shuttingDown;
  };
  klaviyo.respondAlways({ kind: "slow", until }, profiles);
  const serials = await issue(server, shop, IN_HAND);
  await allHeld;
  const stopping = server.stop("SIGTERM");
  await postUntilRefused(server, shop);
  answerNow();
  expect(await stopping).toBe(0);
  expect(jobCounts(shop.dataDir)["leased"]).toBeUndefined();
  await using _next = await startServerProcess(options);
  await expectDeliveredOnce(klaviyo, shop, serials);
  const sent = klaviyo.requests.filter(({ path }) => path === profiles.path).map(({ body }) => JSON.stringify(body));
  for (const serial of serials) expect(sent.filter((body) => body.includes(serial)).length).toBe(1);
}, 60_000);

test("the echo of a signal, as a terminal and npm make one, does not end the server before its time", async () => {
  // Its time runs slower than ours, so that what comes after this one signal is an echo on any machine.
  const time = fastTime(0.1);
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo({ now: time.now });
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const env = { ...time.env, ...shop.env };
  const options = { command: time.command, dataDir: shop.dataDir, port: await freePort(), env };
  await using server = await startServerProcess(options);
  const { promise: shuttingDown, resolve: answerNow } = Promise.withResolvers<void>();
  klaviyo.respondAlways({ kind: "slow", until: () => shuttingDown });
  await issue(server, shop, 1);
  process.kill(server.pid, "SIGINT");
  await postUntilRefused(server, shop);
  process.kill(server.pid, "SIGINT");
  answerNow();
  expect(await server.stop("SIGINT")).toBe(0);
}, 60_000);

test("a second signal ends the server at once", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  await using server = await startServerProcess({ dataDir: shop.dataDir, port: await freePort(), env: shop.env });
  klaviyo.respondAlways({ kind: "hang" });
  await issue(server, shop, 1);
  await klaviyo.waitForRequests(1);
  process.kill(server.pid, "SIGINT");
  await postUntilRefused(server, shop);
  let ended: number | string | undefined;
  void server.stop("SIGINT").then((status) => {
    ended = status;
  });
  // Too early, and it is taken for an echo of the first; whoever is impatient presses again.
  await eventually(
    "the server has ended",
    () => {
      if (ended === undefined) process.kill(server.pid, "SIGINT");
      return ended !== undefined;
    },
    3_000,
  );
  expect(ended).toBe("SIGINT");
}, 60_000);

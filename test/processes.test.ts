import { expect, test } from "bun:test";
import { createServer } from "node:net";
import { join } from "node:path";
import type { PassObject } from "../src/api/pass-object.ts";
import { openDatabase } from "../src/db/database.ts";
import { MIGRATIONS } from "../src/db/migrations.ts";
import { outboxLanes } from "../src/db/schema.ts";
import type { NewJob } from "../src/outbox/job.ts";
import { createOutboxStore } from "../src/outbox/outbox-store.ts";
import { startFakeKlaviyo } from "./support/app.ts";
import { passhookJson, runProcess } from "./support/cli-process.ts";
import { TEST_NOW } from "./support/clock.ts";
import { eventually } from "./support/eventually.ts";
import type { FakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";
import { jobCounts, type PreparedShop, prepareShop, readRows } from "./support/prepared-shop.ts";
import { FROM_SOURCE, freePort, startServerProcess } from "./support/server-process.ts";
import { printedCall } from "./support/start-block.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { makeOldDatabase, OLD } from "./support/upgrade-fixture.ts";

interface List<T> {
  readonly items: readonly T[];
}
interface Job {
  readonly id: number;
  readonly kind: string;
  readonly pass: string;
  readonly state: string;
  readonly error: string | null;
}

async function post(url: string, shop: PreparedShop, email: string, points = 70): Promise<PassObject> {
  const body = JSON.stringify({
    passTemplate: shop.templates["points-card"],
    pass: { "points-balance": `${points}.0` },
    recipient: { email },
  });
  const answer = await fetch(`${url}/v1/passes`, { method: "POST", headers: shop.headers, body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as PassObject;
}

const delivered = (dataDir: string) => eventually("no job is left", () => Object.keys(jobCounts(dataDir)).length === 0);

const eventsOf = (klaviyo: FakeKlaviyo, serial: string) =>
  klaviyo.events.filter(({ event_properties }) => event_properties["serial"] === serial);

test("commands work on the folder of a server that is at work, which delivers what they promise", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const { dataDir, env, templates } = shop;
  await using server = await startServerProcess({ dataDir, port: await freePort(), env });
  const run = <T>(...args: string[]) => passhookJson<T>([...args, "--data", dataDir], { env });

  let over = false;
  const load = (async () => {
    const issued: PassObject[] = [];
    while (!over) issued.push(await post(server.url, shop, `webhook${issued.length}@example.com`));
    return issued;
  })();
  // A command that fails ends the test, and with it the server, before anybody waits for this.
  load.catch(() => {});
  const template = templates["points-card"] ?? "";
  const emails = ["one", "two", "three", "four"].map((name) => `${name}@example.com`);
  const made = await Promise.all(
    emails.map((email) =>
      run<PassObject>("pass", "issue", "--template", template, "--field", "points-balance=10", "--email", email),
    ),
  );
  await Promise.all([run("outbox", "list"), run("pass", "list"), run("klaviyo", "status"), run("migrate")]);
  over = true;
  const byWebhook = await load;

  await delivered(dataDir);
  for (const [i, { serialNumber }] of made.entries()) {
    expect((await fetch(`${server.url}/p/${serialNumber}.pkpass`)).status).toBe(200);
    expect(klaviyo.findProfile({ email: emails[i] ?? "" })?.external_id).toBe(serialNumber);
  }
  for (const { serialNumber } of [...made, ...byWebhook]) {
    expect(eventsOf(klaviyo, serialNumber).map(({ deliveries }) => deliveries)).toEqual([1]);
  }
  // A second card for the same person is the same card, whoever issues it.
  expect((await post(server.url, shop, "one@example.com", 20)).serialNumber).toBe(made[0]?.serialNumber ?? "");
}, 60_000);

test("a dead job is seen and run again by command, and the running server does it", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const { dataDir, env } = shop;
  await using server = await startServerProcess({ dataDir, port: await freePort(), env });
  const run = <T>(...args: string[]) => passhookJson<T>([...args, "--data", dataDir], { env });

  klaviyo.respondAlways({ status: 400 }, { path: "/api/events" });
  const { serialNumber: first } = await post(server.url, shop, "one@example.com");
  const { serialNumber: second } = await post(server.url, shop, "two@example.com");
  await eventually("both events are given up", () => jobCounts(dataDir)["dead"] === 2);
  const dead = await run<List<Job>>("outbox", "list", "--state", "dead");
  expect(dead.items.map(({ kind, pass }) => [kind, pass])).toEqual([
    ["klaviyo.event", first],
    ["klaviyo.event", second],
  ]);
  expect(dead.items[0]?.error).toContain("Klaviyo answered 400");

  klaviyo.clearFaults();
  const retried = await run<List<Job>>("outbox", "retry", String(dead.items[0]?.id));
  expect(retried.items.map(({ pass }) => pass)).toEqual([first]);
  await eventually("the first event arrives", () => eventsOf(klaviyo, first).length === 1);
  expect(eventsOf(klaviyo, second)).toEqual([]);
  expect((await run<List<Job>>("outbox", "retry", "--all")).items.map(({ pass }) => pass)).toEqual([second]);
  await delivered(dataDir);
  expect(eventsOf(klaviyo, second).length).toBe(1);
  const { status, stderr } = await runProcess([...FROM_SOURCE, "outbox", "retry", "1", "--data", dataDir], { env });
  expect([status, stderr]).toEqual([1, expect.stringContaining("There is no dead job 1.")]);
}, 60_000);

test("two servers on one folder make one pass per recipient and deliver nothing twice", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const shop = await prepareShop(join(folder.path, "data"), klaviyo);
  const { dataDir, env } = shop;
  await using one = await startServerProcess({ dataDir, port: await freePort(), env });
  await using two = await startServerProcess({ dataDir, port: await freePort(), env });

  const emails = Array.from({ length: 60 }, (_, i) => `customer${i}@example.com`);
  const pairs = await Promise.all(
    emails.map((email) => Promise.all([post(one.url, shop, email), post(two.url, shop, email)])),
  );
  for (const [a, b] of pairs) expect(a.serialNumber).toBe(b.serialNumber);
  const serials = new Set(pairs.map(([{ serialNumber }]) => serialNumber));
  expect(serials.size).toBe(emails.length);
  await delivered(dataDir);
  const sent = klaviyo.requests.map(({ path, body }) => {
    const serial = [...serials].find((known) => JSON.stringify(body).includes(known));
    return `${path} ${serial}`;
  });
  const expected = [...serials].flatMap((serial) => [`/api/profile-import ${serial}`, `/api/events ${serial}`]);
  expect(sent.filter((line) => !line.startsWith("/api/accounts")).sort()).toEqual(expected.sort());

  // One goes, the other does what is left.
  expect(await one.stop("SIGTERM")).toBe(0);
  const { serialNumber } = await post(two.url, shop, "late@example.com");
  await delivered(dataDir);
  expect(eventsOf(klaviyo, serialNumber).length).toBe(1);
}, 60_000);

test("what one of two servers was told to wait for, the other waits for, also when it has just looked", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "passhook.db");
  makeOldDatabase(path, MIGRATIONS);
  using mine = openDatabase(path);
  using theirs = openDatabase(path);
  const job: NewJob = {
    accountId: OLD.accountId,
    channel: "klaviyo",
    kind: "klaviyo.event",
    nature: "event",
    orderingKey: "another pass",
    idempotencyKey: "a promise",
    payload: {},
  };
  const [store, otherStore] = [createOutboxStore(mine), createOutboxStore(theirs)];
  await mine.transaction((tx) => store.enqueue(tx, [job], TEST_NOW));
  const kinds = [job.kind];
  const { promise: theOtherHasLooked, resolve: goOn } = Promise.withResolvers<void>();
  const closing = mine.transaction(async ({ query }) => {
    await theOtherHasLooked;
    await query.update(outboxLanes).set({ closedUntil: TEST_NOW + 60_000 });
  });
  const claiming = otherStore.claim(kinds, TEST_NOW, 16, 30_000);
  // It looks at once, and then cannot write before the transaction above has ended.
  setImmediate(goOn);
  await closing;
  expect(await claiming).toEqual([]);
  expect((await otherStore.claim(kinds, TEST_NOW + 60_000, 16, 30_000)).length).toBe(1);
});

test("a first start that finds its port taken says so, and leaves the first start to the next", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  const settings = ["--data", dataDir, "--listen", `127.0.0.1:${port}`];
  const { status, stdout, stderr } = await runProcess([...FROM_SOURCE, "serve", ...settings]);
  await new Promise((resolve) => other.close(resolve));
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}`);
  await using server = await startServerProcess({ dataDir, port });
  expect(printedCall(server.startBlock).headers["X-API-KEY"]).toMatch(/^phk_/);
}, 60_000);

test("of first starts at the same time, one is the first", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const started = await Promise.allSettled(ports.map((port) => startServerProcess({ dataDir, port })));
  await using stack = new AsyncDisposableStack();
  const servers = started.flatMap((one) => (one.status === "fulfilled" ? [stack.use(one.value)] : []));
  expect(started.filter(({ status }) => status === "rejected")).toEqual([]);
  const shown = servers.filter(({ startBlock }) => startBlock.includes("X-API-KEY"));
  const statuses = await Promise.all(servers.map((server) => server.stop("SIGTERM")));
  expect([shown.length, ...statuses]).toEqual([1, 0, 0, 0]);
  expect(readRows(dataDir, "SELECT id FROM accounts").length).toBe(1);
}, 60_000);

import { expect, test } from "bun:test";
import { startTestApp } from "./support/app.ts";
import { bulkOf } from "./support/bulk.ts";

const DAY_MS = 86_400_000;
const csvOf = (count: number) =>
  ["email,points-balance", ...Array.from({ length: count }, (_, i) => `customer${i}@example.com,${i}`)].join("\n");

async function startShop() {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  return { shop, bulk: bulkOf(shop), query: `mode=issue&template=${template}` };
}

test("a job that is cancelled keeps what is done and forgets the rest", async () => {
  const { shop, bulk, query } = await startShop();
  await using _ = shop;
  const { body: job } = await bulk.send(query, "text/csv", csvOf(1_000));
  shop.app.data.bulk.worker.start();
  while ((await bulk.job(job.id)).done === 0) await new Promise((resolve) => setImmediate(resolve));
  const cancelled = await bulk.json<typeof job>("DELETE", `/jobs/${job.id}`);
  expect([cancelled.status, cancelled.body.state]).toEqual([200, "cancelled"]);
  await shop.app.data.bulk.worker.idle();
  const { done, failed, cancelled: left, state } = await bulk.job(job.id);
  expect([state, failed, done + left, left > 0, done > 0]).toEqual(["cancelled", 0, 1_000, true, true]);
  const results = await bulk.results(job.id);
  expect(results.filter(({ state }) => state === "cancelled").length).toBe(left);
  expect(await shop.app.db.read.query.passes.findMany()).toHaveLength(done);
  expect((await shop.app.db.read.query.bulkRows.findMany()).filter(({ input }) => input !== null)).toEqual([]);
  // Once more changes nothing.
  expect((await bulk.json<typeof job>("DELETE", `/jobs/${job.id}`)).body).toMatchObject({ done, cancelled: left });
});

test("an upload that breaks off, or is too long, leaves nothing", async () => {
  const { shop, bulk, query } = await startShop();
  await using _ = shop;
  const start = new TextEncoder().encode(csvOf(600));
  const brokenOff = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(start),
    pull: (controller) => controller.error(new Error("connection lost")),
  });
  expect(
    (await bulk.call("POST", `/passes/bulk?${query}`, { body: brokenOff, headers: { "content-type": "text/csv" } }))
      .status,
  ).toBe(500);
  const line = Buffer.from(`${JSON.stringify({ pass: { "member-name": "x".repeat(60_000) } })}\n`);
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += line.length;
        controller.enqueue(line);
      },
    },
    { highWaterMark: 0 },
  );
  const { status, body } = await bulk.send(query, "application/x-ndjson", endless);
  expect([status, body.error]).toEqual([413, expect.stringContaining("larger than 32 MB")]);
  expect(sent).toBeLessThan(34 * 1024 * 1024);
  expect(await shop.app.db.read.query.bulkJobs.findMany()).toEqual([]);
  expect(await shop.app.db.read.query.bulkRows.findMany({ limit: 1 })).toEqual([]);
}, 60_000);

test("jobs are forgotten after 30 days, and an upload that a program left behind after one", async () => {
  const { shop, bulk, query } = await startShop();
  await using _ = shop;
  const { job } = await bulk.run(query, csvOf(3));
  await shop.app.db.transaction(
    async ({ query: write }) =>
      void write.run(
        `insert into bulk_jobs (id, account_id, mode, state, created_at) values ('blk_left', '${shop.accountId}', 'issue', 'receiving', ${shop.clock.now()})`,
      ),
  );
  const jobs = async () => (await shop.app.db.read.query.bulkJobs.findMany()).map(({ id }) => id).sort();
  await shop.app.data.bulk.forgetOld();
  expect(await jobs()).toEqual(["blk_left", job.id].sort());
  expect((await bulk.call("GET", "/jobs/blk_left")).status).toBe(404);
  shop.clock.set(shop.clock.now() + DAY_MS + 1);
  await shop.app.data.bulk.forgetOld();
  expect(await jobs()).toEqual([job.id]);
  shop.clock.set(shop.clock.now() + 30 * DAY_MS);
  await shop.app.data.bulk.forgetOld();
  expect(await jobs()).toEqual([]);
  expect(await shop.app.db.read.query.bulkRows.findMany()).toEqual([]);
  expect(await shop.app.db.read.query.passes.findMany()).toHaveLength(3);
});

test("webhooks are answered while a job runs, and not after it", async () => {
  const { shop, bulk, query } = await startShop();
  await using _ = shop;
  const { body: job } = await bulk.send(query, "text/csv", csvOf(1_000));
  shop.app.data.bulk.worker.start();
  const template = new URLSearchParams(query).get("template");
  let answered = 0;
  while ((await bulk.job(job.id)).state === "running") {
    await shop.issue({ passTemplate: template, pass: {}, recipient: { email: `single${answered++}@example.com` } });
  }
  // A webhook waits for the lines that are in one commit, a few, and for its own: never for a step of the job.
  expect(answered).toBeGreaterThan(1_000 / 8 / 4);
});

test("phones are told after the phones of single passes", async () => {
  const { shop, bulk, query } = await startShop();
  await using _ = shop;
  const { results } = await bulk.run(query, csvOf(1));
  const serial = results[0]?.serialNumber ?? "";
  const device = `/passkit/v1/devices/phone/registrations/pass.com.example.passhook/${serial}`;
  const { status } = await shop.request(device, {
    method: "POST",
    headers: { authorization: `ApplePass ${shop.app.vault.authenticationToken(serial)}` },
    body: JSON.stringify({ pushToken: "ab".repeat(32) }),
  });
  expect(status).toBe(201);
  await bulk.run(query, csvOf(1).replace(",0", ",99"));
  const jobs = await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 100 });
  expect(jobs.items.map(({ kind }) => kind)).toContain("apple.push.bulk");
  expect(jobs.items.map(({ kind }) => kind)).not.toContain("apple.push");
});

test("a file of 30 MB is stored as it comes in: little of it is ever in memory", async () => {
  const { shop, query } = await startShop();
  await using _ = shop;
  const line = Buffer.from(`${JSON.stringify({ pass: { "member-name": "x".repeat(3_000) } })}\n`);
  const LINES = 10_000;
  Bun.gc(true);
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  async function* bytes() {
    for (let i = 0; i < LINES; i += 100) {
      yield Buffer.concat(Array.from({ length: 100 }, () => line));
      if (i % 1_000 !== 0) continue;
      Bun.gc(true);
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
  }
  const { accountId } = shop;
  const templateId = new URLSearchParams(query).get("template") ?? "";
  const file = { accountId, mode: "issue", format: "ndjson", templateId, idempotencyKey: undefined } as const;
  expect((await shop.app.data.bulk.receive({ ...file, bytes: bytes() })).total).toBe(LINES);
  expect(most).toBeLessThan(4 * 1024 * 1024);
}, 60_000);

import { expect, test } from "bun:test";
import { join } from "node:path";
import { startFakeKlaviyo } from "./support/app.ts";
import type { Job, Result } from "./support/bulk.ts";
import { bundleProgram } from "./support/bundled-program.ts";
import { eventually } from "./support/eventually.ts";
import { fastTime } from "./support/fast-time.ts";
import { type PreparedShop, prepareShop, readRows } from "./support/prepared-shop.ts";
import { seededRandom } from "./support/random.ts";
import { startRestartingServer } from "./support/restarting-server.ts";
import { freePort } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const LINES = 800;
const KILLS = 4;
const SEED = Number(process.env["CRASH_SEED"] ?? 1);

const TICKET = JSON.stringify({
  pass: { "event-name": "Strings after Dark", venue: "Lantern Hall", "starts-at": "2026-11-21T19:30" },
});

const upload = (url: string, shop: PreparedShop, body: string) =>
  fetch(`${url}/v1/passes/bulk?mode=issue&template=${shop.templates["event-ticket"]}`, {
    method: "POST",
    headers: { ...shop.headers, "content-type": "application/x-ndjson" },
    body,
  });

test(`kill -9 at any moment loses and doubles no line of a file (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  using folder = temporaryFolder();
  // A lease of 30 s ends after 1.5 s.
  const time = fastTime(20, await bundleProgram(folder.path));
  await using klaviyo = await startFakeKlaviyo({ now: time.now });
  // Each line is a pass of its own, whatever it says: nothing but the job's own care keeps one from being made twice.
  const shop = await prepareShop(join(folder.path, "data"), klaviyo, ["event-ticket"]);
  const { dataDir } = shop;
  await using server = await startRestartingServer({
    command: time.command,
    dataDir,
    port: await freePort(),
    env: { ...time.env, ...shop.env },
  });
  const body = Array.from({ length: LINES }, () => TICKET).join("\n");

  // Killed while a file comes in: nobody was promised anything, and nothing of it is done.
  const halfSent = upload(server.url, shop, `${body}\n${body}`).catch(() => undefined);
  await eventually(
    "a part of the file has come",
    () => readRows(dataDir, "SELECT 1 FROM bulk_rows LIMIT 1").length > 0,
  );
  await server.killAndRestart();
  await halfSent;

  const answer = await upload(server.url, shop, body);
  const { id, total } = (await answer.json()) as Job;
  expect([answer.status, total]).toEqual([200, LINES]);
  const doneNow = () =>
    readRows<{ done: number }>(dataDir, `SELECT done FROM bulk_jobs WHERE id = '${id}'`)[0]?.done ?? 0;
  for (let kills = 0; kills < KILLS; kills++) {
    const until = doneNow() + 1 + Math.floor(random() * 100);
    await eventually("more lines are done", () => doneNow() >= Math.min(until, LINES));
    await server.killAndRestart();
  }
  const get = (path: string) => fetch(`${server.url}/v1/jobs/${id}${path}`, { headers: shop.headers });
  const job = await eventually(
    "the job is done",
    async () => {
      const now = (await (await get("")).json()) as Job;
      return now.state === "done" && now;
    },
    60_000,
  );
  expect(job).toMatchObject({ done: LINES, failed: 0, cancelled: 0 });
  const results = (await (await get("/results")).text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Result);
  const promised = results.map(({ serialNumber }) => serialNumber ?? "");
  const stored = readRows<{ serial: string }>(dataDir, "SELECT serial FROM passes").map(({ serial }) => serial);
  expect(new Set(promised).size).toBe(LINES);
  expect(stored.sort()).toEqual(promised.sort());
  expect(await server.stop("SIGTERM")).toBe(0);
}, 120_000);

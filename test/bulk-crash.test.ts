import { expect, test } from "bun:test";
import { join } from "node:path";
import type { PassObject } from "../src/api/pass-object.ts";
import { startFakeKlaviyo } from "./support/app.ts";
import type { Job, Result } from "./support/bulk.ts";
import { bundleProgram } from "./support/bundled-program.ts";
import { eventually } from "./support/eventually.ts";
import { fastTime } from "./support/fast-time.ts";
import { prepareShop, readRows } from "./support/prepared-shop.ts";
import { seededRandom } from "./support/random.ts";
import { startRestartingServer } from "./support/restarting-server.ts";
import { freePort } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const LINES = 500;
const KILLS = 5;
const SEED = Number(process.env["CRASH_SEED"] ?? 1);

/** Each is a pass of its own, whatever it says: nothing but the job's own care keeps one from being made twice. */
const TICKET = JSON.stringify({
  pass: { "event-name": "Strings after Dark", venue: "Lantern Hall", "starts-at": "2026-11-21T19:30" },
});

test(`kill -9 at any moment loses and doubles no line of a file (seed ${SEED})`, async () => {
  const random = seededRandom(SEED);
  using folder = temporaryFolder();
  // A lease of 30 s ends after 1.5 s.
  const time = fastTime(20, await bundleProgram(folder.path));
  await using klaviyo = await startFakeKlaviyo({ now: time.now });
  const { dataDir, headers, templates, ...shop } = await prepareShop(join(folder.path, "data"), klaviyo, [
    ...["event-ticket", "points-card"],
  ]);
  const env = { ...time.env, ...shop.env };
  await using server = await startRestartingServer({ command: time.command, dataDir, port: await freePort(), env });
  const call = (method: string, path: string, body?: NonNullable<RequestInit["body"]>) =>
    fetch(`${server.url}/v1${path}`, {
      method,
      headers: { ...headers, "content-type": "application/x-ndjson" },
      ...(body === undefined ? {} : { body }),
    });
  const tickets = `/passes/bulk?mode=issue&template=${templates["event-ticket"]}`;

  // Killed while a file comes in: nobody was promised anything, and nothing of it is ever done.
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from(`${TICKET}\n`.repeat(1_000))),
  });
  const halfSent = call("POST", tickets, endless).catch(() => undefined);
  await eventually("a part has come", () => readRows(dataDir, "SELECT 1 FROM bulk_rows LIMIT 1").length > 0);
  await server.killAndRestart();
  await halfSent;

  const card = (await (
    await call("POST", "/passes", JSON.stringify({ passTemplate: templates["points-card"], pass: {} }))
  ).json()) as PassObject;
  const addition = JSON.stringify({ serialNumber: card.serialNumber, pass: { "points-balance": { add: 1 } } });
  const sent = await Promise.all([
    call("POST", tickets, `${TICKET}\n`.repeat(LINES)),
    call("POST", "/passes/bulk?mode=update", `${addition}\n`.repeat(LINES)),
  ]);
  const [issuing, adding] = (await Promise.all(sent.map((answer) => answer.json()))) as [Job, Job];

  const doneNow = () => readRows<{ done: number }>(dataDir, "SELECT sum(done) AS done FROM bulk_jobs")[0]?.done ?? 0;
  for (let kills = 0; kills < KILLS; kills++) {
    const until = Math.min(2 * LINES, doneNow() + 1 + Math.floor(random() * 150));
    await eventually("more lines are done", () => doneNow() >= until);
    await server.killAndRestart();
  }
  await eventually("all lines are done", () => doneNow() === 2 * LINES, 60_000);
  for (const { id } of [issuing, adding]) {
    const job = await eventually("the job is done", async () => {
      const now = (await (await call("GET", `/jobs/${id}`)).json()) as Job;
      return now.state === "done" && now;
    });
    expect(job).toMatchObject({ total: LINES, done: LINES, failed: 0, cancelled: 0 });
  }
  const text = await (await call("GET", `/jobs/${issuing.id}/results`)).text();
  const promised = text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as Result).serialNumber ?? "");
  const stored = readRows<{ serial: string }>(dataDir, "SELECT serial FROM passes").map(({ serial }) => serial);
  expect(new Set(promised).size).toBe(LINES);
  expect(stored.sort()).toEqual([card.serialNumber, ...promised].sort());
  const shown = (await (
    await call("GET", `/passes/${templates["points-card"]}/${card.serialNumber}`)
  ).json()) as PassObject;
  expect(shown.pass["points-balance"]).toBe(String(LINES));
  expect(await server.stop("SIGTERM")).toBe(0);
}, 120_000);

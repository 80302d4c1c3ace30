import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import { interleave, percentile, ratio } from "./measure.ts";
import { type PasshookServer, startPasshook } from "./servers/start-passhook.ts";
import { cardOf, personOf } from "./shop.ts";

const ROUNDS = 3;
const LINES = 2_500;
const SINGLE_EVERY_MS = 100;
const ALONE_MS = 6_000;
const POLL_MS = 50;

/** Files of many new people, from the upload to the last line, and how long single webhooks take meanwhile. */
export const bulkBench: Bench = {
  name: "bulk",
  title: `POST /v1/passes/bulk with ${LINES.toLocaleString("en")} new customers a file, until its job is done; write-backs run meanwhile (sandbox); single webhooks beside it, one every ${SINGLE_EVERY_MS} ms`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using passhook = await startPasshook(`${folder.path}/data`);
    let customers = 1;
    const some = () => Array.from({ length: LINES }, () => customers++);
    const waits = { alone: [] as number[][], meanwhile: [] as number[][] };
    const turn = (kept: number[][], work: () => Promise<unknown>) => async () => {
      const startedAt = performance.now();
      const finished = work().then(() => performance.now());
      kept.push(await singlesDuring(finished, () => passhook.issue(customers++)));
      const seconds = ((await finished) - startedAt) / 1_000;
      await passhook.drained();
      return LINES / seconds;
    };

    const { ndjson, csv } = await interleave(ROUNDS, {
      alone: turn(waits.alone, () => Bun.sleep(ALONE_MS)),
      ndjson: turn(waits.meanwhile, () => issueFile(passhook, "application/x-ndjson", ndjsonOf(passhook, some()))),
      csv: turn(waits.meanwhile, () => issueFile(passhook, "text/csv", csvOf(some()))),
    });
    // The first round, of one and of two files, warmed up.
    const [alone, meanwhile] = [waits.alone.slice(1).flat(), waits.meanwhile.slice(2).flat()];
    const figures: Figure[] = [
      { name: "NDJSON", unit: "lines/s", rounds: ndjson },
      { name: "CSV", unit: "lines/s", rounds: csv },
    ];
    for (const [part, share] of Object.entries({ median: 0.5, "99 of 100": 0.99 })) {
      const [quiet, busy] = [[percentile(alone, share)], [percentile(meanwhile, share)]];
      figures.push({ name: `a single webhook alone, ${part}`, unit: "ms", rounds: quiet });
      figures.push({ name: `a single webhook meanwhile, ${part}`, unit: "ms", rounds: busy });
      figures.push({ name: `ratio, ${part}`, unit: "×", rounds: ratio(busy, quiet) });
    }
    return figures;
  },
};

/** Sends one now and then for as long as something else goes on; answers how long each took, in milliseconds. */
async function singlesDuring(something: Promise<unknown>, send: () => Promise<unknown>): Promise<number[]> {
  let goesOn = true;
  const ended = something.finally(() => {
    goesOn = false;
  });
  const waits: number[] = [];
  while (goesOn) {
    const sentAt = performance.now();
    await send();
    waits.push(performance.now() - sentAt);
    await Promise.race([ended, Bun.sleep(SINGLE_EVERY_MS)]);
  }
  return waits;
}

/** Uploads a file and waits until its job is done. Throws when a line failed. */
async function issueFile({ url, shop, headers }: PasshookServer, contentType: string, body: string): Promise<void> {
  const sent = await fetch(`${url}/v1/passes/bulk?mode=issue&template=${shop.template}`, {
    method: "POST",
    headers: { ...headers, "content-type": contentType },
    body,
  });
  let job = await sent.json();
  while (job.state === "running") {
    await Bun.sleep(POLL_MS);
    job = await (await fetch(`${url}/v1/jobs/${job.id}`, { headers })).json();
  }
  if (job.done !== LINES) throw new Error(`The file was not done: ${JSON.stringify(job)}`);
}

const ndjsonOf = (passhook: PasshookServer, customers: readonly number[]): string =>
  customers.map((n) => `${passhook.webhook(n).body}\n`).join("");

/** Nothing in it needs quotes. */
function csvOf(customers: readonly number[]): string {
  const rows = customers.map((n) => [...Object.values(cardOf(n)), ...Object.values(personOf(n))].join(","));
  const columns = [
    ...Object.keys(cardOf(0)).map((name) => `pass.${name}`),
    ...Object.keys(personOf(0)).map((name) => `recipient.${name}`),
  ];
  return `${[columns.join(","), ...rows].join("\n")}\n`;
}

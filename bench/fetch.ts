import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import type { PlannedRequest } from "./load/plan.ts";
import { runLoad } from "./load/run-load.ts";
import { interleave, ratio } from "./measure.ts";
import { startBareServer } from "./servers/start-bare.ts";
import { type PasshookServer, startPasshook } from "./servers/start-passhook.ts";

const ROUNDS = 4;
/** All of one round's packages fit into the server's cache (64 MB), so that a second fetch finds the first. */
const PASSES = 200;
const CACHED_REPEATS = 10;
const UNCHANGED_REPEATS = 15;
const CONNECTIONS = 16;

/** Fetching passes by their link, as phones do: built, from memory, and not at all. */
export const fetchBench: Bench = {
  name: "fetch",
  title: `GET /p/:serial over ${CONNECTIONS} connections`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using passhook = await startPasshook(`${folder.path}/data`);
    // One set for each round and one for warming up: a pass is built once only.
    const fresh = await issuePasses(passhook, PASSES * (ROUNDS + 1));
    const size = (await (await fetch(`${passhook.url}/p/${(await passhook.issue(0)).serialNumber}`)).bytes()).length;
    await passhook.drained();
    await using bare = await startBareServer({ bytes: size });
    const rate = async (port: number, requests: readonly PlannedRequest[], status: number) =>
      (await runLoad({ port, connections: CONNECTIONS, requests, status })).perSecond;

    let serials: readonly string[] = [];
    const measured = await interleave(ROUNDS, {
      built: () => {
        serials = fresh.splice(0, PASSES);
        return rate(passhook.port, fetches(serials), 200);
      },
      cached: () => rate(passhook.port, repeated(fetches(serials), CACHED_REPEATS), 200),
      unchanged: async () => {
        const requests = await Promise.all(serials.map((serial) => conditional(passhook.url, serial)));
        return rate(passhook.port, repeated(requests, UNCHANGED_REPEATS), 304);
      },
      bare: () => rate(bare.port, repeated(fetches(serials), CACHED_REPEATS), 200),
    });
    return [
      { name: "first fetch, built and signed", unit: "passes/s", rounds: measured.built },
      { name: "fetched again (200 from memory)", unit: "passes/s", rounds: measured.cached },
      { name: "unchanged (304)", unit: "answers/s", rounds: measured.unchanged },
      { name: `bare route, ${Math.round(size / 1000)} kB each`, unit: "answers/s", rounds: measured.bare },
      { name: "ratio of first fetch to the bare route", unit: "×", rounds: ratio(measured.built, measured.bare) },
      { name: "ratio of 200 from memory to the bare route", unit: "×", rounds: ratio(measured.cached, measured.bare) },
      { name: "ratio of 304 to the bare route", unit: "×", rounds: ratio(measured.unchanged, measured.bare) },
    ];
  },
};

async function issuePasses(passhook: PasshookServer, count: number): Promise<string[]> {
  const serials: string[] = [];
  for (let n = 1; n <= count; n += CONNECTIONS) {
    const some = Array.from({ length: Math.min(CONNECTIONS, count - n + 1) }, (_, i) => passhook.issue(n + i));
    serials.push(...(await Promise.all(some)).map(({ serialNumber }) => serialNumber));
  }
  return serials;
}

const fetches = (serials: readonly string[]): PlannedRequest[] =>
  serials.map((serial) => ({ method: "GET", path: `/p/${serial}`, headers: {} }));

/** As a phone asks that has the pass already. */
async function conditional(url: string, serial: string): Promise<PlannedRequest> {
  const answer = await fetch(`${url}/p/${serial}`, { method: "HEAD" });
  return { method: "GET", path: `/p/${serial}`, headers: { "if-none-match": answer.headers.get("etag") ?? "" } };
}

const repeated = (requests: readonly PlannedRequest[], times: number): PlannedRequest[] =>
  Array.from({ length: times }, () => requests).flat();

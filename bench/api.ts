import { join } from "node:path";
import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import type { LoadResult, PlannedRequest } from "./load/plan.ts";
import { runLoad } from "./load/run-load.ts";
import { writePasses } from "./many-passes.ts";
import { interleave, ratio } from "./measure.ts";
import { type PasshookServer, startPasshook } from "./servers/start-passhook.ts";
import { prepareShop } from "./shop.ts";

const FEW = 1_000;
const MANY = Number(process.env["BENCH_PASSES"] ?? 1_000_000);
const CONNECTIONS = 4;
const ROUNDS = 5;
/** Of the passes, as many are asked for by their serial numbers. */
const ASKED_FOR = 20_000;

/** A server, and passes in it that no phone has: pushes are another bench. */
interface Side extends AsyncDisposable {
  readonly server: PasshookServer;
  readonly serials: readonly string[];
}

/** What is asked for how often in a round; `n` counts up over all rounds. */
const CALLS: Readonly<Record<string, { count: number; ask(side: Side, n: number): PlannedRequest }>> = {
  get: { count: 3_000, ask: (side, n) => side.server.call("GET", passPath(side, n)) },
  "list, 100 of a template": {
    count: 300,
    ask: (side, n) =>
      side.server.call("GET", `/v1/passes/${side.server.shop.template}?limit=100&after=${serial(side, n)}`),
  },
  patch: {
    count: 1_000,
    ask: (side, n) => side.server.call("PATCH", passPath(side, n), { pass: { "points-balance": String(n + 1_000) } }),
  },
  create: { count: 1_000, ask: ({ server }, n) => server.webhook(2 * MANY + n) },
};

/** The same calls with few passes in the database and with many. */
export const apiBench: Bench = {
  name: "api",
  title: `calls over ${CONNECTIONS} connections with ${FEW.toLocaleString("en")} and with ${MANY.toLocaleString("en")} passes in the database`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using few = await startSide(join(folder.path, "few"), FEW);
    await using many = await startSide(join(folder.path, "many"), MANY);
    const figures: Figure[] = [];
    for (const [name, { count, ask }] of Object.entries(CALLS)) {
      const results = { few: [] as LoadResult[], many: [] as LoadResult[] };
      const turn = (side: Side, kept: LoadResult[]) => async () => {
        const { port } = side.server;
        const first = kept.length * count;
        const requests = Array.from({ length: count }, (_, i) => ask(side, first + i));
        const result = await runLoad({ port, connections: CONNECTIONS, requests, status: 200 });
        await side.server.drained();
        kept.push(result);
        return result.p50;
      };
      const p50 = await interleave(ROUNDS, { few: turn(few, results.few), many: turn(many, results.many) });
      const p99 = { few: p99Of(results.few), many: p99Of(results.many) };
      for (const [part, { few, many }] of Object.entries({ p50, p99 })) {
        figures.push({ name: `${name}, few, ${part}`, unit: "ms", rounds: few });
        figures.push({ name: `${name}, many, ${part}`, unit: "ms", rounds: many });
        figures.push({ name: `${name}, ratio, ${part}`, unit: "×", rounds: ratio(many, few), expected: { most: 1.2 } });
      }
    }
    return figures;
  },
};

/** The first round warmed up. */
const p99Of = (results: readonly LoadResult[]): number[] => results.slice(1).map(({ p99 }) => p99);

async function startSide(dataDir: string, count: number): Promise<Side> {
  const shop = await prepareShop(dataDir);
  const all = writePasses(shop, count);
  const step = Math.ceil(all.length / ASKED_FOR);
  const serials = all.filter((_, i) => i % step === 0);
  const server = await startPasshook(shop);
  return { server, serials, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** One after the other they lie far apart. */
const serial = ({ serials }: Side, n: number): string => serials[(n * 7_919) % serials.length] ?? "";
const passPath = (side: Side, n: number): string => `/v1/passes/${side.server.shop.template}/${serial(side, n)}`;

import { benchFolder } from "./bench-folder.ts";
import type { Bench, Figure } from "./figure.ts";
import { insertRowsPerSecond } from "./insert-rows.ts";
import type { LoadResult } from "./load/plan.ts";
import { runLoad } from "./load/run-load.ts";
import { interleave, ratio } from "./measure.ts";
import { startBareServer } from "./servers/start-bare.ts";
import { startPasshook } from "./servers/start-passhook.ts";

const ROUNDS = 4;
const WEBHOOKS = 1_500;
const BARE_REQUESTS = 15_000;
const INSERT_MS = 1_000;
const CONNECTIONS = 64;

/** Webhooks that are on disk when they are answered, against a route that does nothing and a disk that does little. */
export const webhooksBench: Bench = {
  name: "webhooks",
  title: `POST /v1/passes over ${CONNECTIONS} connections, each a new customer; write-backs run meanwhile (sandbox)`,
  async run(): Promise<Figure[]> {
    using folder = benchFolder();
    await using passhook = await startPasshook(`${folder.path}/data`);
    await using bare = await startBareServer({ answer: await passhook.issue(0) });
    let customers = 1;
    const some = (count: number) => Array.from({ length: count }, () => passhook.webhook(customers++));
    const loads: LoadResult[] = [];
    const settled: number[] = [];

    const measured = await interleave(ROUNDS, {
      ours: async () => {
        const result = await runLoad({
          port: passhook.port,
          connections: CONNECTIONS,
          requests: some(WEBHOOKS),
          status: 200,
        });
        // The others must not share the machine with write-backs of this one.
        const loadMs = (WEBHOOKS / result.perSecond) * 1000;
        settled.push((WEBHOOKS * 1000) / (loadMs + (await passhook.drained())));
        loads.push(result);
        return result.perSecond;
      },
      bare: async () => {
        const requests = some(BARE_REQUESTS);
        return (await runLoad({ port: bare.port, connections: CONNECTIONS, requests, status: 200 })).perSecond;
      },
      inserts: () => insertRowsPerSecond(folder.path, passhook.webhook(0).body ?? "", INSERT_MS),
    });
    // The first round warmed up.
    const kept = loads.slice(1);
    return [
      { name: "Passhook", unit: "webhooks/s", rounds: measured.ours },
      { name: "latency, median", unit: "ms", rounds: kept.map(({ p50 }) => p50) },
      { name: "latency, 99 of 100", unit: "ms", rounds: kept.map(({ p99 }) => p99) },
      { name: "until their write-backs were done too", unit: "webhooks/s", rounds: settled.slice(1) },
      { name: "bare route", unit: "requests/s", rounds: measured.bare },
      { name: "one fsynced row each, in a loop", unit: "rows/s", rounds: measured.inserts },
      { name: "ratio to the bare route", unit: "×", rounds: ratio(measured.ours, measured.bare) },
      { name: "ratio to fsynced rows", unit: "×", rounds: ratio(measured.ours, measured.inserts) },
    ];
  },
};

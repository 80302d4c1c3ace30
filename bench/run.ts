import { release, type } from "node:os";
import { apiBench } from "./api.ts";
import { backlogBench } from "./backlog.ts";
import { buildBench } from "./build.ts";
import { bulkBench } from "./bulk.ts";
import { eventLoopBench } from "./event-loop.ts";
import { exportBench } from "./export.ts";
import { fetchBench } from "./fetch.ts";
import { type Bench, summarize } from "./figure.ts";
import { pushBench } from "./push.ts";
import { type Report, renderTable } from "./table.ts";
import { webhooksBench } from "./webhooks.ts";
import { writeBacksBench } from "./write-backs.ts";
import { zipBench } from "./zip.ts";

/** `npm run bench`: every bench, or those named; `--json` for machines. */
const BENCHES: readonly Bench[] = [
  buildBench,
  eventLoopBench,
  zipBench,
  webhooksBench,
  fetchBench,
  apiBench,
  bulkBench,
  exportBench,
  pushBench,
  writeBacksBench,
  backlogBench,
];

const given = process.argv.slice(2);
const json = given.includes("--json");
const names = given.filter((argument) => argument !== "--json");
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown[0]}". Benches: ${BENCHES.map(({ name }) => name).join(", ")}; --json.`);
  process.exit(2);
}

const benches: Report["benches"][number][] = [];
for (const bench of BENCHES) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  benches.push({ name: bench.name, title: bench.title, figures: (await bench.run()).map(summarize) });
}
const machine = { cores: navigator.hardwareConcurrency, system: `${type()} ${release()}`, bun: Bun.version };
const report: Report = { machine, benches };
console.log(json ? JSON.stringify(report, undefined, 2) : renderTable(report).trimEnd());

import { runConnection } from "./connection.ts";
import type { LoadPlan, LoadResult, PlannedRequest } from "./plan.ts";

/** A process of its own, so that sending does not cost the server any of its time: plan on stdin, result on stdout. */
const plan = (await Bun.stdin.json()) as LoadPlan;
const requests = plan.requests.map((request) => encode(request, plan.port));
const latencies: number[] = [];
let sent = 0;

const startedAt = performance.now();
await Promise.all(
  Array.from({ length: plan.connections }, () => {
    let sentAt = 0;
    return runConnection(plan.port, {
      next() {
        sentAt = performance.now();
        return requests[sent++];
      },
      answered(status) {
        if (status !== plan.status) throw new Error(`Status ${status} instead of ${plan.status}.`);
        latencies.push(performance.now() - sentAt);
      },
    });
  }),
);
const seconds = (performance.now() - startedAt) / 1000;

latencies.sort((a, b) => a - b);
const percentile = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN;
const result: LoadResult = { perSecond: latencies.length / seconds, p50: percentile(0.5), p99: percentile(0.99) };
console.log(JSON.stringify(result));

function encode({ method, path, headers, body }: PlannedRequest, port: number): Uint8Array {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: localhost:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
}

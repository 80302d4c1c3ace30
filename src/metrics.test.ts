import { expect, test } from "bun:test";
import { createMetrics } from "./metrics.ts";

test("is written as Prometheus reads it", async () => {
  const metrics = createMetrics();
  const hits = metrics.counter("hits_total", "Hits.", ["path"]);
  hits.add(1, 'a"b\\c\nd');
  hits.add(2, "plain");
  hits.add(1, "plain");
  metrics.counter("misses_total", "Misses.");
  const took = metrics.histogram("took_seconds", "Time.", [0.1, 1], ["kind"]);
  for (const seconds of [0.05, 0.1, 0.5, 7]) took.observe(seconds, "x");
  metrics.gauge("depth", "Depth.", ["state"], async () => [[["ready"], 4]]);
  expect(await metrics.text()).toBe(
    `# HELP hits_total Hits.
# TYPE hits_total counter
hits_total{path="a\\"b\\\\c\\nd"} 1
hits_total{path="plain"} 3
# HELP misses_total Misses.
# TYPE misses_total counter
misses_total 0
# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{kind="x",le="0.1"} 2
took_seconds_bucket{kind="x",le="1"} 3
took_seconds_bucket{kind="x",le="+Inf"} 4
took_seconds_sum{kind="x"} 7.65
took_seconds_count{kind="x"} 4
# HELP depth Depth.
# TYPE depth gauge
depth{state="ready"} 4
`,
  );
  expect([took.within(0.5, "x"), took.within(0.75, "x"), took.within(1, "x"), took.within(0.5, "y")]).toEqual([
    0.1,
    1,
    undefined,
    undefined,
  ]);
});

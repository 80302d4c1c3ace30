/**
 * Numbers about the program in Prometheus's text format (prometheus.io, "Exposition formats", 0.0.4). Made by hand: what
 * is needed of it is less than a library brings, and costs an addition in a map on the way of a request.
 */
export interface Metrics {
  /** Only ever grows, so that rates can be told. */
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  /** How long things take, in seconds. */
  histogram(name: string, help: string, bounds: readonly number[], labels?: readonly string[]): Histogram;
  /** What is so when somebody asks. */
  gauge(name: string, help: string, labels: readonly string[], read: () => Promise<readonly Reading[]>): void;
  /** All of it as text. */
  text(): Promise<string>;
}

/** The values of the labels in their order, and the number. */
export type Reading = readonly [labels: readonly string[], value: number];

export interface Counter {
  add(count: number, ...labels: readonly string[]): void;
  /** For a page; Prometheus reads the text. */
  readings(): readonly Reading[];
}

export interface Histogram {
  observe(seconds: number, ...labels: readonly string[]): void;
  /** The bound that this share of what was observed stays within; nothing where nothing was, or it is above every bound. */
  within(share: number, ...labels: readonly string[]): number | undefined;
}

interface Distribution {
  readonly labels: readonly string[];
  /** Of each bound, and of what is above the last: not cumulated. */
  readonly counts: number[];
  sum: number;
}

export function createMetrics(): Metrics {
  const parts: (() => Promise<readonly string[]> | readonly string[])[] = [];

  function describe(name: string, help: string, type: string, lines: readonly string[]): readonly string[] {
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
  }

  return {
    counter(name, help, labelNames = []) {
      const values = new Map<string, { readonly labels: readonly string[]; count: number }>();
      const readings = (): Reading[] => [...values.values()].map(({ labels, count }) => [labels, count]);
      // One without labels is there from the start, so that its first addition shows as a rise.
      if (labelNames.length === 0) values.set("", { labels: [], count: 0 });
      parts.push(() => describe(name, help, "counter", linesOf(name, labelNames, readings())));
      return {
        add(count, ...labels) {
          const key = labels.join("\n");
          const known = values.get(key);
          if (known) known.count += count;
          else values.set(key, { labels, count });
        },
        readings,
      };
    },

    histogram(name, help, bounds, labelNames = []) {
      const known = new Map<string, Distribution>();
      parts.push(() => {
        const lines = [...known.values()].flatMap((one) => distributionLines(name, labelNames, bounds, one));
        return describe(name, help, "histogram", lines);
      });
      return {
        observe(seconds, ...labels) {
          const key = labels.join("\n");
          let distribution = known.get(key);
          if (!distribution) {
            distribution = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
            known.set(key, distribution);
          }
          const at = boundOf(bounds, seconds);
          distribution.counts[at] = (distribution.counts[at] ?? 0) + 1;
          distribution.sum += seconds;
        },
        within(share, ...labels) {
          return boundWithin(bounds, known.get(labels.join("\n"))?.counts ?? [], share);
        },
      };
    },

    gauge(name, help, labelNames, read) {
      parts.push(async () => describe(name, help, "gauge", linesOf(name, labelNames, await read())));
    },

    async text() {
      const lines = await Promise.all(parts.map((part) => part()));
      return `${lines.flat().join("\n")}\n`;
    },
  };
}

/** Which bound a value stays within, by its place; one past the last where it is above every bound. */
export function boundOf(bounds: readonly number[], value: number): number {
  const at = bounds.findIndex((bound) => value <= bound);
  return at === -1 ? bounds.length : at;
}

/** The bound that this share of what was counted stays within; nothing where nothing was, or it is above every bound. */
export function boundWithin(bounds: readonly number[], counts: readonly number[], share: number): number | undefined {
  const wanted = share * sumOf(counts);
  if (wanted === 0) return undefined;
  return bounds.find((_, i) => sumOf(counts.slice(0, i + 1)) >= wanted);
}

const linesOf = (name: string, labelNames: readonly string[], readings: readonly Reading[]): string[] =>
  readings.map(([labels, value]) => `${name}${labelText(labelNames, labels)} ${value}`);

function distributionLines(
  name: string,
  labelNames: readonly string[],
  bounds: readonly number[],
  { labels, counts, sum }: Distribution,
): string[] {
  const names = [...labelNames, "le"];
  let seen = 0;
  const buckets = [...bounds.map(String), "+Inf"].map((bound, i) => {
    seen += counts[i] ?? 0;
    return `${name}_bucket${labelText(names, [...labels, bound])} ${seen}`;
  });
  const own = labelText(labelNames, labels);
  return [...buckets, `${name}_sum${own} ${sum}`, `${name}_count${own} ${seen}`];
}

function labelText(names: readonly string[], values: readonly string[]): string {
  if (names.length === 0) return "";
  return `{${names.map((name, i) => `${name}="${escaped(values[i] ?? "")}"`).join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

import type { Ids } from "./ids.ts";
import { formatSecond } from "./instants.ts";

export interface FakeMetric {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly updated: string;
}

/** The metrics of one account; a metric comes into being with its first event. */
export class MetricStore {
  readonly #byName = new Map<string, FakeMetric>();
  readonly #ids: Ids;
  readonly #now: () => number;

  constructor(ids: Ids, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  get all(): readonly FakeMetric[] {
    return [...this.#byName.values()];
  }

  named(name: string): FakeMetric {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const created = formatSecond(this.#now() / 1_000);
    const metric = { id: this.#ids.code(), name, created, updated: created };
    this.#byName.set(name, metric);
    return metric;
  }
}

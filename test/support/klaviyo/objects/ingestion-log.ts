import type { Ids } from "../ids.ts";

export interface RecordProblem {
  readonly code: string;
  readonly message: string;
  /** The property's name, the path where no property is meant. */
  readonly property: string;
  readonly invalid_value: string | null;
}

/** One record that did not become an object record. */
export interface FakeIngestionLogEntry {
  readonly id: string;
  readonly typeId: string;
  /** Undefined when the record had none. */
  readonly recordId: string | undefined;
  readonly status: "error";
  readonly eventType: "validation_error";
  /** Milliseconds. */
  readonly timestamp: number;
  readonly summary: string;
  readonly errors: readonly RecordProblem[];
}

const RETENTION_MS = 14 * 24 * 60 * 60 * 1_000;

/** The failures of one account's data source records, in the order in which they were judged; kept for 14 days. */
export class IngestionLog {
  readonly #entries: FakeIngestionLogEntry[] = [];
  readonly #ids: Ids;
  readonly #now: () => number;

  constructor(ids: Ids, now: () => number) {
    this.#ids = ids;
    this.#now = now;
  }

  get all(): readonly FakeIngestionLogEntry[] {
    return this.#entries;
  }

  add(typeId: string, recordId: string | undefined, errors: readonly RecordProblem[]): void {
    this.#entries.push({
      id: this.#ids.ulid(),
      typeId,
      recordId,
      status: "error",
      eventType: "validation_error",
      timestamp: this.#now(),
      summary: errors.map(({ message }) => message).join(" "),
      errors,
    });
  }

  /** Newest first. */
  ofType(typeId: string): readonly FakeIngestionLogEntry[] {
    const from = this.#now() - RETENTION_MS;
    return this.#entries.filter((entry) => entry.typeId === typeId && entry.timestamp > from).reverse();
  }
}

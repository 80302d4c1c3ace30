import type { Problem } from "../../errors.ts";
import type { GivenValue } from "../../templates/fill.ts";
import type { RecipientInput } from "../recipient.ts";

/** issue: each line is a pass to issue. update: each line gives the fields of a pass new values. */
export const BULK_MODES = ["issue", "update"] as const;
export type BulkMode = (typeof BULK_MODES)[number];

export const BULK_FORMATS = ["csv", "ndjson"] as const;
export type BulkFormat = (typeof BULK_FORMATS)[number];

/** running: as long as a line is not done. */
export type BulkState = "receiving" | "running" | "done" | "cancelled";

/** A file of passes, and how far it is. */
export interface BulkJob {
  readonly id: string;
  readonly accountId: string;
  readonly mode: BulkMode;
  /** Of the lines that name none. */
  readonly templateId: string | null;
  readonly state: BulkState;
  /** Columns that an update does not read. */
  readonly unusedColumns: readonly string[];
  /** Lines in all. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** What is wrong with a line, as a call for this one pass would have been answered. */
export interface LineError {
  readonly error: string;
  readonly code: string;
  readonly details?: readonly Problem[];
}

/** A line as it was read: the body of a call for this one pass, or why there is none. */
export type ReadLine = { readonly line: number } & ({ readonly input: string } | { readonly refused: LineError });

/** What became of a line. */
export type LineResult =
  | { readonly state: "pending" | "cancelled" }
  | { readonly state: "done"; readonly outcome: "created" | "updated" | "unchanged"; readonly serial: string }
  | { readonly state: "failed"; readonly error: LineError };

/** What a line of a file of passes to issue says. */
export interface IssueLine {
  readonly templateId: string;
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly recipient: RecipientInput;
  readonly idempotencyKey: string | undefined;
}

/** What a line of a file of updates says. */
export interface UpdateLine {
  readonly serial: string;
  readonly templateId: string | undefined;
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly idempotencyKey: string | undefined;
}

/** How the bodies of single calls are read. Both throw `invalid` with every problem. */
export interface LineReader {
  issue(input: string, templateId: string | null): IssueLine;
  update(input: string, templateId: string | null): UpdateLine;
}

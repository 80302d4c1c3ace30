import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { AppError } from "../errors.ts";
import { copyDatabase } from "./backup.ts";
import { inspectDatabase } from "./inspect.ts";
import { UPDATE_TAG } from "./schema.ts";

export interface Restored {
  /** The database as it was before, where there was one. */
  readonly before: string | undefined;
  /** How many there are now. */
  readonly passes: number;
}

/**
 * No number that was given out after the backup was made may be given out again: a phone that knows a later update tag
 * would be told of nothing, and Klaviyo would take a new event for one that it has. More than any shop uses up between
 * two backups, and nothing of the 2^53 that there are.
 */
const SKIPPED = 1_000_000_000;

/**
 * Puts a backup in the place of a database, which is kept beside it. Throws `invalid` where the file is no sound backup,
 * `conflict` where a newer program made it or another process has the database open.
 */
export function restoreDatabase(file: string, path: string, now: number): Restored {
  examine(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.restored`;
  rmSync(next, { force: true });
  const source = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    copyDatabase(source, next);
  } finally {
    source.close();
  }
  const passes = skipNumbers(next);
  const before = existsSync(path) ? setAside(path, now) : undefined;
  renameSync(next, path);
  return { before, passes };
}

function examine(file: string): void {
  if (!existsSync(file)) throw new AppError("not_found", `There is no file ${file}.`);
  let report: ReturnType<typeof inspectDatabase>;
  try {
    report = inspectDatabase(file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("invalid", `${file} is no backup of Passhook: SQLite cannot read it.`, { cause: error });
  }
  if (!report.isPasshook) throw new AppError("invalid", `${file} is no backup of Passhook: it has other tables.`);
  if (report.faults.length > 0) {
    throw new AppError("invalid", `${file} is damaged (${report.faults.join("; ")}). Take an older backup.`);
  }
}

/** Only who has the database for himself can take its log away: so a server that runs is found out. */
function setAside(path: string, now: number): string {
  const client = new SqliteDatabase(path, { timeout: 0 });
  try {
    client.pragma("journal_mode = DELETE");
  } catch (cause) {
    if (cause instanceof SqliteDatabase.SqliteError && cause.code.startsWith("SQLITE_BUSY")) {
      throw new AppError("conflict", `Another process works with ${path}. Stop the server first.`, { cause });
    }
    // A damaged database is what a backup is for.
  } finally {
    client.close();
  }
  const before = path.replace(/\.db$/, `.before-restore-${now}.db`);
  // It has two names until the backup takes its first one: at no moment is there none, from which a server would start anew.
  linkSync(path, before);
  // A log that is left of a damaged database would be taken for the backup's.
  for (const log of ["-wal", "-shm"]) {
    if (existsSync(path + log)) renameSync(path + log, before + log);
  }
  return before;
}

/** Answers how many passes there are. */
function skipNumbers(path: string): number {
  const client = new SqliteDatabase(path);
  try {
    client
      .prepare(
        "INSERT INTO counters (name, value) VALUES (@name, @skipped) ON CONFLICT DO UPDATE SET value = value + @skipped",
      )
      .run({ name: UPDATE_TAG, skipped: SKIPPED });
    client.prepare("UPDATE sqlite_sequence SET seq = seq + ?").run(SKIPPED);
    return client.prepare<[], { count: number }>("SELECT count(*) count FROM passes").get()?.count ?? 0;
  } finally {
    client.close();
  }
}

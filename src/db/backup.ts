import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { AppError, messageOf } from "../errors.ts";

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const LOCK_PATIENCE_MS = 5_000;
const NAME = /^passhook-\d{8}T\d{6}Z\.db$/;
const PARTIAL = /^passhook-\d{8}T\d{6}Z\.db\.partial$/;
/** Nobody writes to it any more: who began it was killed. */
const ABANDONED_MS = 3_600_000;

/**
 * Puts a compacted copy of a database into a folder, whole or not at all, and changes nothing else: a server may be at
 * work meanwhile. `keep` is how many backups stay in the folder. Throws `not_found` where there is no database,
 * `unavailable` where the copy could not be made.
 */
export function backUpDatabase(
  path: string,
  folder: string,
  { now, keep }: { readonly now: number; readonly keep?: number | undefined },
): Backup & { readonly removed: readonly string[] } {
  if (!existsSync(path)) throw new AppError("not_found", `There is no database at ${path}.`);
  const stamp = `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const file = join(folder, `passhook-${stamp}.db`);
  const client = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: LOCK_PATIENCE_MS });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeAbandoned(folder, now);
    copyDatabase(client, file);
  } catch (cause) {
    throw new AppError("unavailable", `No backup was made: ${messageOf(cause)}.`, { cause });
  } finally {
    client.close();
  }
  const others = readdirSync(folder).filter((name) => NAME.test(name));
  // Their names sort by time.
  const removed = keep === undefined ? [] : others.toSorted().slice(0, -keep);
  for (const name of removed) rmSync(join(folder, name));
  return { file, bytes: statSync(file).size, at: now, removed: removed.map((name) => join(folder, name)) };
}

function removeAbandoned(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (PARTIAL.test(name) && now - statSync(path).mtimeMs > ABANDONED_MS) rmSync(path);
  }
}

/** A compacted copy that was read through once, readable for nobody else. It appears when it is whole and on disk. */
export function copyDatabase(client: SqliteDatabase.Database, file: string): void {
  const partial = `${file}.partial`;
  try {
    // An empty file is what VACUUM INTO may write to.
    writeFileSync(partial, "", { mode: 0o600 });
    client.prepare("VACUUM INTO ?").run(partial);
    examine(partial);
    const written = openSync(partial, "r+");
    fsyncSync(written);
    closeSync(written);
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}

function examine(file: string): void {
  const copy = new SqliteDatabase(file, { readonly: true });
  try {
    const [row] = copy.prepare<[], { quick_check: string }>("PRAGMA quick_check(1)").all();
    if (row?.quick_check !== "ok") throw new Error(`the copy is not sound (${row?.quick_check})`);
  } finally {
    copy.close();
  }
}

const notePath = (dataDir: string): string => join(dataDir, "last-backup.json");

/** Notes the backup where the server looks for it: another process makes it, wherever it likes. */
export function noteBackup(dataDir: string, { file, bytes, at }: Backup): void {
  const path = notePath(dataDir);
  writeFileSync(`${path}.partial`, JSON.stringify({ file, bytes, at }), { mode: 0o600 });
  renameSync(`${path}.partial`, path);
}

/** The backup that was made last, wherever it is now; nothing where none was noted. */
export function lastBackup(dataDir: string): Backup | undefined {
  try {
    // Written above.
    return JSON.parse(readFileSync(notePath(dataDir), "utf8")) as Backup;
  } catch {
    return undefined;
  }
}

import { createHash } from "node:crypto";
import SqliteDatabase from "better-sqlite3";
import { AppError, messageOf } from "../errors.ts";
import { VERSION } from "../version.ts";
import { copyDatabase } from "./backup.ts";
import { MIGRATIONS } from "./migrations.ts";

export interface MigrationReport {
  readonly applied: readonly string[];
  /** Copy of the database from before the first pending migration, where there was anything to copy. */
  readonly backup: string | undefined;
}

type Migration = (typeof MIGRATIONS)[number];

const LOCK_PATIENCE_MS = 5_000;
const LOCK_RETRY_MS = 5;

/**
 * Brings a database file up to this program's schema, one transaction per migration; a backup is made first. Throws
 * `conflict` when a newer program wrote the file, or when a migration that was already applied has changed.
 */
export function migrateDatabase(
  path: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): MigrationReport {
  const client = new SqliteDatabase(path, { timeout: LOCK_PATIENCE_MS });
  try {
    switchToWal(client);
    client.pragma("synchronous = FULL");
    // A table is changed by putting a new one in its place, which the rows that refer to it must survive; has no effect
    // inside a transaction (SQLite documentation, "Making Other Kinds Of Table Schema Changes").
    client.pragma("foreign_keys = OFF");
    client.exec(
      "CREATE TABLE IF NOT EXISTS schema_migrations (id TEXT PRIMARY KEY, hash TEXT NOT NULL, program TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
    );
    const pending = pendingMigrations(client, path, migrations);
    const isNew = pending.length === migrations.length;
    const backup = pending[0] && !isNew ? backUp(client, path, pending[0].id) : undefined;
    const applied = pending.filter((migration) => apply(client, migration, now));
    forgetStatistics(client);
    return { applied: applied.map(({ id }) => id), backup };
  } finally {
    client.close();
  }
}

/** Those that a file lacks. Throws `conflict` when it has others than this program knows. */
export function pendingMigrations(
  client: SqliteDatabase.Database,
  path: string,
  migrations: readonly Migration[],
): Migration[] {
  const applied = client
    .prepare<[], { id: string; hash: string; program: string }>(
      "SELECT id, hash, program FROM schema_migrations ORDER BY id",
    )
    .all();
  for (const { id, hash, program } of applied) {
    const known = migrations.find((migration) => migration.id === id);
    if (!known) {
      throw new AppError(
        "conflict",
        `${path} was made by a newer Passhook (${program}); this one is ${VERSION}. Install ${program} or later, or restore the backup that was made before that upgrade.`,
      );
    }
    if (hashOf(known) !== hash) {
      throw new AppError(
        "conflict",
        `${path}: migration ${id} differs from the one that was applied by Passhook ${program}.`,
      );
    }
  }
  return migrations.filter(({ id }) => !applied.some((row) => row.id === id));
}

/** A new file is locked while another program does the same, and SQLite does not wait for that lock by itself. */
function switchToWal(client: SqliteDatabase.Database): void {
  const patientUntil = performance.now() + LOCK_PATIENCE_MS;
  for (;;) {
    try {
      client.pragma("journal_mode = WAL");
      return;
    } catch (error) {
      const isBusy = error instanceof SqliteDatabase.SqliteError && error.code.startsWith("SQLITE_BUSY");
      if (!isBusy || performance.now() > patientUntil) throw error;
      Bun.sleepSync(LOCK_RETRY_MS);
    }
  }
}

/** False when another program that started at the same time has just done it. */
function apply(client: SqliteDatabase.Database, migration: Migration, now: number): boolean {
  client.exec("BEGIN IMMEDIATE");
  try {
    const { changes } = client
      .prepare(
        "INSERT INTO schema_migrations (id, hash, program, applied_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
      )
      .run(migration.id, hashOf(migration), VERSION, now);
    if (changes === 0) {
      client.exec("ROLLBACK");
      return false;
    }
    client.exec(migration.sql);
    const [orphan] = client.pragma("foreign_key_check") as { table: string; parent: string }[];
    if (orphan) throw new Error(`rows of ${orphan.table} refer to rows of ${orphan.parent} that are not there`);
    client.exec("COMMIT");
    return true;
  } catch (cause) {
    if (client.inTransaction) client.exec("ROLLBACK");
    throw new Error(`Migration ${migration.id} failed and was undone: ${messageOf(cause)}.`, { cause });
  }
}

/**
 * What ANALYZE once counted decides how queries are run for as long as the program runs: a queue that was empty then is
 * read as a whole for each new job when it is long. Without it every query goes by its index.
 */
function forgetStatistics(client: SqliteDatabase.Database): void {
  client.exec("DROP TABLE IF EXISTS sqlite_stat1; DROP TABLE IF EXISTS sqlite_stat4");
}

/** A compacted copy beside the database, named after the first migration it does not have. */
function backUp(client: SqliteDatabase.Database, path: string, before: string): string {
  const backup = path.replace(/\.db$/, `.pre-${before}.db`);
  copyDatabase(client, backup);
  return backup;
}

const hashOf = (migration: Migration): string => createHash("sha256").update(migration.sql).digest("hex");

import { createHash } from "node:crypto";
import { renameSync, rmSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";
import { AppError, messageOf } from "../errors.ts";
import { VERSION } from "../version.ts";
import { MIGRATIONS } from "./migrations.ts";

export interface MigrationReport {
  readonly applied: readonly string[];
  /** Copy of the database from before the first pending migration, where there was anything to copy. */
  readonly backup: string | undefined;
}

type Migration = (typeof MIGRATIONS)[number];

/**
 * Brings a database file up to this program's schema, one transaction per migration; a backup is made first. Throws
 * `conflict` when a newer program wrote the file, or when a migration that was already applied has changed.
 */
export function migrateDatabase(
  path: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): MigrationReport {
  const client = new SqliteDatabase(path, { timeout: 5_000 });
  try {
    client.pragma("journal_mode = WAL");
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
    for (const migration of pending) apply(client, migration, now);
    return { applied: pending.map(({ id }) => id), backup };
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

function apply(client: SqliteDatabase.Database, migration: Migration, now: number): void {
  client.exec("BEGIN IMMEDIATE");
  try {
    // The row first: of two programs that migrate at once, the second collides here instead of half-running.
    client
      .prepare("INSERT INTO schema_migrations (id, hash, program, applied_at) VALUES (?, ?, ?, ?)")
      .run(migration.id, hashOf(migration), VERSION, now);
    client.exec(migration.sql);
    const [orphan] = client.pragma("foreign_key_check") as { table: string; parent: string }[];
    if (orphan) throw new Error(`rows of ${orphan.table} refer to rows of ${orphan.parent} that are not there`);
    client.exec("COMMIT");
  } catch (cause) {
    if (client.inTransaction) client.exec("ROLLBACK");
    throw new Error(`Migration ${migration.id} failed and was undone: ${messageOf(cause)}.`, { cause });
  }
}

/** A compacted copy beside the database, named after the first migration it does not have. */
function backUp(client: SqliteDatabase.Database, path: string, before: string): string {
  const backup = path.replace(/\.db$/, `.pre-${before}.db`);
  const partial = `${backup}.partial`;
  rmSync(partial, { force: true });
  client.prepare("VACUUM INTO ?").run(partial);
  renameSync(partial, backup);
  return backup;
}

const hashOf = (migration: Migration): string => createHash("sha256").update(migration.sql).digest("hex");

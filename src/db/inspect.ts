import SqliteDatabase from "better-sqlite3";
import { pendingMigrations } from "./migrate.ts";
import { MIGRATIONS } from "./migrations.ts";

export interface DatabaseReport {
  /** Whether this program, in whatever version, made it. */
  readonly isPasshook: boolean;
  /** Migrations that the next start would apply. */
  readonly pending: readonly string[];
  /** What SQLite finds wrong in the file, in its own words; empty when it is sound. */
  readonly faults: readonly string[];
}

const MAX_FAULTS = 5;

/**
 * Looks at a database file and changes nothing, also while a server works with it. Throws `conflict` when a newer
 * program wrote it, and SQLite's own error when it is no database.
 */
export function inspectDatabase(path: string): DatabaseReport {
  const client = new SqliteDatabase(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    const isPasshook =
      client.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get() !== undefined;
    return {
      isPasshook,
      pending: (isPasshook ? pendingMigrations(client, path, MIGRATIONS) : MIGRATIONS).map(({ id }) => id),
      faults: faultsIn(client),
    };
  } finally {
    client.close();
  }
}

function faultsIn(client: SqliteDatabase.Database): string[] {
  const integrity = client.prepare<[], { integrity_check: string }>(`PRAGMA integrity_check(${MAX_FAULTS})`).all();
  const orphans = client.prepare<[], { table: string; parent: string }>("PRAGMA foreign_key_check").all();
  return [
    ...integrity.map((row) => row.integrity_check).filter((text) => text !== "ok"),
    ...orphans.slice(0, MAX_FAULTS).map(({ table, parent }) => `a row of ${table} refers to nothing in ${parent}`),
  ];
}

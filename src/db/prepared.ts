import { getTableColumns, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Queries } from "./database.ts";

/**
 * A query that is put together and compiled once per connection. Worth it on the way of a webhook or a fetch, where
 * building a query anew costs several times what SQLite needs to run it (docs/performance.md).
 */
export function prepared<Query>(build: (query: Queries) => Query): (query: Queries) => Query {
  const built = new WeakMap<Queries, Query>();
  return (query) => {
    const known = built.get(query) ?? build(query);
    built.set(query, known);
    return known;
  };
}

/**
 * A value that `execute` brings, to compare with. The plus does nothing to it, but where SQLite compares a bare parameter
 * with other terms while it plans (for `order by`, `min()` and partial indexes), it plans the query anew at every run, for
 * several times of what running it takes. For the same reason constants are written out.
 */
export const given = (name: string): SQL => sql`+${sql.placeholder(name)}`;

/** Values for a whole row of a table, each under its property's name; `but` leaves columns to their default. */
export function givenRow<Table extends SQLiteTable, But extends keyof Table["_"]["columns"] = never>(
  table: Table,
  ...but: readonly But[]
) {
  const names = Object.keys(getTableColumns(table)).filter((name) => !(but as readonly string[]).includes(name));
  // The keys are the table's own.
  return Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as {
    [Name in Exclude<keyof Table["_"]["columns"], But>]: Placeholder;
  };
}

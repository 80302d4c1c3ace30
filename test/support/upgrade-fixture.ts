import { createHash } from "node:crypto";
import SqliteDatabase from "better-sqlite3";
import { migrateDatabase } from "../../src/db/migrate.ts";
import type { MIGRATIONS } from "../../src/db/migrations.ts";
import pointsCard from "../../src/templates/gallery/points-card/template.json";
import { TEST_NOW } from "./clock.ts";

export type Migration = (typeof MIGRATIONS)[number];

/** What is in every old database that the fixture makes. */
export const OLD = {
  accountId: "aid_0x1a2b3c4d",
  templateId: "ptk_0x5e6f7a8b",
  recipientId: "rcp_0123456789abcdefghjk",
  serial: "0123456789abcdefghjkmnpqrs",
  email: "sarah@example.com",
  apiKey: `phk_0123abcd_${"A".repeat(32)}`,
} as const;

/** Makes the database of an older program: its migrations only, with one of everything that a shop has. */
export function makeOldDatabase(path: string, migrations: readonly Migration[]): void {
  migrateDatabase(path, TEST_NOW, migrations);
  const { accountId, templateId, recipientId, serial, email } = OLD;
  const client = new SqliteDatabase(path);
  try {
    insert(client, "accounts", { id: accountId, name: "Old shop" });
    const secretHash = createHash("sha256").update("A".repeat(32)).digest("hex");
    insert(client, "api_keys", { id: "0123abcd", account_id: accountId, label: "flow", secret_hash: secretHash });
    insert(client, "klaviyo_connections", { account_id: accountId, mode: "sandbox" });
    insert(client, "templates", { id: templateId, account_id: accountId, name: "Points card", current_version: 1 });
    insert(client, "template_versions", {
      template_id: templateId,
      version: 1,
      definition: JSON.stringify(pointsCard),
    });
    insert(client, "recipients", { id: recipientId, account_id: accountId, email });
    insert(client, "recipient_identifiers", {
      account_id: accountId,
      kind: "email",
      value: email,
      recipient_id: recipientId,
    });
    insert(client, "passes", {
      serial,
      account_id: accountId,
      template_id: templateId,
      recipient_id: recipientId,
      fields: JSON.stringify({ "member-name": "Sarah", "points-balance": "70" }),
      notes: "[]",
      state: "active",
      reusable: 1,
      version: 1,
      external_id_rule: "account",
    });
    insert(client, "pass_events", { serial, kind: "created", version: 1, changed_fields: "[]" });
    insert(client, "outbox", {
      account_id: accountId,
      kind: "klaviyo.profile",
      channel: "klaviyo",
      ordering_key: serial,
      idempotency_key: `klaviyo.profile:${serial}:1:created`,
      payload: JSON.stringify({ serial }),
      state: "ready",
      run_at: TEST_NOW,
    });
  } finally {
    client.close();
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
}

/** Inserts a row; what must have a value and is not given one is 0 or empty. Values for other versions are left out. */
function insert(
  client: SqliteDatabase.Database,
  table: string,
  given: Readonly<Record<string, string | number>>,
): void {
  const row: Record<string, string | number> = {};
  for (const { name, type, notnull, dflt_value } of client.pragma(`table_info(${table})`) as Column[]) {
    const value = given[name];
    const isNumber = type.toUpperCase() === "INTEGER";
    if (value !== undefined) row[name] = value;
    // A number that counts itself is left to do so.
    else if (notnull === 1 && dflt_value === null && name !== "id") row[name] = isNumber ? 0 : "";
  }
  const names = Object.keys(row);
  client
    .prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((name) => `@${name}`).join(", ")})`)
    .run(row);
}

/** Everything that can be read from a database file, to compare it with what it was. */
export function contentsOf(path: string): Record<string, unknown> {
  const client = new SqliteDatabase(path, { readonly: true });
  try {
    const tables = client
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name",
      )
      .all();
    return Object.fromEntries(
      tables.map(({ name, sql }) => [
        name,
        sql.startsWith("CREATE TABLE") ? { sql, rows: client.prepare(`SELECT * FROM "${name}"`).all() } : { sql },
      ]),
    );
  } finally {
    client.close();
  }
}

/** A migration as drizzle-kit writes one that changes a table which others refer to: a new table in the place of the old. */
export function rebuildAccounts(path: string): Migration {
  const client = new SqliteDatabase(path, { readonly: true });
  const row = client
    .prepare<[], { sql: string }>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'accounts'")
    .get();
  client.close();
  const sql = [
    "PRAGMA foreign_keys=OFF;",
    `${row?.sql.replace(/^CREATE TABLE .accounts./, "CREATE TABLE `__new_accounts`").replaceAll('"accounts".', "")};`,
    "INSERT INTO `__new_accounts` SELECT * FROM `accounts`;",
    "DROP TABLE `accounts`;",
    "ALTER TABLE `__new_accounts` RENAME TO `accounts`;",
    "PRAGMA foreign_keys=ON;",
  ];
  return { id: "9001_rebuild_accounts", sql: sql.join("--> statement-breakpoint\n") };
}

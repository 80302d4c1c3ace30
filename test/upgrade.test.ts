import { expect, test } from "bun:test";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { migrateDatabase } from "../src/db/migrate.ts";
import { MIGRATIONS } from "../src/db/migrations.ts";
import { callApi } from "./support/api.ts";
import { startTestApp } from "./support/app.ts";
import { runProcess } from "./support/cli-process.ts";
import { TEST_NOW } from "./support/clock.ts";
import { FROM_SOURCE, freePort, ROOT } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { contentsOf, type Migration, makeOldDatabase, OLD, rebuildAccounts } from "./support/upgrade-fixture.ts";

const FIRST = MIGRATIONS.slice(0, 1);
const ADDITION: Migration = {
  id: "9000_addition",
  sql: "CREATE TABLE `notices` (`id` text PRIMARY KEY NOT NULL) STRICT;\n--> statement-breakpoint\nALTER TABLE `passes` ADD `colour` text;",
};
const FAILING: Migration = {
  id: "9002_failing",
  sql: "UPDATE `passes` SET `version` = 99;\n--> statement-breakpoint\nDROP TABLE `pass_events`;\n--> statement-breakpoint\nUPDATE `no_such_table` SET `x` = 1;",
};

function withDatabase(use: (path: string, folder: string) => void): void {
  using folder = temporaryFolder();
  use(join(folder.path, "passhook.db"), folder.path);
}

test("a database of the first version opens in this one, with everything in it", async () => {
  using folder = temporaryFolder();
  makeOldDatabase(join(folder.path, "passhook.db"), FIRST);
  await using shop = await startTestApp({ dataDir: folder.path });
  expect(shop.accountId).toBe(OLD.accountId);
  const { status, body } = await callApi(shop, "GET", "/v1/pass_templates", { headers: { "x-api-key": OLD.apiKey } });
  expect([status, body["pass_templates"]]).toEqual([
    200,
    [expect.objectContaining({ id: OLD.templateId, issuedPassCount: 1, installedPassCount: 0 })],
  ]);
  const { pass, recipient } = await shop.app.links.load(OLD.serial);
  expect(pass.values).toEqual({ "member-name": "Sarah", "points-balance": "70" });
  expect(recipient.email).toBe(OLD.email);
  const again = await shop.issue({
    passTemplate: OLD.templateId,
    pass: { "points-balance": "80.0" },
    recipient: { email: OLD.email },
  });
  expect([again.serialNumber, again.pass["points-balance"]]).toEqual([OLD.serial, "80"]);
  shop.app.worker.start();
  await shop.app.worker.idle();
  expect(await shop.app.outbox.depths()).toMatchObject({ waiting: 0, ready: 0, leased: 0, dead: 0 });
});

test("pending migrations are applied after a backup was made", () => {
  withDatabase((path, folder) => {
    makeOldDatabase(path, MIGRATIONS);
    const before = contentsOf(path);
    const { applied, backup } = migrateDatabase(path, TEST_NOW, [...MIGRATIONS, ADDITION]);
    expect(applied).toEqual([ADDITION.id]);
    expect(backup).toBe(join(folder, "passhook.pre-9000_addition.db"));
    expect(contentsOf(backup ?? "")).toEqual(before);
    expect(contentsOf(path)["passes"]).toMatchObject({ rows: [{ serial: OLD.serial, colour: null }] });
    // The next start has nothing to do.
    expect(migrateDatabase(path, TEST_NOW, [...MIGRATIONS, ADDITION])).toEqual({ applied: [], backup: undefined });
  });
});

test("a new database needs no backup, also when its first start was cut off", () => {
  withDatabase((path, folder) => {
    migrateDatabase(path, TEST_NOW, []);
    const report = migrateDatabase(path, TEST_NOW);
    expect(report).toEqual({ applied: MIGRATIONS.map(({ id }) => id), backup: undefined });
    expect(readdirSync(folder).filter((name) => name.includes(".pre-"))).toEqual([]);
  });
});

test("a table that others refer to can be rebuilt, as drizzle-kit does for every change but an addition", () => {
  withDatabase((path) => {
    makeOldDatabase(path, MIGRATIONS);
    const { schema_migrations: _, ...before } = contentsOf(path);
    migrateDatabase(path, TEST_NOW, [...MIGRATIONS, rebuildAccounts(path)]);
    const { schema_migrations: __, ...after } = contentsOf(path);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(after["accounts"]).toMatchObject({ rows: [{ id: OLD.accountId, name: "Old shop" }] });
    expect(after["passes"]).toEqual(before["passes"]);
  });
});

test.each([
  ["fails half-way", FAILING],
  ["would leave rows that refer to nothing", { id: "9003_orphans", sql: "DELETE FROM `accounts`;" }],
] as const)("a migration that %s leaves the file as it was, and can be repeated when it is mended", (_, broken) => {
  withDatabase((path) => {
    makeOldDatabase(path, MIGRATIONS);
    const before = contentsOf(path);
    expect(() => migrateDatabase(path, TEST_NOW, [...MIGRATIONS, broken])).toThrow(
      `${broken.id} failed and was undone`,
    );
    expect(contentsOf(path)).toEqual(before);
    const mended = { id: broken.id, sql: ADDITION.sql };
    expect(migrateDatabase(path, TEST_NOW, [...MIGRATIONS, mended]).applied).toEqual([broken.id]);
  });
});

test("an older program refuses a newer database, and says what to install", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "passhook.db");
  makeOldDatabase(path, MIGRATIONS);
  migrateDatabase(path, TEST_NOW, [...MIGRATIONS, ADDITION]);
  const client = new SqliteDatabase(path);
  client.exec(`UPDATE schema_migrations SET program = '7.8.9' WHERE id = '${ADDITION.id}'`);
  client.close();
  const before = contentsOf(path);
  const settings = ["--data", folder.path, "--listen", `127.0.0.1:${await freePort()}`];
  for (const command of [["serve"], ["pass", "list", "--json"], ["migrate"]]) {
    const { status, stdout, stderr } = await runProcess([...FROM_SOURCE, ...command, ...settings]);
    expect([command, status, stdout]).toEqual([command, 1, ""]);
    expect(stderr).toContain("was made by a newer Passhook (7.8.9)");
    expect(stderr).toContain("Install 7.8.9 or later");
  }
  expect(contentsOf(path)).toEqual(before);
}, 30_000);

test("a released migration that was changed is noticed", () => {
  withDatabase((path) => {
    makeOldDatabase(path, [...MIGRATIONS, ADDITION]);
    const changed = { ...ADDITION, sql: `${ADDITION.sql} -- changed` };
    expect(() => migrateDatabase(path, TEST_NOW, [...MIGRATIONS, changed])).toThrow(ADDITION.id);
  });
});

test("every table is STRICT", () => {
  withDatabase((path) => {
    migrateDatabase(path, TEST_NOW);
    const client = new SqliteDatabase(path, { readonly: true });
    const tables = client
      .prepare<[], { name: string; strict: number }>(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
      )
      .all();
    client.close();
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter(({ strict }) => strict === 0)).toEqual([]);
  });
});

test("the program carries the migrations that stand in drizzle/", () => {
  const files = readdirSync(`${ROOT}drizzle`).filter((name) => name.endsWith(".sql"));
  const journal = JSON.parse(readFileSync(`${ROOT}drizzle/meta/_journal.json`, "utf8")) as {
    entries: { tag: string }[];
  };
  const carried = MIGRATIONS.map(({ id, sql }) => [`${id}.sql`, sql]);
  expect(carried).toEqual(files.sort().map((name) => [name, readFileSync(`${ROOT}drizzle/${name}`, "utf8")]));
  expect(journal.entries.map(({ tag }) => `${tag}.sql`)).toEqual(files);
});

test("the migrations make what src/db/schema.ts says", async () => {
  using folder = temporaryFolder();
  cpSync(`${ROOT}drizzle`, join(folder.path, "drizzle"), { recursive: true });
  // Its folder is taken relative to where it runs.
  const command = [process.execPath, `${ROOT}node_modules/drizzle-kit/bin.cjs`, "generate", "--dialect", "sqlite"];
  const generate = [...command, "--schema", `${ROOT}src/db/schema.ts`, "--out", "drizzle"];
  const { status, stdout } = await runProcess(generate, { cwd: folder.path });
  expect([status, stdout]).toEqual([0, expect.stringContaining("No schema changes")]);
  expect(existsSync(join(folder.path, "drizzle", "meta"))).toBe(true);
}, 60_000);

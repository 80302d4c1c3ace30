import { expect, test } from "bun:test";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import type { Check } from "../src/doctor/check.ts";
import { checkFileSystem } from "../src/doctor/data-folder.ts";
import { PUBLIC_URL } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A server's data folder as commands make it, and `passhook doctor` on it. */
async function newServer() {
  const folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const settings = ["--data", dataDir, "--public-url", PUBLIC_URL];
  await cliJson("account", "create", "--name", "Shop", ...settings);
  const card = join(folder.path, "card");
  await cliJson("template", "init", "points-card", card, ...settings);
  await cliJson("template", "push", card, ...settings);
  return {
    ...folder,
    dataDir,
    database: join(dataDir, "passhook.db"),
    masterKey: join(dataDir, "secrets", "master.key"),
    doctor: (...args: readonly string[]) => doctor(...settings, ...args),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

async function doctor(...settings: readonly string[]) {
  const { status, stdout } = await cli("doctor", "--json", ...settings);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  expect(ok).toBe(status === 0);
  expect(ok).toBe(checks.every(({ state }) => state !== "problem"));
  const states = Object.fromEntries(checks.map(({ name, state }) => [name.replace(/ptk_\w+/, "ptk"), state]));
  const detailOf = (name: string) => checks.find((check) => check.name === name)?.detail ?? "";
  return { status, states, detailOf };
}

const FRESH = {
  "public URL": "good",
  "data folder": "good",
  "free space": "good",
  "file system": "good",
  "master key": "good",
  database: "good",
  migrations: "good",
  "stored secrets": "good",
  certificate: "warning",
  pushes: "good",
  backup: "good",
  "template ptk": "good",
  Klaviyo: "warning",
  "dead jobs": "good",
  lanes: "good",
  "oldest pending job": "good",
} as const;
/** The machine that runs the tests is not what they are about. */
const OF_THE_MACHINE = { "free space": expect.any(String), "file system": expect.any(String) };

test("a new server has warnings only", async () => {
  using server = await newServer();
  const { status, states } = await server.doctor();
  expect(states).toEqual({ ...FRESH, ...OF_THE_MACHINE });
  expect(status).toBe(0);
});

test("each line says how it is and what to do", async () => {
  using server = await newServer();
  const { stdout } = await cli("doctor", "--data", server.dataDir, "--public-url", PUBLIC_URL);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^good {5}public URL +https:\/\/passes\.example\.com$/);
  expect(stdout).toMatch(/^warning {2}certificate .*: passhook certificate request$/m);
  expect(stdout).toMatch(/^warning {2}Klaviyo .*passhook klaviyo connect --key-file FILE$/m);
  expect(lines.at(-1)).toMatch(/^Problems: 0\. Warnings: \d\.$/);
});

test.each([
  ["http://passes.example.com", "not https"],
  ["https://localhost:8443", "cannot be reached by phones"],
  ["https://192.168.1.20", "cannot be reached by phones"],
])("a public URL of %s is a problem", async (publicUrl, reason) => {
  using server = await newServer();
  const { status, states, detailOf } = await server.doctor("--public-url", publicUrl);
  expect(states["public URL"]).toBe("problem");
  expect(detailOf("public URL")).toContain(reason);
  expect(status).toBe(1);
});

test("nothing is made where there is nothing yet", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const { status, states } = await doctor("--data", dataDir, "--public-url", PUBLIC_URL);
  expect(states).toMatchObject({ "data folder": "warning", "master key": "warning", database: "warning" });
  expect(status).toBe(0);
  expect(existsSync(dataDir)).toBe(false);
});

test("a data folder that others can read is a problem", async () => {
  using server = await newServer();
  chmodSync(server.dataDir, 0o755);
  const { states, detailOf } = await server.doctor();
  expect(states["data folder"]).toBe("problem");
  expect(detailOf("data folder")).toContain(`chmod 700 ${server.dataDir}`);
});

test("a master key that others could read is a warning; one that is missing is a problem, and none is made", async () => {
  using server = await newServer();
  chmodSync(server.masterKey, 0o644);
  expect((await server.doctor()).states["master key"]).toBe("warning");

  rmSync(server.masterKey);
  const { states, detailOf } = await server.doctor();
  expect(states).toMatchObject({ "master key": "problem", "the rest": "warning" });
  expect(detailOf("master key")).toContain("is missing");
  expect(existsSync(server.masterKey)).toBe(false);
});

test("with another master key, every secret that cannot be read is named", async () => {
  using server = await newServer();
  await cliJson("certificate", "request", "--out", server.path, "--data", server.dataDir);
  writeFileSync(server.masterKey, Buffer.alloc(32, 7).toString("base64"));
  const { states, detailOf } = await server.doctor();
  expect(states["stored secrets"]).toBe("problem");
  expect(detailOf("stored secrets")).toMatch(
    /^2 of 2 cannot be read with this master key \(signing identity sid_\w+, certificate request csr_\w+\)/,
  );
  expect(states["template ptk"]).toBe("problem");

  writeFileSync(server.masterKey, "not a key");
  expect((await server.doctor()).detailOf("master key")).toContain("must be 32 bytes");
});

test("a damaged database is a problem", async () => {
  using server = await newServer();
  const bytes = readFileSync(server.database);
  // The middle of the file, after SQLite's own header and schema.
  bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 20_000);
  writeFileSync(server.database, bytes);
  expect((await server.doctor()).states["database"]).toBe("problem");

  writeFileSync(
    server.database,
    "no database at all, but a text that is longer than SQLite's header of 100 bytes. ".repeat(9),
  );
  const { states, detailOf } = await server.doctor();
  expect(states["database"]).toBe("problem");
  expect(detailOf("database")).toContain("cannot be used");
});

test("a database of a newer Passhook is a problem; one that is to be brought up to date is left as it is", async () => {
  using server = await newServer();
  const change = (sql: string) => {
    const client = new SqliteDatabase(server.database);
    client.exec(sql);
    client.close();
  };
  change("INSERT INTO schema_migrations VALUES ('9999_later', 'x', '99.0.0', 0)");
  const newer = await server.doctor();
  expect(newer.states["database"]).toBe("problem");
  expect(newer.detailOf("database")).toContain("newer Passhook (99.0.0)");

  change("DELETE FROM schema_migrations");
  const older = await server.doctor();
  expect(older.states).toMatchObject({ migrations: "warning", "the rest": "warning" });
  expect(older.status).toBe(0);
  const client = new SqliteDatabase(server.database, { readonly: true });
  expect(client.prepare("SELECT count(*) AS n FROM schema_migrations").get()).toEqual({ n: 0 });
  client.close();
});

test("network file systems are problems, others behind which a network may be are warnings", () => {
  expect(checkFileSystem(0x6969, "linux")).toMatchObject({ state: "problem", detail: expect.stringContaining("NFS") });
  expect(checkFileSystem(0xff534d42 | 0, "linux")).toMatchObject({ state: "problem" });
  expect(checkFileSystem(0x65735546, "linux")).toMatchObject({ state: "warning" });
  expect(checkFileSystem(0xef53, "linux")).toMatchObject({ state: "good" });
  expect(checkFileSystem(0x6969, "darwin")).toMatchObject({ state: "good" });
});

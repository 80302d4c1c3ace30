import { expect, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { systemClock } from "../src/clock.ts";
import { startTestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { passhookJson } from "./support/cli-process.ts";
import { createFakeClock, TEST_NOW } from "./support/clock.ts";
import { phone } from "./support/phone.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/*
 * A backup is made while the server works, and brings back what was true then: on another machine too, with the master
 * key. What phones and Klaviyo have learned since is not told to them under the same number again.
 */

interface Made {
  readonly file: string;
  readonly bytes: number;
  readonly removed: readonly string[];
}
interface Restored {
  readonly before: string | null;
  readonly passes: number;
}

interface Check {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
}

/** What `doctor` says of one thing; of others it may complain. */
async function checkOf(name: string, data: readonly string[]): Promise<Check | undefined> {
  const { stdout } = await cli("doctor", "--json", ...data);
  return (JSON.parse(stdout) as { checks: Check[] }).checks.find((check) => check.name === name);
}

/** A data folder on a new machine: nothing but the master key. */
function newMachine(dataDir: string, from: string): string[] {
  mkdirSync(join(dataDir, "secrets"), { recursive: true, mode: 0o700 });
  cpSync(join(from, "secrets", "master.key"), join(dataDir, "secrets", "master.key"));
  return ["--data", dataDir];
}

test("clears away what a killed one has left, and nothing that may still be written", async () => {
  using folder = temporaryFolder();
  await using shop = await startTestApp();
  const partial = (time: string) => join(folder.path, `passhook-20261120T${time}Z.db.partial`);
  for (const time of ["031500", "041500"]) writeFileSync(partial(time), "half a database");
  const twoHoursAgo = new Date(systemClock.now() - 2 * 3_600_000);
  utimesSync(partial("031500"), twoHoursAgo, twoHoursAgo);
  const { file } = await cliJson<Made>("backup", folder.path, "--data", shop.dataDir);
  expect(
    readdirSync(folder.path)
      .map((name) => join(folder.path, name))
      .toSorted(),
  ).toEqual([partial("041500"), file]);
});

test("made under load it holds what was answered before, and starts a server elsewhere", async () => {
  using folder = temporaryFolder();
  await using shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const issue = (n: number) =>
    shop.issue({ passTemplate: template, pass: {}, recipient: { email: `person-${n}@example.com` } });
  const before = await Promise.all(Array.from({ length: 50 }, (_, n) => issue(n)));
  let isMade = false;
  const backup = passhookJson<Made>(["backup", folder.path, "--data", shop.dataDir]).finally(() => {
    isMade = true;
  });
  let n = before.length;
  while (!isMade) await Promise.all([issue(n++), issue(n++)]);
  const { file, bytes } = await backup;
  expect([statSync(file).size, statSync(file).mode & 0o777]).toEqual([bytes, 0o600]);
  expect(readdirSync(folder.path)).toHaveLength(1);

  const dataDir = join(folder.path, "new machine");
  const data = newMachine(dataDir, shop.dataDir);
  const { passes, before: none } = await cliJson<Restored>("restore", file, ...data);
  expect(passes).toBeGreaterThanOrEqual(before.length);
  expect(none).toBeNull();
  await using restored = await startTestApp({ dataDir });
  for (const { serialNumber } of before) expect((await restored.app.links.load(serialNumber)).pass.version).toBe(1);
  expect((await restored.app.links.load(before[0]?.serialNumber ?? "")).recipient.email).toBe("person-0@example.com");
  expect(await checkOf("database", data)).toMatchObject({ state: "good" });
});

test("phones and Klaviyo are told of what changes after it was restored", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const clock = createFakeClock();
  const data = ["--data", dataDir];
  let [serial, template, tag, eventId] = ["", "", "", 0];
  let file = "";
  {
    await using shop = await startTestApp({ dataDir, clock });
    template = await shop.pushGallery("points-card");
    const body = { passTemplate: template, pass: {}, recipient: { email: "sarah@example.com" } };
    serial = (await shop.issue(body)).serialNumber;
    await phone(shop, serial).register();
    ({ file } = await cliJson<Made>("backup", ...data));
    for (const points of ["1", "2", "3"]) {
      clock.advance(1_000);
      await shop.issue({ ...body, pass: { "points-balance": points } });
    }
    ({ lastUpdated: tag } = (await (await phone(shop, serial).changes()).json()) as { lastUpdated: string });
    eventId = lastEventId(dataDir);
  }
  const { before } = await cliJson<Restored>("restore", file, ...data);
  expect(before && existsSync(before)).toBe(true);
  await using shop = await startTestApp({ dataDir, clock });
  expect((await shop.app.links.load(serial)).pass.values["points-balance"]).not.toBe("3");
  clock.advance(1_000);
  await shop.issue({
    ...{ passTemplate: template, recipient: { email: "sarah@example.com" } },
    pass: { "points-balance": "4" },
  });
  expect(await (await phone(shop, serial).changes(tag)).json()).toMatchObject({ serialNumbers: [serial] });
  expect(lastEventId(dataDir)).toBeGreaterThan(eventId);
});

function lastEventId(dataDir: string): number {
  const client = new SqliteDatabase(join(dataDir, "passhook.db"), { readonly: true });
  const row = client.prepare<[], { id: number }>("SELECT max(id) id FROM pass_events").get();
  client.close();
  return row?.id ?? 0;
}

test("is not restored under a server that runs, and nothing else is taken for one", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const data = ["--data", dataDir];
  const { file } = await (async () => {
    await using shop = await startTestApp({ dataDir });
    const made = await cliJson<Made>("backup", ...data);
    await shop.pushGallery("points-card");
    const refused = await cli("restore", made.file, ...data);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("Stop the server first.")]);
    expect((await shop.app.templates.list(shop.accountId, { limit: 10 })).items).toHaveLength(1);
    return made;
  })();

  const whole = readFileSync(file);
  const bad = {
    garbage: Buffer.from("no database".repeat(1_000)),
    "cut short": whole.subarray(0, whole.length / 2),
    empty: Buffer.alloc(0),
  };
  for (const [name, bytes] of Object.entries(bad)) {
    const path = join(folder.path, `${name}.db`);
    writeFileSync(path, bytes);
    const { status, stderr } = await cli("restore", path, ...data);
    expect([name, status, stderr]).toEqual([name, 1, expect.stringMatching(/no backup of Passhook|is damaged/)]);
  }
  const missing = await cli("restore", join(folder.path, "none.db"), ...data);
  expect(missing.stderr).toContain("There is no file");

  const newer = join(folder.path, "newer.db");
  cpSync(file, newer);
  const client = new SqliteDatabase(newer);
  client.exec("INSERT INTO schema_migrations VALUES ('9999_later', 'x', '9.9.9', 0)");
  client.close();
  expect((await cli("restore", newer, ...data)).stderr).toContain("made by a newer Passhook (9.9.9)");

  const elsewhere = ["--data", join(folder.path, "elsewhere")];
  expect((await cli("restore", file, ...elsewhere)).stderr).toContain("master.key is missing");
  const { status, stderr } = await cli("restore", file, ...elsewhere, "--master-key", "ab".repeat(32));
  expect([status, stderr]).toEqual([1, expect.stringContaining("cannot be read with this master key")]);
});

test("takes the place of a damaged database, of which nothing is left to be read by mistake", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const data = ["--data", dataDir];
  const { file } = await (async () => {
    await using shop = await startTestApp({ dataDir });
    await shop.pushGallery("points-card");
    return cliJson<Made>("backup", ...data);
  })();
  const database = join(dataDir, "passhook.db");
  const whole = readFileSync(database);
  writeFileSync(database, whole.fill(0xff, 0, 8_192));
  writeFileSync(`${database}-wal`, "of the damaged one");
  const { before } = await cliJson<Restored>("restore", file, ...data);
  expect(readFileSync(before ?? "").equals(whole)).toBe(true);
  await using shop = await startTestApp({ dataDir });
  expect((await shop.app.templates.list(shop.accountId, { limit: 10 })).items).toHaveLength(1);
});

test("the newest are kept, and the last one is known", async () => {
  using folder = temporaryFolder();
  const dataDir = join(folder.path, "data");
  const data = ["--data", dataDir];
  await using shop = await startTestApp({ dataDir });
  const into = join(folder.path, "backups");
  mkdirSync(into);
  for (const name of ["passhook-20250101T000000Z.db", "passhook-20250102T000000Z.db", "passhook.db", "notes.txt"])
    writeFileSync(join(into, name), "");
  const { file, removed } = await cliJson<Made>("backup", into, "--keep", "2", ...data);
  expect(removed).toEqual([join(into, "passhook-20250101T000000Z.db")]);
  expect(readdirSync(into).map((name) => join(into, name))).toEqual(
    expect.arrayContaining([file, join(into, "passhook-20250102T000000Z.db"), join(into, "notes.txt")]) as string[],
  );
  expect(await checkOf("backup", data)).toEqual({
    name: "backup",
    state: "good",
    detail: expect.stringContaining(file) as string,
  });
  writeFileSync(join(dataDir, "last-backup.json"), JSON.stringify({ file, bytes: 1, at: TEST_NOW - 9 * 86_400_000 }));
  expect(await checkOf("backup", data)).toMatchObject({ state: "warning" });
  expect((await cli("backup", "--data", join(folder.path, "nowhere"))).stderr).toContain("There is no database");
  expect((await cli("backup", "--keep", "0", ...data)).status).toBe(2);
  expect(shop.accountId).not.toBe("");
});

import { expect, test } from "bun:test";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "../src/cli/program.ts";
import { startFakeKlaviyo } from "./support/app.ts";
import type { Job, Result } from "./support/bulk.ts";
import { cli, cliJson } from "./support/cli.ts";
import { passhookJson } from "./support/cli-process.ts";
import { prepareShop } from "./support/prepared-shop.ts";
import { freePort, startServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface Listed {
  readonly items: readonly { readonly serialNumber: string; readonly email: string; readonly status: string }[];
}

async function startShop() {
  const folder = temporaryFolder();
  const data = ["--data", join(folder.path, "data")];
  await cliJson("account", "create", "--name", "Shop", ...data);
  await cliJson("template", "init", "points-card", join(folder.path, "card"), ...data);
  const { id } = await cliJson<{ id: string }>("template", "push", join(folder.path, "card"), ...data);
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder.path, name), content);
    return join(folder.path, name);
  };
  return { folder, data, template: id, file };
}

test("a file is issued and updated without a server, line by line", async () => {
  const { folder, data, template, file } = await startShop();
  using _ = folder;
  const csv = file(
    "new.csv",
    "email,name,points-balance\nann@example.com,Ann,1\nben@example.com,Ben,many\ncleo@example.com,,3\n",
  );
  const results = join(folder.path, "results.ndjson");
  const run = await cli("pass", "issue", "--csv", csv, "--template", template, "--results", results, ...data);
  expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("1 of 3 lines were not done.")]);
  expect(run.stdout).toMatch(/done +2\nfailed +1/);
  expect(run.stdout).toMatch(/line 3: .*points-balance must be a number/);
  expect(run.stderr).toContain("3 of 3 lines\n");
  const written = readFileSync(results, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Result);
  expect(written.map(({ line, state }) => [line, state])).toEqual([
    [2, "done"],
    [3, "failed"],
    [4, "done"],
  ]);
  expect(statSync(results).mode & 0o077).toBe(0);

  const changes = file(
    "changes.ndjson",
    `{"serialNumber":"${written[0]?.serialNumber}","pass":{"points-balance":"50"}}\n`,
  );
  const job = await cliJson<Job>("pass", "update", "--ndjson", changes, ...data);
  expect(job).toMatchObject({ state: "done", total: 1, done: 1, failed: 0 });
  const shown = await cliJson<{ pass: Record<string, string> }>(
    "pass",
    "show",
    written[0]?.serialNumber ?? "",
    ...data,
  );
  expect(shown.pass["points-balance"]).toBe("50");
});

test("wrong use, and a file that is not there", async () => {
  const { folder, data, template, file } = await startShop();
  using _ = folder;
  const csv = file("new.csv", "email\n");
  for (const [words, status, reason] of [
    [["issue", "--csv", csv, "--ndjson", csv], 2, /not both/],
    [["issue"], 2, /give --template ID/],
    [["issue", "--csv", csv, "--template", template, "--email", "a@b.cd"], 2, /a file says itself/],
    [["issue", "--csv", csv, "--template", template, "--field", "a=b"], 2, /a file says itself/],
    [["update", "0".repeat(26), "--csv", csv], 2, /a file says itself/],
    [["update"], 2, /give --field NAME=VALUE, .*--csv FILE or --ndjson FILE/],
    [["issue", "--csv", csv], 1, /needs a template/],
    [["issue", "--csv", join(folder.path, "nowhere.csv"), "--template", template], 1, /ENOENT.*nowhere\.csv/],
    [["issue", "--csv", csv, "--template", template], 1, /no line that says anything/],
  ] as const) {
    const run = await cli("pass", ...words, ...data);
    expect([words, run.status, run.stderr]).toEqual([words, status, expect.stringMatching(reason)]);
  }
});

test("on a terminal a bar shows how far it is", async () => {
  const { folder, data, template, file } = await startShop();
  using _ = folder;
  const csv = file("new.csv", "email\nann@example.com\n");
  let stderr = "";
  const status = await runCli(["pass", "issue", "--csv", csv, "--template", template, ...data], {
    stdout: () => {},
    stderr: (text) => {
      stderr += text;
    },
    env: {},
    stderrIsTty: true,
  });
  expect(status).toBe(0);
  expect(stderr).toContain("\r[##############################] 1 of 1");
});

test("while a server is at work, it and the command share the lines, and none is done twice", async () => {
  using folder = temporaryFolder();
  await using klaviyo = await startFakeKlaviyo();
  const { dataDir, env, templates } = await prepareShop(join(folder.path, "data"), klaviyo, ["event-ticket"]);
  await using _server = await startServerProcess({ dataDir, port: await freePort(), env });
  const line = JSON.stringify({
    pass: { "event-name": "Strings after Dark", venue: "Lantern Hall", "starts-at": "2026-11-21T19:30" },
  });
  const file = join(folder.path, "tickets.ndjson");
  writeFileSync(file, `${line}\n`.repeat(500));
  const template = templates["event-ticket"] ?? "";
  const run = <T>(...args: string[]) => passhookJson<T>([...args, "--data", dataDir], { env });
  const job = await run<Job>("pass", "issue", "--ndjson", file, "--template", template);
  expect(job).toMatchObject({ total: 500, done: 500, failed: 0 });
  expect((await run<Listed>("pass", "list", "--limit", "1000")).items).toHaveLength(500);
}, 60_000);

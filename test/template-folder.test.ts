import { expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../src/templates/placeholders.ts";
import { cli, cliJson } from "./support/cli.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

test("a folder that was pushed, pulled and pushed again is the same", async () => {
  using folder = temporaryFolder();
  const data = ["--data", join(folder.path, "data")];
  const [mine, pulled] = [join(folder.path, "mine"), join(folder.path, "pulled")];
  await cliJson("account", "create", "--name", "Shop", ...data);
  await cliJson("template", "init", "event-ticket", mine);
  const pushed = await cliJson<{ id: string; version: number }>("template", "push", mine, ...data);
  expect(pushed.version).toBe(1);
  await cliJson("template", "pull", pushed.id, pulled, ...data);

  const content = (dir: string) =>
    readdirSync(dir, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.\w+$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(dir, name)).toString("base64")]);
  expect(content(pulled)).toEqual(content(mine));
  expect(JSON.parse(readFileSync(join(mine, "template.json"), "utf8"))).toMatchObject({ id: pushed.id });
  expect(await cliJson("template", "push", pulled, ...data)).toMatchObject({ id: pushed.id, version: 2 });
  // Neither writes over what is there.
  expect(await cli("template", "pull", pushed.id, mine, ...data)).toMatchObject({ status: 1 });
  expect(await cli("template", "init", "coupon", mine)).toMatchObject({ status: 1 });
});

test("lint lists every problem, in text and in JSON, and fails", async () => {
  using folder = temporaryFolder();
  const dir = join(folder.path, "card");
  await cliJson("template", "init", "points-card", dir);
  expect(await cliJson<{ ok: boolean }>("template", "lint", dir)).toMatchObject({ ok: true, problems: [] });
  const path = join(dir, "template.json");
  const definition = JSON.parse(readFileSync(path, "utf8")) as unknown;
  if (!isObject(definition)) throw new Error("no object");
  writeFileSync(path, JSON.stringify({ ...definition, style: "coupon", timeZone: "Mars" }));
  const { status, stdout, stderr } = await cli("template", "lint", dir, "--json");
  expect(status).toBe(1);
  const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: { path: string }[] };
  expect([ok, problems.map((problem) => problem.path).sort()]).toEqual([
    false,
    ["pass.coupon", "pass.storeCard", "timeZone"],
  ]);
  expect(stderr).toContain("has 3 problems");
  expect((await cli("template", "lint", dir)).stdout).toContain("timeZone: ");
});

test("the name of a schema for editors is no part of the template, and stays in the file", async () => {
  using folder = temporaryFolder();
  const data = ["--data", join(folder.path, "data")];
  const dir = join(folder.path, "card");
  await cliJson("account", "create", "--name", "Shop", ...data);
  await cliJson("template", "init", "points-card", dir);
  const path = join(dir, "template.json");
  const definition = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(path, JSON.stringify({ $schema: "./schema.json", ...definition }));
  expect(await cliJson("template", "push", dir, ...data)).toMatchObject({ version: 1 });
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ $schema: "./schema.json" });
});

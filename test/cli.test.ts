import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Command } from "commander";
import { createProgram } from "../src/cli/program.ts";
import { flagOf, SETTING_NAMES } from "../src/config.ts";
import { cli, cliJson, cliWith } from "./support/cli.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();
const data = ["--data", join(folder.path, "data")];

beforeAll(async () => {
  await cliJson("account", "create", "--name", "Shop", ...data);
});
afterAll(() => folder[Symbol.dispose]());

/** Every command that does something, as words. */
function commandsOf(parent: Command, words: readonly string[] = []): { words: readonly string[]; command: Command }[] {
  return parent.commands.flatMap((command) => {
    const here = [...words, command.name()];
    return command.commands.length > 0 ? commandsOf(command, here) : [{ words: here, command }];
  });
}
const program = createProgram({ stdout: () => {}, stderr: () => {}, env: {}, stderrIsTty: false });
const COMMANDS = commandsOf(program).map(({ words, command }) => [words.join(" "), command] as const);

describe("every command", () => {
  test("is there", () => {
    expect(COMMANDS.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        ...[
          "serve",
          "migrate",
          "config",
          "readyz",
          "version",
          "account create",
          "account list",
          "key create",
          "key list",
        ],
        ...["key revoke", "template init", "template push", "template pull", "template list", "template lint"],
        ...["certificate import", "certificate list", "klaviyo connect", "klaviyo status", "pass issue", "pass show"],
        ...["pass list", "pass download", "pass rejected", "outbox list", "outbox retry"],
        ...["pass expire", "pass unexpire", "pass export", "recipient show", "recipient erase", "recipient erasures"],
      ]) as unknown as string[],
    );
  });

  test.each(COMMANDS)("%s: has help, takes --json and the settings", async (name, command) => {
    const { status, stdout, stderr } = await cli(...name.split(" "), "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toStartWith(`Usage: passhook ${name}`);
    expect(stdout).toContain("--json");
    for (const setting of SETTING_NAMES) expect(stdout).toContain(flagOf(setting));
    expect(command.description()).not.toBe("");
  });

  test.each(COMMANDS)("%s: refuses an option that it does not know", async (name, command) => {
    const needed = command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? "", "x"]);
    const { status, stdout, stderr } = await cli(...name.split(" "), ...needed, "--jsno");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("--jsno");
    expect(stderr).toContain("(Did you mean --json?)");
  });

  test.each(["", "account", "key", "template", "certificate", "klaviyo", "pass", "recipient", "outbox"])(
    "help of the group %j",
    async (group) => {
      const { status, stdout } = await cli(...(group === "" ? [] : [group]), "--help");
      expect(status).toBe(0);
      expect(stdout).toContain("Commands:");
    },
  );
});

describe("wrong use ends with 2", () => {
  test.each<[string, RegExp]>([
    ["acount list", /unknown command "acount" \(did you mean "account"\?\)/],
    ["frobnicate", /unknown command "frobnicate"\. Commands: serve, account/],
    ["pass lst", /unknown command 'lst'\s+\(Did you mean list\?\)/],
    ["pass", /Usage: passhook pass/],
    ["pass list superfluous", /too many arguments/],
    ["pass show", /missing required argument 'serial'/],
    ["account create", /required option '--name <name>' not specified/],
    ["account update", /Say what to change/],
    ["account update --external-id keep", /Allowed choices are set, leave/],
    ["pass list --limit 0", /must be a whole number from 1 to 1000/],
    ["pass list --limit many", /must be a whole number/],
    ["pass list --limit", /argument missing/],
    ["outbox list --state asleep", /Allowed choices are waiting, ready, leased, dead/],
    ["outbox retry", /give a job's id, or --all/],
    ["outbox retry 1 --all", /give a job's id, or --all/],
    ["outbox retry one", /"one" is not the id of a job/],
    ["pass issue --template ptk_0x1 --field name", /write NAME=VALUE/],
    ["template init no-such-template x", /there is no gallery template "no-such-template"\. There are: points-card/],
    ["certificate import --p12 a --cert b", /give --p12 FILE, or/],
  ])("%s", async (line, message) => {
    const { status, stdout, stderr } = await cli(...line.split(" "), ...data);
    expect(stderr).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});

describe("a failure ends with 1, with its reason on stderr alone", () => {
  test.each<[string, RegExp]>([
    ["pass show 00000000000000000000000000", /There is no such pass/],
    ["template pull ptk_0xffff x", /There is no template "ptk_0xffff"/],
    ["template push /nowhere", /\/nowhere\/template\.json does not exist\. Begin with: passhook template init/],
    ["key list --account aid_0xffff", /There is no account aid_0xffff/],
    ["key revoke abcdefgh", /There is no key abcdefgh/],
    ["outbox retry 99999", /There is no dead job 99999/],
    ["klaviyo connect --key-file /nowhere", /nowhere/],
    [
      "readyz --listen 127.0.0.1:1",
      /No server answers at http:\/\/127\.0\.0\.1:1\/readyz.*Start it with: passhook serve/,
    ],
    ["config --listen nowhere", /PASSHOOK_LISTEN: "nowhere" is not ADDRESS:PORT/],
  ])("%s", async (line, message) => {
    for (const json of [[], ["--json"]]) {
      const { status, stdout, stderr } = await cli(...line.split(" "), ...data, ...json);
      expect(stderr).toMatch(message);
      expect(stderr).toStartWith("passhook: ");
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    }
  });

  test("a mistyped name in the environment stops every command", async () => {
    const { status, stdout, stderr } = await cliWith({ PASSHOOK_DATE: "x" }, "pass", "list");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain('PASSHOOK_DATE: is not a setting (did you mean "PASSHOOK_DATA"?)');
  });

  test("a database without an account says what to do", async () => {
    const { status, stderr } = await cli("pass", "list", "--data", join(folder.path, "empty"));
    expect(status).toBe(1);
    expect(stderr).toContain("Make one with: passhook account create --name NAME");
  });
});

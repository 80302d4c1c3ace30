import type { Command } from "commander";
import { passObject } from "../api/pass-object.ts";
import { UsageError } from "../errors.ts";
import { type CliIo, command, textOption } from "./context.ts";
import { facts, print } from "./output.ts";
import { collect, ownPass, parseFields } from "./pass-arguments.ts";

/** `pass update` and `pass delete`. */
export function passChangeCommands(io: CliIo, program: Command): void {
  const pass = program.commands.find((known) => known.name() === "pass") ?? program.command("pass");

  command(
    io,
    pass,
    "update <serial>",
    "give fields new values, or mark the pass as no longer good",
    async ({ output, withApp }, [serial = ""], options) => {
      const given = parseFields(options["field"]);
      const voided = options["void"] === true ? true : options["unvoid"] === true ? false : undefined;
      if (given.size === 0 && voided === undefined)
        throw new UsageError("give --field NAME=VALUE, --void or --unvoid.");
      const updated = await withApp(async (app) => {
        const { account } = await ownPass(app, serial, textOption(options, "account"));
        const reference = { accountId: account.id, serial };
        const mode = options["replace"] === true ? "replace" : "merge";
        if (given.size > 0) await app.updater.update(reference, { given, mode });
        if (voided !== undefined) await app.updater.setVoided(reference, voided);
        const { pass: now, template } = await app.updater.find(reference);
        return { ...passObject(now, template, app.config.publicUrl), version: now.version };
      });
      print(output, updated, () =>
        facts([
          ["serial", updated.serialNumber],
          ["status", updated.status],
          ["version", updated.version],
        ]),
      );
    },
  )
    .option("--field <name=value>", "a field of the template; may be repeated", collect, [])
    .option("--replace", "fields that are not given lose their values")
    .option("--void", "phones show the pass as void")
    .option("--unvoid", "it is good again")
    .option("--account <id>", "account (default: the pass's own)");

  command(
    io,
    pass,
    "delete <serial>",
    "end a pass for good: phones show it void, its link leads nowhere",
    async ({ output, withApp }, [serial = ""], options) => {
      const deleted = await withApp(async (app) => {
        const { account } = await ownPass(app, serial, textOption(options, "account"));
        const { pass: now, template } = await app.updater.remove({ accountId: account.id, serial });
        return passObject(now, template, app.config.publicUrl);
      });
      print(output, deleted, () => `Pass ${deleted.serialNumber} is deleted.`);
    },
  ).option("--account <id>", "account (default: the pass's own)");
}

import type { Command } from "commander";
import { passObject } from "../api/pass-object.ts";
import type { App } from "../app.ts";
import { UsageError } from "../errors.ts";
import type { PassReference } from "../passes/references.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import { type CliIo, command, textOption } from "./context.ts";
import { facts, print } from "./output.ts";
import { collect, parseFields, personOptions, referenceOf } from "./pass-arguments.ts";
import { bulkOptions, namedFile, runFile } from "./pass-bulk.ts";

/** `pass update`, `pass void`, `pass expire`, their undoing, and `pass delete`. */
export function passChangeCommands(io: CliIo, program: Command): void {
  const pass = program.commands.find((known) => known.name() === "pass") ?? program.command("pass");

  const update = personOptions(
    command(
      io,
      pass,
      "update [serial]",
      "give fields new values, or do what a file says",
      async (context, [serial], options) => {
        const file = namedFile(options, serial);
        if (file) return runFile(io, context, options, "update", file);
        const { output, withApp } = context;
        const given = parseFields(options);
        if (given.size === 0)
          throw new UsageError("give --field NAME=VALUE, --add NAME=NUMBER, --csv FILE or --ndjson FILE.");
        const mode = options["replace"] === true ? "replace" : "merge";
        const idempotencyKey = textOption(options, "idempotencyKey");
        const updated = await withApp(async (app) => {
          const reference = await referenceOf(app, serial, options);
          return shown(app, await app.updater.update(reference, { given, mode, idempotencyKey }));
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
      .option("--add <name=number>", "add to a number, or take from it with a minus; may be repeated", collect, [])
      .option("--replace", "fields that are not given lose their values")
      .option("--idempotency-key <key>", "the same key again changes nothing"),
  );
  bulkOptions(update);

  const changes: readonly [string, string, string, (app: App, reference: PassReference) => Promise<WholePass>][] = [
    ["void", "phones show the pass as void", "is void", (app, reference) => app.updater.setVoided(reference, true)],
    ["unvoid", "a void pass is good again", "is good", (app, reference) => app.updater.setVoided(reference, false)],
    ["expire", "make a pass expire now", "is expired", (app, reference) => app.updater.setExpired(reference, true)],
    [
      "unexpire",
      "give a pass its date back",
      "has its date back",
      (app, reference) => app.updater.setExpired(reference, false),
    ],
    [
      "delete",
      "end a pass for good: phones show it void, its link leads nowhere",
      "is deleted",
      (app, reference) => app.updater.remove(reference),
    ],
  ];
  for (const [name, description, outcome, change] of changes) {
    personOptions(
      command(io, pass, `${name} [serial]`, description, async ({ output, withApp }, [serial], options) => {
        const changed = await withApp(async (app) =>
          shown(app, await change(app, await referenceOf(app, serial, options))),
        );
        print(output, changed, () => `Pass ${changed.serialNumber} ${outcome}.`);
      }),
    );
  }
}

const shown = (app: App, { pass, template }: WholePass) => ({
  ...passObject(pass, template, app.config.publicUrl, app.clock.now()),
  version: pass.version,
});

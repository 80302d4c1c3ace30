import { Command, CommanderError } from "commander";
import { didYouMean } from "../did-you-mean.ts";
import { UsageError } from "../errors.ts";
import { accountCommands } from "./account.ts";
import { adminCommands } from "./admin.ts";
import { backupCommands } from "./backup.ts";
import { certificateCommands } from "./certificate.ts";
import { addSettings, type CliIo, errorText } from "./context.ts";
import { doctorCommand } from "./doctor.ts";
import { keyCommands } from "./key.ts";
import { klaviyoCommands } from "./klaviyo.ts";
import { outboxCommands } from "./outbox.ts";
import { passCommands } from "./pass.ts";
import { passChangeCommands } from "./pass-change.ts";
import { passRejectedCommands } from "./pass-rejected.ts";
import { passSearchCommands } from "./pass-search.ts";
import { recipientCommands } from "./recipient.ts";
import { serveCommand } from "./serve.ts";
import { systemCommands } from "./system.ts";
import { templateCommands } from "./template.ts";
import { webhookCommands } from "./webhook.ts";

/**
 * Runs one command line. Resolves to the exit status: 0 good, 1 failed, 2 wrong use. Results go to stdout, all else to
 * stderr.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    const program = createProgram(io);
    refuseUnknownCommand(program, argv);
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.stderr(errorText(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

export function createProgram(io: CliIo): Command {
  const program = new Command("passhook")
    .description(
      "Klaviyo flows become Apple Wallet passes, on a server of your own.\nWithout a command, the server starts.",
    )
    .helpOption("-h, --help", "show what a command takes")
    .helpCommand(false)
    .showHelpAfterError("(--help shows what it takes)")
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  program.option("--json", "print one JSON document");
  addSettings(program);
  for (const add of [
    serveCommand,
    accountCommands,
    adminCommands,
    keyCommands,
    templateCommands,
    certificateCommands,
    klaviyoCommands,
    passCommands,
    passChangeCommands,
    passRejectedCommands,
    passSearchCommands,
    recipientCommands,
    webhookCommands,
    outboxCommands,
    doctorCommand,
    backupCommands,
    systemCommands,
  ]) {
    add(io, program);
  }
  strictEverywhere(program);
  return program;
}

/** Commander settings that subcommands do not take over from their parent when they are made by `command()`. */
function strictEverywhere(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent).helpOption("-h, --help", "show what it takes").allowExcessArguments(false);
    strictEverywhere(child);
  }
}

/** The default command would otherwise take a mistyped name for an argument of its own. */
function refuseUnknownCommand(program: Command, argv: readonly string[]): void {
  const [first] = argv;
  if (first === undefined || first.startsWith("-")) return;
  const known = program.commands.map((command) => command.name());
  if (!known.includes(first)) {
    throw new UsageError(`unknown command "${first}"${didYouMean(first, known)}. Commands: ${known.join(", ")}.`);
  }
}

import { type Command, InvalidArgumentError } from "commander";
import { type App, createApp } from "../app.ts";
import { flagOf, type Resolved, resolveConfig, SETTING_NAMES, SETTINGS, type SettingName } from "../config.ts";
import { describeError } from "../errors.ts";
import { createLog, type Log } from "../log.ts";
import type { PageRequest } from "../page.ts";
import type { Output } from "./output.ts";

/** What the surroundings give a command. */
export interface CliIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderrIsTty: boolean;
}

/** What every command works with. */
export interface CommandContext {
  readonly output: Output;
  readonly resolved: Resolved;
  readonly log: Log;
  /** Opens the database, runs `work`, and closes again. */
  withApp<T>(work: (app: App) => Promise<T>): Promise<T>;
}

export type Options = Readonly<Record<string, unknown>>;

/**
 * Gives a command the settings as flags and `--json`, and runs it with its context. Every command of the program is
 * declared through this one function.
 */
export function command(
  io: CliIo,
  parent: Command,
  nameAndArguments: string,
  description: string,
  run: (context: CommandContext, args: readonly string[], options: Options) => Promise<void>,
  options: { readonly isDefault?: boolean } = {},
): Command {
  const added = parent.command(nameAndArguments, { ...options }).description(description);
  // A command's own options come first in its help; the settings are the same everywhere.
  added.optionsGroup("Options:").option("--json", "print one JSON document");
  addSettings(added);
  added.optionsGroup("Options:");
  added.action(async (...given: unknown[]) => {
    const all = added.optsWithGlobals<Options>();
    // Commander gives the arguments, then the options, then the command.
    const args = given
      .slice(0, -2)
      .flat()
      .filter((arg): arg is string => typeof arg === "string");
    await run(contextOf(io, all), args, all);
  });
  return added;
}

/** The settings as options, from their one table. */
export function addSettings(to: Command): void {
  to.optionsGroup("Settings (also as PASSHOOK_… in the environment):");
  for (const name of SETTING_NAMES) {
    const { meaning, fallback } = SETTINGS[name];
    const note = fallback === null ? "" : ` (default: ${fallback})`;
    to.option(`${flagOf(name)} <value>`, meaning + note);
  }
}

export function contextOf(io: CliIo, options: Options): CommandContext {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of SETTING_NAMES) {
    // Commander names an option as the setting is named: `--public-url` → `publicUrl`.
    const value = textOption(options, name);
    if (value !== undefined) flags[name] = value;
  }
  const resolved = resolveConfig(flags, io.env);
  const log = createLog({ tty: io.stderrIsTty, now: Date.now, write: io.stderr });
  return {
    resolved,
    log,
    output: { json: options["json"] === true, stdout: io.stdout },
    async withApp(work) {
      await using app = createApp({ ...resolved, log });
      return await work(app);
    },
  };
}

export const errorText = (error: unknown): string => `passhook: ${describeError(error)}\n`;

/** `--limit` and `--after` of every list. */
export function pageOptions(list: Command): Command {
  return list
    .option("--limit <n>", "how many at most", wholeNumber(1_000), 50)
    .option("--after <cursor>", "begin after this one (`next` of the page before)");
}

export const pageOfOptions = (options: Options): PageRequest => ({
  limit: Number(options["limit"]),
  after: textOption(options, "after"),
});

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Reads an option that is a whole number from 1 on. */
export const wholeNumber =
  (most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`must be a whole number from 1${Number.isFinite(most) ? ` to ${most}` : ""}.`);
  };

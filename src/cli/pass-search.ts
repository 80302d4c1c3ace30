import { closeSync, openSync, writeSync } from "node:fs";
import { type Command, Option } from "commander";
import { PASS_FILTERS, type PassFilters, readPassFilters } from "../api/pass-filters.ts";
import { toIso } from "../clock.ts";
import { UsageError } from "../errors.ts";
import { EXPORT_FORMATS } from "../passes/export/export.ts";
import type { FoundPass } from "../passes/search/pass-query.ts";
import { PASS_STATUSES, statusOf } from "../passes/status.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { print, printPage } from "./output.ts";

/** `pass list` and `pass export`. */
export function passSearchCommands(io: CliIo, program: Command): void {
  const pass = program.commands.find((known) => known.name() === "pass") ?? program.command("pass");

  filterOptions(
    pageOptions(
      command(io, pass, "list", "list passes, the newest first", async ({ output, withApp }, _, options) => {
        const page = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(textOption(options, "account"));
          const query = readPassFilters(id, filtersOf(options));
          // As many as it takes to fill the page: nobody else waits for this process.
          const found = await app.data.search.page(query, pageOfOptions(options), Number.POSITIVE_INFINITY);
          return { ...found, items: found.items.map((one) => listItem(one, app.clock.now())) };
        });
        const isNarrowed = Object.values(filtersOf(options)).some((value) => value !== undefined);
        printPage(output, page, isNarrowed ? "No such pass." : "No pass has been issued yet.");
      }),
    ),
  );

  filterOptions(
    command(
      io,
      pass,
      "export",
      "write passes to a file with everything that is known of them",
      async ({ output, withApp }, _, options) => {
        const file = textOption(options, "output");
        if (output.json && file === undefined) throw new UsageError("with --json, name a file: --output FILE.");
        const format = EXPORT_FORMATS.find((known) => known === options["format"]) ?? "csv";
        const characters = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(textOption(options, "account"));
          const text = await app.data.exporter.write(readPassFilters(id, filtersOf(options)), format);
          return writeAll(text, file, output.stdout);
        });
        if (file !== undefined) print(output, { file, format, characters }, () => `${file} is written.`);
      },
    )
      .addOption(new Option("--format <format>", "of the file").choices(EXPORT_FORMATS).default("csv"))
      .option("-o, --output <file>", "where to write it (default: standard output)"),
  );
}

const listItem = (found: FoundPass, now: number) => ({
  serialNumber: found.pass.serial,
  passTemplate: found.pass.templateId,
  status: statusOf(found, now),
  version: found.pass.version,
  createdAt: toIso(found.pass.createdAt),
  name: found.recipient.name,
  email: found.recipient.email,
});

const STATES = `only in this state: ${PASS_STATUSES.join(", ")}; several with commas`;

function filterOptions(to: Command): Command {
  return to
    .option("--template <id>", "only passes of this template")
    .option("--state <state>", STATES)
    .option("--serial <start>", "only whose serial number begins like this")
    .option("--name <start>", "only of people whose name begins like this")
    .option("--email <email>", "only of the person with this address; sarah* for all that begin like this")
    .option("--phone <phone>", "only of the person with this number")
    .option("--external-id <id>", "only of the person with this external id")
    .option("--klaviyo-id <id>", "only of this Klaviyo profile")
    .option("--since <date>", "only issued on this day or later (UTC)")
    .option("--until <date>", "only issued on this day or before (UTC)")
    .option("--account <id>", "account (default: the first)");
}

const filtersOf = (options: Readonly<Record<string, unknown>>): PassFilters =>
  Object.fromEntries(PASS_FILTERS.map((name) => [name, textOption(options, name)]));

/** Answers how many characters were written. */
async function writeAll(
  text: AsyncIterable<string>,
  file: string | undefined,
  stdout: (text: string) => void,
): Promise<number> {
  let characters = 0;
  // It holds addresses: nobody else on the machine needs to read it.
  const target = file === undefined ? undefined : openSync(file, "w", 0o600);
  try {
    for await (const part of text) {
      characters += part.length;
      if (target === undefined) stdout(part);
      else writeSync(target, part);
    }
  } finally {
    if (target !== undefined) closeSync(target);
  }
  return characters;
}

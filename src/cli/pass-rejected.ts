import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { PassAnswer } from "../api/pass-calls.ts";
import { replayable } from "../api/replay.ts";
import { toIso } from "../clock.ts";
import { AppError, messageOf, UsageError } from "../errors.ts";
import { parseDate, toInstant } from "../templates/field-dates.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { print } from "./output.ts";

const HOW_TO_REPLAY = {
  yes: (id: number) => `passhook pass replay ${id}`,
  "with another body": (id: number) => `passhook pass replay ${id} --body-file FILE (what was sent is not kept whole)`,
  no: () => "cannot be replayed",
} as const;

/** `pass rejected` and `pass replay`. */
export function passRejectedCommands(io: CliIo, program: Command): void {
  const pass = program.commands.find((known) => known.name() === "pass") ?? program.command("pass");

  pageOptions(
    command(
      io,
      pass,
      "rejected",
      "calls that were refused for their content, newest first",
      async ({ output, withApp }, _, options) => {
        const page = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(textOption(options, "account"));
          return app.rejected.list(id, pageOfOptions(options));
        });
        const items = page.items.map((one) => ({ ...one, at: toIso(one.at), replayable: replayable(one) }));
        print(output, { ...page, items }, () =>
          items.length === 0
            ? "Nothing was refused."
            : items
                .map(
                  ({ id, at, status, route, error, body, replayable: how }) =>
                    `${id}  ${at}  ${status}  ${route}  ${error}\n  ${body}\n  ${HOW_TO_REPLAY[how](id)}`,
                )
                .join("\n"),
        );
      },
    ).option("--account <id>", "account (default: the first)"),
  );

  command(
    io,
    pass,
    "replay [id]",
    "send a refused call again, or all of an account, oldest first",
    async ({ output, withApp }, [given], options) => {
      if ((given === undefined) === (options["all"] !== true)) throw new UsageError("give the id of a call, or --all.");
      const account = textOption(options, "account");
      if (given === undefined) {
        if (options["bodyFile"] !== undefined) throw new UsageError("--body-file is for one call.");
        const since = parseSince(textOption(options, "since"));
        const replayed = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(account);
          return app.replayer.replayAll(id, since);
        });
        const failed = replayed.filter(({ ok }) => !ok).length;
        const counts = { replayed: replayed.length - failed, failed };
        print(output, { ...counts, items: replayed, next: null }, () =>
          [
            ...replayed.map((one) => `${one.id}  ${one.ok ? describe(one.answer) : one.error}`),
            `${counts.replayed} replayed, ${failed} refused again.`,
          ].join("\n"),
        );
        if (failed > 0) throw new AppError("invalid", `${failed} calls were refused again.`);
        return;
      }
      const id = Number(given);
      if (!Number.isInteger(id)) throw new UsageError(`"${given}" is not the id of a refused call.`);
      if (options["since"] !== undefined) throw new UsageError("--since goes with --all.");
      const body = readBody(textOption(options, "bodyFile"));
      const answer = await withApp(async (app) => {
        const accountId = account === undefined ? undefined : (await app.accounts.resolve(account)).id;
        return app.replayer.replay(id, { accountId, body });
      });
      print(output, answer, () => describe(answer));
    },
  )
    .option("--body-file <file>", "send this body in the place of the one that was kept")
    .option("--all", "every refused call of the account")
    .option("--since <date>", "with --all: only those from then on, such as 2026-11-21 or 2026-11-21T18:30Z")
    .option("--account <id>", "account (default: the call's own; with --all: the first)");
}

function parseSince(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const date = parseDate(given, "UTC");
  if (date === undefined) throw new UsageError(`--since "${given}" is not a date such as 2026-11-21.`);
  return Date.parse(toInstant(date, "UTC", false));
}

function readBody(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new AppError("invalid", `The body cannot be read: ${messageOf(error)}.`);
  }
}

const describe = ({ serialNumber, status }: PassAnswer): string => `Pass ${serialNumber}: ${status}.`;

import { type Command, Option } from "commander";
import { AppError, UsageError } from "../errors.ts";
import { JOB_STATES } from "../outbox/job.ts";
import type { JobRow } from "../outbox/outbox-store.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { print, printPage } from "./output.ts";

/** `outbox`: effects that are still to be had on the outside. */
export function outboxCommands(io: CliIo, program: Command): void {
  const outbox = program.command("outbox").description("jobs that wait, run or have failed for good");
  pageOptions(
    command(io, outbox, "list", "list jobs, oldest first", async ({ output, withApp }, _, options) => {
      const state = JOB_STATES.find((known) => known === options["state"]);
      const page = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.outbox.list({ accountId: id, state }, pageOfOptions(options));
      });
      printPage(output, { ...page, items: page.items.map(jobInfo) }, "Nothing waits.");
    })
      .addOption(new Option("--state <state>", "only jobs in this state").choices(JOB_STATES))
      .option("--account <id>", "account (default: the first)"),
  );

  command(
    io,
    outbox,
    "retry [id]",
    "run a dead job again, or all of them",
    async ({ output, withApp }, [given], options) => {
      if ((given === undefined) === (options["all"] !== true)) throw new UsageError("give a job's id, or --all.");
      const id = given === undefined ? undefined : Number(given);
      if (id !== undefined && !Number.isInteger(id)) throw new UsageError(`"${given}" is not the id of a job.`);
      const revived = await withApp(async (app) => {
        const account = await app.accounts.resolve(textOption(options, "account"));
        return app.outbox.redrive({ accountId: account.id, id }, app.clock.now());
      });
      if (id !== undefined && revived.length === 0) throw new AppError("not_found", `There is no dead job ${id}.`);
      print(output, { items: revived.map(jobInfo), next: null }, () => `${revived.length} jobs run again.`);
    },
  )
    .option("--all", "every dead job of the account")
    .option("--account <id>", "account (default: the first)");
}

const jobInfo = ({ id, kind, orderingKey, state, attempts, lastError, runAt }: JobRow) => ({
  id,
  kind,
  pass: orderingKey,
  state,
  attempts,
  error: lastError,
  runAt: new Date(runAt).toISOString(),
});

import { type Command, Option } from "commander";
import { EXTERNAL_ID_POLICIES } from "../accounts/accounts.ts";
import { UsageError } from "../errors.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `account`. */
export function accountCommands(io: CliIo, program: Command): void {
  const account = program.command("account").description("brands: each has its templates, keys and connection");
  command(io, account, "create", "make an account", async ({ output, withApp }, _, options) => {
    const created = await withApp((app) => app.accounts.create(textOption(options, "name") ?? ""));
    print(output, created, () =>
      facts([
        ["account", created.id],
        ["name", created.name],
      ]),
    );
  }).requiredOption("--name <name>", "name of the brand");

  pageOptions(
    command(io, account, "list", "list accounts", async ({ output, withApp }, _, options) => {
      const page = await withApp((app) => app.accounts.list(pageOfOptions(options)));
      const items = page.items.map(({ id, name }) => ({ id, name }));
      printPage(output, { ...page, items }, "There is no account yet. The first start makes one.");
    }),
  );

  command(io, account, "update", "change an account", async ({ output, withApp }, _, options) => {
    const name = textOption(options, "name");
    const policy = EXTERNAL_ID_POLICIES.find((one) => one === options["externalId"]);
    if (name === undefined && policy === undefined) throw new UsageError("Say what to change: --name, --external-id.");
    const { id, ...changed } = await withApp(async (app) => {
      const { id } = await app.accounts.resolve(textOption(options, "account"));
      return app.accounts.update(id, {
        ...(name === undefined ? {} : { name }),
        ...(policy === undefined ? {} : { externalIdPolicy: policy }),
      });
    });
    const shown = { id, name: changed.name, externalId: changed.externalIdPolicy };
    print(output, shown, () =>
      facts([
        ["account", id],
        ["name", shown.name],
        ["external_id", shown.externalId],
      ]),
    );
  })
    .option("--account <id>", "account (default: the first)")
    .option("--name <name>", "name of the brand")
    .addOption(
      new Option(
        "--external-id <what>",
        "the profile's external_id where a webhook does not say what it holds: set it to the serial number, or leave it",
      ).choices(EXTERNAL_ID_POLICIES),
    );
}

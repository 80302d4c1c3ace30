import type { Command } from "commander";
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
}

import type { Command } from "commander";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `account` and `key`. */
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

  const key = program.command("key").description("API keys (X-API-KEY)");
  command(io, key, "create", "make an API key; it is shown this once", async ({ output, withApp }, _, options) => {
    const created = await withApp(async (app) => {
      const { id } = await app.accounts.resolve(textOption(options, "account"));
      return app.accounts.createKey(id, textOption(options, "label") ?? "");
    });
    print(output, created, () =>
      facts([
        ["X-API-KEY", created.apiKey],
        ["X-ACCOUNT-ID", created.accountId],
        ["key id", created.id],
      ]),
    );
  })
    .option("--account <id>", "account (default: the first)")
    .requiredOption("--label <label>", "what it is for");

  pageOptions(
    command(io, key, "list", "list API keys", async ({ output, withApp }, _, options) => {
      const page = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.accounts.listKeys(id, pageOfOptions(options));
      });
      const items = page.items.map(({ createdAt, revokedAt, ...rest }) => ({
        ...rest,
        createdAt: new Date(createdAt).toISOString(),
        revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
      }));
      printPage(output, { ...page, items }, "There is no key yet. Make one with: passhook key create --label LABEL");
    }).option("--account <id>", "account (default: the first)"),
  );

  command(io, key, "revoke <id>", "make a key invalid at once", async ({ output, withApp }, [id = ""], options) => {
    const revoked = await withApp(async (app) => {
      const account = await app.accounts.resolve(textOption(options, "account"));
      return app.accounts.revokeKey(account.id, id);
    });
    print(output, revoked, () => `Key ${revoked.id} (${revoked.label}) is revoked.`);
  }).option("--account <id>", "account (default: the first)");
}

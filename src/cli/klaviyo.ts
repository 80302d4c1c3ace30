import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { AppError } from "../errors.ts";
import { type CliIo, command, textOption } from "./context.ts";
import { facts, print } from "./output.ts";

/** `klaviyo`: the connection of an account. */
export function klaviyoCommands(io: CliIo, program: Command): void {
  const klaviyo = program.command("klaviyo").description("the connection to Klaviyo");
  command(
    io,
    klaviyo,
    "connect",
    "check a private key and use it for write-backs",
    async ({ output, withApp }, _, options) => {
      const apiKey = readFileSync(textOption(options, "keyFile") ?? "", "utf8").trim();
      if (apiKey === "") throw new AppError("invalid", "The key file is empty.");
      const info = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.connections.connect(id, apiKey);
      });
      print(output, info, () =>
        facts([
          ["connected to", info.organizationName ?? "Klaviyo (the key cannot read the account's name)"],
          ["Klaviyo account", info.klaviyoAccountId],
          ["mode", info.mode],
        ]),
      );
    },
  )
    .requiredOption("--key-file <file>", "file with the private API key (pk_…)")
    .option("--account <id>", "account (default: the first)");

  command(
    io,
    klaviyo,
    "status",
    "mode, what is stopped and why, what the sandbox recorded",
    async ({ output, withApp }, _, options) => {
      const status = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.connections.status(id);
      });
      print(output, status, () =>
        [
          facts([
            ["account", status.accountId],
            ["mode", status.mode === "sandbox" ? "sandbox: requests are recorded, nothing is sent" : "live"],
            ["Klaviyo account", status.klaviyoAccountId],
            ["organization", status.organizationName],
          ]),
          ...status.lanes.map(
            ({ kind, open, closedUntil, alarm }) =>
              `${kind}: ${open ? "open" : `closed until ${closedUntil}`}${alarm ? `. ${alarm}` : ""}`,
          ),
          ...(status.sandboxRequests.length > 0 ? ["", "Last requests that were recorded, not sent:"] : []),
          ...status.sandboxRequests.map(
            ({ at, method, path, body }) => `${at}  ${method} ${path}\n  ${JSON.stringify(body)}`,
          ),
        ].join("\n"),
      );
    },
  ).option("--account <id>", "account (default: the first)");
}

import { type Command, InvalidArgumentError, Option } from "commander";
import type { ApiKeyInfo } from "../accounts/api-key-store.ts";
import { KEY_SCOPES } from "../accounts/permission.ts";
import { systemClock, toIso } from "../clock.ts";
import { parseDate, toInstant } from "../templates/field-dates.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption, wholeNumber } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `key`: who may call the API. */
export function keyCommands(io: CliIo, program: Command): void {
  const key = program.command("key").description("API keys (X-API-KEY)");
  command(io, key, "create", "make an API key; it is shown this once", async ({ output, withApp }, _, options) => {
    const created = await withApp(async (app) => {
      const { id } = await app.accounts.resolve(textOption(options, "account"));
      return app.accounts.createKey(id, textOption(options, "label") ?? "", {
        scope: KEY_SCOPES.find((scope) => scope === options["scope"]) ?? "all",
        expiresAt: typeof options["expires"] === "number" ? options["expires"] : null,
        rateLimit: typeof options["rateLimit"] === "number" ? options["rateLimit"] : null,
      });
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
    .requiredOption("--label <label>", "what it is for")
    .addOption(
      new Option("--scope <scope>", "what it may do: read; issue (and read and change) passes; or all")
        .choices(KEY_SCOPES)
        .default("all"),
    )
    .option("--expires <when>", "until when: 90d, or a date such as 2027-06-30 (default: never)", parseExpiry)
    .option("--rate-limit <n>", "calls a second (default: without limit)", wholeNumber(10_000));

  pageOptions(
    command(io, key, "list", "list API keys", async ({ output, withApp }, _, options) => {
      const page = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.accounts.listKeys(id, pageOfOptions(options));
      });
      const items = page.items.map(rowOf);
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

const timeOrNull = (at: number | null): string | null => (at === null ? null : toIso(at));

const rowOf = ({ createdAt, lastUsedAt, expiresAt, revokedAt, ...rest }: ApiKeyInfo) => ({
  ...rest,
  createdAt: toIso(createdAt),
  lastUsedAt: timeOrNull(lastUsedAt),
  expiresAt: timeOrNull(expiresAt),
  revokedAt: timeOrNull(revokedAt),
});

/** A number of days from now, or a date; a day without a time is good to its end, in UTC. */
function parseExpiry(text: string): number {
  const now = systemClock.now();
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const date = parseDate(text, "UTC");
  const at = days ? now + Number(days) * 86_400_000 : Date.parse(date ? toInstant(date, "UTC", true) : "");
  if (Number.isNaN(at)) throw new InvalidArgumentError('must be days such as "90d" or a date such as "2027-06-30".');
  if (at <= now) throw new InvalidArgumentError("must lie in the future.");
  return at;
}

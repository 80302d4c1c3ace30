import type { Command } from "commander";
import type { App } from "../app.ts";
import { AppError, UsageError } from "../errors.ts";
import type { RecipientInput } from "../passes/recipient.ts";
import type { PassReference } from "../passes/references.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { GivenValue } from "../templates/fill.ts";
import { type Options, textOption } from "./context.ts";

/** A pass by its serial number; with an account, only one of its own. Throws `not_found`. */
export async function ownPass(app: App, serial: string, accountId: string | undefined): Promise<WholePass> {
  const whole = await app.links.load(serial);
  if (accountId === undefined) return whole;
  const account = await app.accounts.resolve(accountId);
  if (whole.account.id === account.id) return whole;
  throw new AppError("not_found", "There is no such pass.");
}

/** Options of a command that takes `[serial]`, for a person's newest pass in its place. */
export const personOptions = (to: Command): Command =>
  to
    .option("--template <id>", "without a serial number: the newest pass of this template …")
    .option("--email <email>", "… of the person with this email address")
    .option("--phone <phone>", "… with this phone number")
    .option("--external-id <id>", "… with this external id")
    .option("--klaviyo-id <id>", "… with this Klaviyo profile id")
    .option("--account <id>", "account (default: the pass's own; for a person's: the first)");

/** The recipient that the options name. */
export const recipientOf = (options: Options): RecipientInput => ({
  email: textOption(options, "email"),
  name: textOption(options, "name"),
  phone: textOption(options, "phone"),
  externalId: textOption(options, "externalId"),
  klaviyoId: textOption(options, "klaviyoId"),
});

/** Which pass is meant by a serial number or by `personOptions`. Throws `not_found`. */
export async function referenceOf(app: App, serial: string | undefined, options: Options): Promise<PassReference> {
  const account = textOption(options, "account");
  const template = textOption(options, "template");
  const recipient = recipientOf(options);
  const namesPerson = Object.values(recipient).some((value) => value !== undefined);
  if (serial !== undefined && !namesPerson && template === undefined) {
    const whole = await ownPass(app, serial, account);
    return { accountId: whole.account.id, serial };
  }
  if (serial !== undefined || !namesPerson || template === undefined) {
    throw new UsageError("give a serial number, or --template with --email, --phone, --external-id or --klaviyo-id.");
  }
  const { id: accountId } = await app.accounts.resolve(account);
  const { id: templateId } = await app.templates.current(accountId, template);
  return { accountId, templateId, recipient };
}

/** Gathers an option that may be repeated. */
export const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `--field NAME=VALUE`, where an empty value says that there is none, and `--add NAME=NUMBER`. */
export function parseFields(options: Options): Map<string, GivenValue> {
  const fields = new Map<string, GivenValue>();
  for (const [name, text] of pairsOf(options, "field", "VALUE")) {
    fields.set(name, text === "" ? { kind: "missing" } : { kind: "text", text });
  }
  for (const [name, amount] of pairsOf(options, "add", "NUMBER")) {
    if (fields.has(name)) throw new UsageError(`--add ${name}: it is given a value, or added to, not both.`);
    fields.set(name, { kind: "add", amount });
  }
  return fields;
}

function pairsOf(options: Options, option: string, what: string): [string, string][] {
  const given = options[option];
  return (Array.isArray(given) ? given.map(String) : []).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--${option} ${pair}: write NAME=${what}.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

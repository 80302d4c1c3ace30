import type { App } from "../app.ts";
import { AppError, UsageError } from "../errors.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { GivenValue } from "../templates/fill.ts";

/** A pass by its serial number; with an account, only one of its own. Throws `not_found`. */
export async function ownPass(app: App, serial: string, accountId: string | undefined): Promise<WholePass> {
  const whole = await app.links.load(serial);
  if (accountId === undefined) return whole;
  const account = await app.accounts.resolve(accountId);
  if (whole.account.id === account.id) return whole;
  throw new AppError("not_found", "There is no such pass.");
}

/** Gathers an option that may be repeated. */
export const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** `NAME=VALUE` pairs; an empty value says that there is none. */
export function parseFields(given: unknown): Map<string, GivenValue> {
  const fields = new Map<string, GivenValue>();
  for (const pair of Array.isArray(given) ? given.map(String) : []) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--field ${pair}: write NAME=VALUE.`);
    const text = pair.slice(at + 1);
    fields.set(pair.slice(0, at), text === "" ? { kind: "missing" } : { kind: "text", text });
  }
  return fields;
}

import { type Account, findAccount } from "../accounts/account-store.ts";
import type { Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { looksLikeSerial } from "../ids.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { Templates } from "../templates/templates.ts";
import type { Pass } from "./pass.ts";
import { findPass } from "./pass-store.ts";
import { findRecipient, type Recipient } from "./recipient-store.ts";

/** A pass with everything that shows on it. */
export interface WholePass {
  readonly pass: Pass;
  readonly account: Account;
  readonly recipient: Recipient;
  readonly template: TemplateVersion;
}

/** A pass by its serial number, also a deleted one; nothing when there is none. */
export async function findWholePass(
  query: Queries,
  templates: Templates,
  serial: string,
): Promise<WholePass | undefined> {
  const pass = looksLikeSerial(serial) ? await findPass(query, serial) : undefined;
  if (!pass) return undefined;
  const [account, recipient, template] = await Promise.all([
    findAccount(query, pass.accountId),
    findRecipient(query, pass.recipientId),
    templates.ofPass(pass),
  ]);
  if (account && recipient) return { pass, account, recipient, template };
  throw new AppError("internal", `Pass ${serial} has no account or recipient.`);
}

/** The same for one account: another account's pass is as good as none. Throws `not_found`. */
export async function wholePassOf(
  query: Queries,
  templates: Templates,
  accountId: string,
  serial: string,
): Promise<WholePass> {
  const whole = await findWholePass(query, templates, serial);
  if (whole?.account.id === accountId) return whole;
  throw new AppError("not_found", "There is no such pass.");
}

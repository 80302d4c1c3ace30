import { type Account, findAccount } from "../accounts/account-store.ts";
import type { Database } from "../db/database.ts";
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

export type WalletLinks = ReturnType<typeof createWalletLinks>;

export function createWalletLinks({ db, templates }: { db: Database; templates: Templates }) {
  /** A pass by its serial number, also a deleted one. Throws `not_found`. */
  async function load(serial: string): Promise<WholePass> {
    const pass = looksLikeSerial(serial) ? await findPass(db.read, serial) : undefined;
    if (!pass) throw new AppError("not_found", "There is no such pass.");
    const [account, recipient, template] = await Promise.all([
      findAccount(db.read, pass.accountId),
      findRecipient(db.read, pass.recipientId),
      templates.current(pass.accountId, pass.templateId),
    ]);
    if (!account || !recipient) throw new AppError("internal", `Pass ${serial} has no account or recipient.`);
    return { pass, account, recipient, template };
  }

  return {
    load,
    /** What `/p/:serial` leads to. Throws `not_found`, and `gone` after the pass was deleted. */
    async follow(serial: string): Promise<WholePass> {
      const whole = await load(serial);
      if (whole.pass.state === "deleted") throw new AppError("gone", "This pass is no longer offered.");
      return whole;
    },
  };
}

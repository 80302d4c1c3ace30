import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { Templates } from "../templates/templates.ts";
import { findWholePass, type WholePass } from "./whole-pass.ts";

export type WalletLinks = ReturnType<typeof createWalletLinks>;

export function createWalletLinks({ db, templates }: { db: Database; templates: Templates }) {
  /** A pass by its serial number, also a deleted one. Throws `not_found`. */
  async function load(serial: string): Promise<WholePass> {
    const whole = await findWholePass(db.read, templates, serial);
    if (whole) return whole;
    throw new AppError("not_found", "There is no such pass.");
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

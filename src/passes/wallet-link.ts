import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError, messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Templates } from "../templates/templates.ts";
import { noteFetched } from "./fetched-store.ts";
import type { Pass } from "./pass.ts";
import { findWholePass, type WholePass } from "./whole-pass.ts";

export type WalletLinks = ReturnType<typeof createWalletLinks>;

export interface WalletLinkDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly templates: Templates;
}

export function createWalletLinks({ db, clock, log, templates }: WalletLinkDependencies) {
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

    /**
     * Notes that a person has got the package, the first time only. Nobody waits for it: who has the pass must get it
     * also when nothing can be stored.
     */
    noteFetched(pass: Pass): void {
      if (pass.fetchedAt !== null) return;
      db.transaction(({ query }) => noteFetched(query, pass, clock.now())).catch((error) =>
        log.warn("It could not be noted that a pass was fetched.", { error: messageOf(error) }),
      );
    },
  };
}

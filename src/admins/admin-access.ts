import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { createAdmins } from "./admins.ts";
import { createLinks } from "./links.ts";
import { createPasswords, type PasswordCost } from "./password.ts";
import { createSessions } from "./sessions.ts";

export type AdminAccess = ReturnType<typeof createAdminAccess>;

export interface AdminAccessDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** Tests, which hash many, take less than the usual. */
  readonly passwordCost?: PasswordCost | undefined;
}

/** Who may use the pages under `/admin`: admins, their sessions, and the links by which they come in. */
export function createAdminAccess({ db, clock, publicUrl, passwordCost }: AdminAccessDependencies) {
  const passwords = createPasswords(passwordCost);
  const sessions = createSessions({ db, clock, passwords });
  const admins = createAdmins({ db, clock, passwords, sessions });
  const links = createLinks({ db, clock, publicUrl, passwords, admins, sessions });
  return {
    admins,
    sessions,
    links,

    async forgetOld(): Promise<void> {
      await db.transaction(async ({ query }) => {
        await sessions.forgetEnded(query);
        await links.forgetOld(query);
      });
    },
  };
}

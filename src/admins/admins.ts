import type { Clock } from "../clock.ts";
import type { Database, Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newId } from "../ids.ts";
import type { PageRequest } from "../page.ts";
import {
  type Admin,
  type AdminRow,
  findAdmin,
  findAdminByEmail,
  hasAdmins,
  hasOtherOwner,
  insertAdmin,
  listAdmins,
  updateAdmin,
} from "./admin-store.ts";
import { checkedEmail } from "./email.ts";
import { deleteInvitationsFor, deleteLinksOf } from "./link-store.ts";
import { assertGoodPassword, type Passwords } from "./password.ts";
import type { Role } from "./role.ts";
import { deleteSessionsOf } from "./session-store.ts";
import type { Browser, Sessions, StartedSession } from "./sessions.ts";

export interface NewAdmin {
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

export type Admins = ReturnType<typeof createAdmins>;

export interface AdminDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}

/** The people who may sign in. There is always an owner who can, once there was one. */
export function createAdmins({ db, clock, passwords, sessions }: AdminDependencies) {
  /** The row of a new admin. Throws `invalid` for an address or a password that cannot be used. */
  async function prepare({ email: given, password, role }: NewAdmin): Promise<AdminRow> {
    const email = checkedEmail(given);
    assertGoodPassword(password, email);
    const passwordHash = await passwords.hash(password);
    return { id: newId("adm"), email, passwordHash, role, createdAt: clock.now(), disabledAt: null };
  }

  /** Throws `conflict` where the address is taken. */
  async function insert(query: Queries, admin: AdminRow): Promise<Admin> {
    if (await findAdminByEmail(query, admin.email)) throw emailIsTaken(admin.email);
    await insertAdmin(query, admin);
    await deleteInvitationsFor(query, admin.email);
    return adminOf(admin);
  }

  async function existing(query: Queries, id: string): Promise<AdminRow> {
    const admin = await findAdmin(query, id);
    if (admin) return admin;
    throw new AppError("not_found", "There is no such admin.");
  }

  async function assertNotLastOwner(query: Queries, admin: AdminRow): Promise<void> {
    const counts = admin.role === "owner" && admin.disabledAt === null;
    if (!counts || (await hasOtherOwner(query, admin.id))) return;
    throw new AppError("conflict", `${admin.email} is the only owner. Make somebody else an owner first.`);
  }

  /** A new password ends every session and every other link of the admin. */
  async function setPassword(query: Queries, id: string, passwordHash: string): Promise<void> {
    await updateAdmin(query, id, { passwordHash });
    await deleteSessionsOf(query, id);
    await deleteLinksOf(query, id);
  }

  return {
    prepare,
    insert,
    setPassword,

    any: (): Promise<boolean> => hasAdmins(db.read),
    list: (page: PageRequest) => listAdmins(db.read, page),

    /** Throws `invalid` for an address or a password that cannot be used, `conflict` where the address is taken. */
    async create(given: NewAdmin): Promise<Admin> {
      const admin = await prepare(given);
      return db.transaction((tx) => insert(tx.query, admin));
    },

    /** An owner where there is no admin yet; nothing where there is one. Throws `invalid`. */
    async createFirst(given: Omit<NewAdmin, "role">): Promise<Admin | undefined> {
      if (await hasAdmins(db.read)) return undefined;
      const admin = await prepare({ ...given, role: "owner" });
      return db.transaction(async ({ query }) => ((await hasAdmins(query)) ? undefined : insert(query, admin)));
    },

    /** Takes effect with the next page that the admin opens. Throws `conflict` for the last owner. */
    async setRole(id: string, role: Role): Promise<Admin> {
      return db.transaction(async ({ query }) => {
        const admin = await existing(query, id);
        if (role !== "owner") await assertNotLastOwner(query, admin);
        await updateAdmin(query, id, { role });
        return adminOf({ ...admin, role });
      });
    },

    /** Signs the admin out everywhere, for good. Throws `conflict` for the last owner. */
    async disable(id: string): Promise<Admin> {
      return db.transaction(async ({ query }) => {
        const admin = await existing(query, id);
        await assertNotLastOwner(query, admin);
        await updateAdmin(query, id, { disabledAt: clock.now() });
        await deleteSessionsOf(query, id);
        await deleteLinksOf(query, id);
        return adminOf(admin);
      });
    },

    /** Lets a disabled admin sign in again, with the password they had. */
    async enable(id: string): Promise<Admin> {
      return db.transaction(async ({ query }) => {
        const admin = await existing(query, id);
        await updateAdmin(query, id, { disabledAt: null });
        return adminOf(admin);
      });
    },

    /**
     * Replaces the admin's own password; all sessions end, the one that is answered begins. Throws `invalid` at
     * `current` or `password`.
     */
    async changePassword(
      id: string,
      { current, next }: { current: string; next: string },
      browser: Browser,
    ): Promise<StartedSession> {
      const admin = await existing(db.read, id);
      if (!(await passwords.matches(current, admin.passwordHash))) {
        const message = "This is not your present password.";
        throw new AppError("invalid", "The password was not changed.", { details: [{ path: "current", message }] });
      }
      assertGoodPassword(next, admin.email);
      const passwordHash = await passwords.hash(next);
      return db.transaction(async ({ query }) => {
        await setPassword(query, id, passwordHash);
        return sessions.start(query, id, browser);
      });
    },
  };
}

export function emailIsTaken(email: string): AppError {
  return new AppError("conflict", `${email} has access already.`);
}

function adminOf({ passwordHash: _, ...admin }: AdminRow): Admin {
  return admin;
}

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newId } from "../ids.ts";
import { type AdminRow, findAdmin, findAdminByEmail, firstOwner, hasAdmins } from "./admin-store.ts";
import { type Admins, emailIsTaken } from "./admins.ts";
import { canonicalEmail, checkedEmail } from "./email.ts";
import {
  consumeLink,
  deleteInvitation,
  deleteInvitationsFor,
  deleteOldLinks,
  findLink,
  insertLink,
  type LinkRow,
  openInvitations,
} from "./link-store.ts";
import { assertGoodPassword, type Passwords } from "./password.ts";
import type { Role } from "./role.ts";
import type { Browser, Sessions, StartedSession } from "./sessions.ts";
import { hashToken, newToken } from "./token.ts";

/** A link to give to somebody; its address is known this once. */
export interface OneTimeLink {
  readonly kind: LinkRow["kind"];
  /** Whom it is for; nobody in particular where it makes the first admin. */
  readonly email: string | null;
  readonly role: Role;
  readonly url: string;
  readonly expiresAt: number;
}

/** What a link offers to whoever holds it. */
export type LinkOffer =
  | { readonly kind: "setup" }
  | { readonly kind: "invite"; readonly email: string; readonly role: Role }
  | { readonly kind: "reset"; readonly email: string }
  | { readonly kind: "sign-in"; readonly email: string };

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: number;
}

export type Links = ReturnType<typeof createLinks>;

/** For whoever sits at the terminal, or reads the start's output. */
const SHORT_MS = 30 * 60_000;
/** For somebody who finds it in their mail tomorrow. */
const INVITATION_MS = 7 * 24 * 3_600_000;
/** Used and ended links are kept this long, so that they can say what became of them. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

export interface LinkDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly passwords: Passwords;
  readonly admins: Admins;
  readonly sessions: Sessions;
}

/** One-time links. Opening one changes nothing, since mail programs open links too; its form does. */
export function createLinks({ db, clock, publicUrl, passwords, admins, sessions }: LinkDependencies) {
  async function store(
    link: Pick<LinkRow, "kind"> & Partial<Pick<LinkRow, "email" | "role" | "adminId">>,
    livesMs: number,
  ): Promise<{ url: string; expiresAt: number }> {
    const { token, tokenHash } = newToken();
    const createdAt = clock.now();
    const expiresAt = createdAt + livesMs;
    const row: LinkRow = {
      id: newId("lnk"),
      tokenHash,
      email: null,
      role: null,
      adminId: null,
      ...link,
      createdAt,
      expiresAt,
      usedAt: null,
    };
    await db.transaction(async ({ query }) => {
      if (row.kind === "invite" && row.email !== null) await deleteInvitationsFor(query, row.email);
      await insertLink(query, row);
    });
    return { url: `${publicUrl}/admin/link/${token}`, expiresAt };
  }

  async function linkTo(admin: AdminRow, kind: "reset" | "sign-in"): Promise<OneTimeLink> {
    if (admin.disabledAt !== null) throw new AppError("conflict", `${admin.email} has no access any more.`);
    return { kind, email: admin.email, role: admin.role, ...(await store({ kind, adminId: admin.id }, SHORT_MS)) };
  }

  async function known(email: string): Promise<AdminRow> {
    const admin = await findAdminByEmail(db.read, canonicalEmail(email));
    if (admin) return admin;
    throw new AppError("not_found", `There is no admin ${canonicalEmail(email)}.`);
  }

  /** The link with whom it leads to. Throws `not_found`, and `gone` where it can no longer be used. */
  async function usable(token: string): Promise<{ link: LinkRow; admin: AdminRow | undefined; offer: LinkOffer }> {
    const link = await findLink(db.read, hashToken(token));
    if (!link) throw new AppError("not_found", "This link leads nowhere. It may be incomplete, or was withdrawn.");
    if (link.usedAt !== null) throw new AppError("gone", "This link was used. It works once.");
    if (link.expiresAt <= clock.now()) throw new AppError("gone", "This link is over.");
    if (link.kind === "setup") {
      if (await hasAdmins(db.read)) throw new AppError("gone", "The first admin was made. Sign in.");
      return { link, admin: undefined, offer: { kind: "setup" } };
    }
    if (link.kind === "invite") {
      const { email, role } = link;
      if (email === null || role === null) throw new AppError("internal", `Invitation ${link.id} is for nobody.`);
      return { link, admin: undefined, offer: { kind: "invite", email, role } };
    }
    const admin = await findAdmin(db.read, link.adminId ?? "");
    if (!admin || admin.disabledAt !== null) throw new AppError("gone", "This link leads to nobody any more.");
    return { link, admin, offer: { kind: link.kind, email: admin.email } };
  }

  const alreadyUsed = () => new AppError("gone", "This link was used. It works once.");

  return {
    /** Makes the first owner, as long as there is no admin. Lives half an hour. */
    async setup(): Promise<OneTimeLink> {
      return { kind: "setup", email: null, role: "owner", ...(await store({ kind: "setup" }, SHORT_MS)) };
    },

    /** Gives somebody access; a second invitation replaces the first. Throws `invalid`, and `conflict` for an admin. */
    async invite(given: string, role: Role): Promise<OneTimeLink> {
      const email = checkedEmail(given);
      if (await findAdminByEmail(db.read, email)) throw emailIsTaken(email);
      return { kind: "invite", email, role, ...(await store({ kind: "invite", email, role }, INVITATION_MS)) };
    },

    /** Lets an admin choose a new password. Throws `not_found`, and `conflict` for a disabled one. */
    reset: async (email: string): Promise<OneTimeLink> => linkTo(await known(email), "reset"),

    /** Signs an admin in, by default the first owner; makes the first admin where there is none. Throws `not_found`. */
    async signIn(email: string | undefined): Promise<OneTimeLink> {
      const admin = email === undefined ? await firstOwner(db.read) : await known(email);
      return admin ? linkTo(admin, "sign-in") : this.setup();
    },

    async invitations(): Promise<Invitation[]> {
      const rows = await openInvitations(db.read, clock.now());
      return rows.flatMap(({ id, email, role, expiresAt }) =>
        email === null || role === null ? [] : [{ id, email, role, expiresAt }],
      );
    },

    /** Ends an invitation that was not accepted. Throws `not_found`. */
    async withdraw(id: string): Promise<void> {
      const gone = await db.transaction((tx) => deleteInvitation(tx.query, id));
      if (!gone) throw new AppError("not_found", "This invitation was accepted or withdrawn already.");
    },

    /** What a link offers. Throws `not_found`, and `gone` where it can no longer be used. */
    offer: async (token: string): Promise<LinkOffer> => (await usable(token)).offer,

    /**
     * Takes what the link offers and signs in; the link is used up. Throws `invalid` for an address or a password that
     * cannot be used, then the link still works.
     */
    async redeem(
      token: string,
      given: { readonly email: string; readonly password: string },
      browser: Browser,
    ): Promise<StartedSession> {
      const { link, admin, offer } = await usable(token);
      const now = clock.now();
      switch (offer.kind) {
        case "setup":
        case "invite": {
          const chosen = offer.kind === "invite" ? offer : { email: given.email, role: "owner" as const };
          const fresh = await admins.prepare({ ...chosen, password: given.password });
          return db.transaction(async ({ query }) => {
            if (!(await consumeLink(query, link.id, now))) throw alreadyUsed();
            if (offer.kind === "setup" && (await hasAdmins(query))) throw alreadyUsed();
            const { id } = await admins.insert(query, fresh);
            return sessions.start(query, id, browser);
          });
        }
        case "reset": {
          assertGoodPassword(given.password, offer.email);
          const passwordHash = await passwords.hash(given.password);
          return db.transaction(async ({ query }) => {
            if (!admin || !(await consumeLink(query, link.id, now))) throw alreadyUsed();
            await admins.setPassword(query, admin.id, passwordHash);
            return sessions.start(query, admin.id, browser);
          });
        }
        case "sign-in":
          return db.transaction(async ({ query }) => {
            if (!admin || !(await consumeLink(query, link.id, now))) throw alreadyUsed();
            return sessions.start(query, admin.id, browser);
          });
        default:
          return offer satisfies never;
      }
    },

    forgetOld: (query: Parameters<typeof deleteOldLinks>[0]): Promise<void> =>
      deleteOldLinks(query, clock.now() - REMEMBERED_MS),
  };
}

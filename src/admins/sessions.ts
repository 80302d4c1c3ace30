import type { Clock } from "../clock.ts";
import type { Database, Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newId } from "../ids.ts";
import { type Admin, findAdminByEmail } from "./admin-store.ts";
import { canonicalEmail } from "./email.ts";
import type { Passwords } from "./password.ts";
import {
  deleteEndedSessions,
  deleteSession,
  deleteSessionByToken,
  deleteSessionsOf,
  findSession,
  insertSession,
  listSessions,
  noteSeen,
  type SessionRow,
} from "./session-store.ts";
import { hashToken, newToken } from "./token.ts";

/** Who asks for a session, as the list of sessions shows it. */
export interface Browser {
  readonly userAgent: string;
  readonly address: string;
}

/** What the cookie of a new session holds, and until when. */
export interface StartedSession {
  readonly token: string;
  readonly expiresAt: number;
}

export interface SignedIn {
  readonly sessionId: string;
  readonly admin: Admin;
}

export type Sessions = ReturnType<typeof createSessions>;

const HOUR_MS = 3_600_000;
export const IDLE_MS = 12 * HOUR_MS;
export const ABSOLUTE_MS = 14 * 24 * HOUR_MS;
/** A page costs a write at most this often. */
const SEEN_GRAIN_MS = 60_000;
const MAX_USER_AGENT = 300;

export interface SessionDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
}

/** Browsers that are signed in: for 12 hours without a visit, for 14 days at most. */
export function createSessions({ db, clock, passwords }: SessionDependencies) {
  const limits = () => ({ now: clock.now(), idleSince: clock.now() - IDLE_MS });

  /** A new session, always with a token of its own: one that somebody planted in a browser is worth nothing. */
  async function start(query: Queries, adminId: string, { userAgent, address }: Browser): Promise<StartedSession> {
    const now = clock.now();
    const { token, tokenHash } = newToken();
    const expiresAt = now + ABSOLUTE_MS;
    await insertSession(query, {
      id: newId("ses"),
      tokenHash,
      adminId,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      userAgent: userAgent.slice(0, MAX_USER_AGENT),
      address,
    });
    return { token, expiresAt };
  }

  async function findLive(token: string) {
    const found = await findSession(db.read, hashToken(token));
    const { now, idleSince } = limits();
    if (!found || found.session.expiresAt <= now || found.session.lastSeenAt <= idleSince) return undefined;
    const { passwordHash: _, ...admin } = found.admin;
    return admin.disabledAt === null ? { session: found.session, admin } : undefined;
  }

  return {
    start,

    /**
     * Throws `unauthorized` with the same text, after the same work, for an unknown address, a disabled admin and a
     * wrong password.
     */
    async signIn(email: string, password: string, browser: Browser): Promise<StartedSession> {
      const admin = await findAdminByEmail(db.read, canonicalEmail(email));
      const matches = await passwords.matches(password, admin?.passwordHash);
      if (!admin || !matches || admin.disabledAt !== null) {
        throw new AppError("unauthorized", "The e-mail address or the password is wrong.");
      }
      return db.transaction((tx) => start(tx.query, admin.id, browser));
    },

    /** Who a cookie's token belongs to; nothing where the session is over or was ended, or its admin is disabled. */
    async find(token: string): Promise<SignedIn | undefined> {
      const found = await findLive(token);
      if (!found) return undefined;
      const now = clock.now();
      if (now - found.session.lastSeenAt >= SEEN_GRAIN_MS) {
        // A full disk must not keep anybody from looking at what is wrong.
        await db.transaction((tx) => noteSeen(tx.query, found.session.id, now)).catch(() => undefined);
      }
      return { sessionId: found.session.id, admin: found.admin };
    },

    /** The same without counting as a visit: a page that stays open does not keep its session alive. */
    async peek(token: string): Promise<SignedIn | undefined> {
      const found = await findLive(token);
      return found && { sessionId: found.session.id, admin: found.admin };
    },

    /** An admin's sessions that are not over, the one used last first. */
    list: (adminId: string): Promise<SessionRow[]> => listSessions(db.read, adminId, limits()),

    /** Ends one session of the admin at once. Throws `not_found`. */
    async revoke(adminId: string, id: string): Promise<void> {
      const gone = await db.transaction((tx) => deleteSession(tx.query, adminId, id));
      if (!gone) throw new AppError("not_found", "This session is over already.");
    },

    /** Ends every session of the admin but the present one. */
    async revokeOthers(adminId: string, sessionId: string): Promise<void> {
      await db.transaction((tx) => deleteSessionsOf(tx.query, adminId, sessionId));
    },

    async signOut(token: string): Promise<void> {
      await db.transaction((tx) => deleteSessionByToken(tx.query, hashToken(token)));
    },

    forgetEnded: (query: Queries): Promise<void> => deleteEndedSessions(query, limits()),
  };
}

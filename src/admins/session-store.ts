import { and, desc, eq, gt, lte, ne, or } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { adminSessions, admins } from "../db/schema.ts";

export type SessionRow = typeof adminSessions.$inferSelect;

export async function insertSession(query: Queries, session: SessionRow): Promise<void> {
  await query.insert(adminSessions).values(session);
}

const sessionByToken = prepared((query) =>
  query
    .select({ session: adminSessions, admin: admins })
    .from(adminSessions)
    .innerJoin(admins, eq(admins.id, adminSessions.adminId))
    .where(eq(adminSessions.tokenHash, given("tokenHash")))
    .prepare(),
);

/** A session with its admin as they are now, also one that is over. */
export async function findSession(query: Queries, tokenHash: string) {
  return (await sessionByToken(query).execute({ tokenHash }))[0];
}

/** Those that are not over, the one used last first. */
export async function listSessions(
  query: Queries,
  adminId: string,
  { now, idleSince }: { now: number; idleSince: number },
): Promise<SessionRow[]> {
  return query
    .select()
    .from(adminSessions)
    .where(
      and(
        eq(adminSessions.adminId, adminId),
        gt(adminSessions.expiresAt, now),
        gt(adminSessions.lastSeenAt, idleSince),
      ),
    )
    .orderBy(desc(adminSessions.lastSeenAt), desc(adminSessions.id));
}

export async function noteSeen(query: Queries, id: string, now: number): Promise<void> {
  await query.update(adminSessions).set({ lastSeenAt: now }).where(eq(adminSessions.id, id));
}

/** Answers whether the admin had that session. */
export async function deleteSession(query: Queries, adminId: string, id: string): Promise<boolean> {
  const gone = await query
    .delete(adminSessions)
    .where(and(eq(adminSessions.id, id), eq(adminSessions.adminId, adminId)))
    .returning({ id: adminSessions.id });
  return gone.length > 0;
}

export async function deleteSessionByToken(query: Queries, tokenHash: string): Promise<void> {
  await query.delete(adminSessions).where(eq(adminSessions.tokenHash, tokenHash));
}

/** Every session of an admin but the one that is named. */
export async function deleteSessionsOf(query: Queries, adminId: string, but?: string): Promise<void> {
  await query
    .delete(adminSessions)
    .where(and(eq(adminSessions.adminId, adminId), but === undefined ? undefined : ne(adminSessions.id, but)));
}

export async function deleteEndedSessions(
  query: Queries,
  { now, idleSince }: { now: number; idleSince: number },
): Promise<void> {
  await query
    .delete(adminSessions)
    .where(or(lte(adminSessions.expiresAt, now), lte(adminSessions.lastSeenAt, idleSince)));
}

import { and, desc, eq, gt, isNull, lte } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { adminLinks } from "../db/schema.ts";

export type LinkRow = typeof adminLinks.$inferSelect;

export async function insertLink(query: Queries, link: LinkRow): Promise<void> {
  await query.insert(adminLinks).values(link);
}

/** Also one that was used or is over. */
export async function findLink(query: Queries, tokenHash: string): Promise<LinkRow | undefined> {
  return (await query.select().from(adminLinks).where(eq(adminLinks.tokenHash, tokenHash)))[0];
}

/** Uses the link up. Answers whether it could still be used: of two who try at once, one is told yes. */
export async function consumeLink(query: Queries, id: string, now: number): Promise<boolean> {
  const used = await query
    .update(adminLinks)
    .set({ usedAt: now })
    .where(and(eq(adminLinks.id, id), isUsable(now)))
    .returning({ id: adminLinks.id });
  return used.length > 0;
}

/** Invitations that nobody has accepted yet, the newest first. */
export async function openInvitations(query: Queries, now: number): Promise<LinkRow[]> {
  return query
    .select()
    .from(adminLinks)
    .where(and(eq(adminLinks.kind, "invite"), isUsable(now)))
    .orderBy(desc(adminLinks.createdAt), desc(adminLinks.id));
}

/** Ends every open invitation of that address. */
export async function deleteInvitationsFor(query: Queries, email: string): Promise<void> {
  await query
    .delete(adminLinks)
    .where(and(eq(adminLinks.kind, "invite"), eq(adminLinks.email, email), isNull(adminLinks.usedAt)));
}

/** Answers whether there was such an invitation. */
export async function deleteInvitation(query: Queries, id: string): Promise<boolean> {
  const gone = await query
    .delete(adminLinks)
    .where(and(eq(adminLinks.id, id), eq(adminLinks.kind, "invite"), isNull(adminLinks.usedAt)))
    .returning({ id: adminLinks.id });
  return gone.length > 0;
}

/** Ends the links that lead to an admin who shall not come in by them any more. */
export async function deleteLinksOf(query: Queries, adminId: string): Promise<void> {
  await query.delete(adminLinks).where(and(eq(adminLinks.adminId, adminId), isNull(adminLinks.usedAt)));
}

export async function deleteOldLinks(query: Queries, endedBefore: number): Promise<void> {
  await query.delete(adminLinks).where(lte(adminLinks.expiresAt, endedBefore));
}

const isUsable = (now: number) => and(isNull(adminLinks.usedAt), gt(adminLinks.expiresAt, now));

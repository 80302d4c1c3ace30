import { and, desc, eq, gt, ne } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { signingIdentities } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";

export type SigningIdentity = typeof signingIdentities.$inferSelect;

/**
 * Stores an identity; importing the same certificate again gives the row that is there, with the intermediate that was
 * given now: Apple's expire too. `createdAt` moves with it, for the packages that it signs have other bytes then.
 */
export async function insertIdentity(query: Queries, identity: SigningIdentity): Promise<SigningIdentity> {
  const { intermediatePem, createdAt } = identity;
  await query
    .insert(signingIdentities)
    .values(identity)
    .onConflictDoUpdate({
      target: [signingIdentities.accountId, signingIdentities.fingerprint],
      set: { intermediatePem, createdAt },
      setWhere: ne(signingIdentities.intermediatePem, intermediatePem),
    });
  const rows = await query
    .select()
    .from(signingIdentities)
    .where(
      and(eq(signingIdentities.accountId, identity.accountId), eq(signingIdentities.fingerprint, identity.fingerprint)),
    );
  return rows[0] ?? identity;
}

const byPreference = prepared((query) =>
  query
    .select()
    .from(signingIdentities)
    .where(eq(signingIdentities.accountId, given("accountId")))
    .orderBy(signingIdentities.development, desc(signingIdentities.expiresAt), desc(signingIdentities.id))
    .prepare(),
);

/**
 * The account's identities in order of preference: Apple's before development ones, the one that lives longest first.
 */
export async function identitiesByPreference(query: Queries, accountId: string): Promise<SigningIdentity[]> {
  return byPreference(query).execute({ accountId });
}

/** Every account's. */
export async function allIdentities(query: Queries): Promise<SigningIdentity[]> {
  return query.select().from(signingIdentities).orderBy(signingIdentities.id);
}

export async function listIdentities(
  query: Queries,
  accountId: string,
  page: PageRequest,
): Promise<Page<SigningIdentity>> {
  const rows = await query
    .select()
    .from(signingIdentities)
    .where(
      and(eq(signingIdentities.accountId, accountId), page.after ? gt(signingIdentities.id, page.after) : undefined),
    )
    .orderBy(signingIdentities.id)
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => row.id);
}

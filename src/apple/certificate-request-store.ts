import { and, asc, eq } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { certificateRequests } from "../db/schema.ts";

export type CertificateRequest = typeof certificateRequests.$inferSelect;

export async function insertCertificateRequest(query: Queries, request: CertificateRequest): Promise<void> {
  await query.insert(certificateRequests).values(request);
}

/** The account's requests that no certificate has answered yet, oldest first. */
export async function pendingCertificateRequests(query: Queries, accountId: string): Promise<CertificateRequest[]> {
  return query
    .select()
    .from(certificateRequests)
    .where(eq(certificateRequests.accountId, accountId))
    .orderBy(asc(certificateRequests.createdAt), asc(certificateRequests.id));
}

export async function deleteCertificateRequest(
  query: Queries,
  accountId: string,
  publicKeyHash: string,
): Promise<void> {
  await query
    .delete(certificateRequests)
    .where(and(eq(certificateRequests.accountId, accountId), eq(certificateRequests.publicKeyHash, publicKeyHash)));
}

/** Every account's, for a check of what is stored. */
export async function allCertificateRequests(query: Queries): Promise<CertificateRequest[]> {
  return query.select().from(certificateRequests);
}

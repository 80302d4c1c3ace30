import { and, eq, isNotNull, isNull, ne, or } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { passes, recipients } from "../db/schema.ts";

/** Whom the sample pass of a first start is for; nobody has an address there (RFC 2606). */
export const SAMPLE_EMAIL = "sarah.miller@example.com";

/** Whether any pass was issued but the sample of the first start. */
export async function wasIssued(query: Queries, accountId: string): Promise<boolean> {
  const rows = await query
    .select({ serial: passes.serial })
    .from(passes)
    .innerJoin(recipients, eq(recipients.id, passes.recipientId))
    .where(and(eq(passes.accountId, accountId), or(isNull(recipients.email), ne(recipients.email, SAMPLE_EMAIL))))
    .limit(1);
  return rows.length > 0;
}

/** Whether any pass was ever added to a wallet. */
export async function wasInstalled(query: Queries, accountId: string): Promise<boolean> {
  const rows = await query
    .select({ serial: passes.serial })
    .from(passes)
    .where(and(eq(passes.accountId, accountId), isNotNull(passes.installedAt)))
    .limit(1);
  return rows.length > 0;
}

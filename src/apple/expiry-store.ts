import type { Queries } from "../db/database.ts";
import { certificateWarnings } from "../db/schema.ts";

/** Notes that a warning is given; false when it was given before, by whatever process. */
export async function noteWarning(query: Queries, warning: typeof certificateWarnings.$inferInsert): Promise<boolean> {
  const rows = await query
    .insert(certificateWarnings)
    .values(warning)
    .onConflictDoNothing()
    .returning({ fingerprint: certificateWarnings.fingerprint });
  return rows.length > 0;
}

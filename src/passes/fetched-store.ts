import { and, eq, isNull } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { passes } from "../db/schema.ts";
import { countFetched } from "./daily-count-store.ts";
import type { Pass } from "./pass.ts";

/** Notes, and counts, when a person first got the package; a later time changes nothing. */
export async function noteFetched(query: Queries, pass: Pass, at: number): Promise<void> {
  const first = await query
    .update(passes)
    .set({ fetchedAt: at })
    .where(and(eq(passes.serial, pass.serial), isNull(passes.fetchedAt)))
    .returning({ serial: passes.serial });
  if (first.length > 0) await countFetched(query, pass, at);
}

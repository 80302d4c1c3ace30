import { desc, eq, sql } from "drizzle-orm";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { deviceLogs } from "../db/schema.ts";
import { exampleOf, kindOf } from "./device-log.ts";

export type DeviceLogRow = typeof deviceLogs.$inferSelect;
export type DeviceLogStore = ReturnType<typeof createDeviceLogStore>;

/** Kinds of message that are kept; the longest unseen goes. */
const MAX_KINDS = 500;
/** Lines of one request that are read. */
const MAX_LINES = 100;

/** What phones report. They are strangers: what they send is untrusted text, capped in number and length. */
export function createDeviceLogStore({ db, clock }: { db: Database; clock: Clock }) {
  return {
    async add(lines: readonly unknown[]): Promise<void> {
      const counts = new Map<string, { example: string; count: number }>();
      for (const line of lines.slice(0, MAX_LINES)) {
        if (typeof line !== "string" || line.trim() === "") continue;
        const kind = kindOf(line);
        counts.set(kind, { example: exampleOf(line), count: (counts.get(kind)?.count ?? 0) + 1 });
      }
      if (counts.size === 0) return;
      const now = clock.now();
      await db.transaction(async ({ query }) => {
        for (const [message, { example, count }] of counts) {
          await query
            .insert(deviceLogs)
            .values({ message, example, count, firstAt: now, lastAt: now })
            .onConflictDoUpdate({
              target: deviceLogs.message,
              set: { example, count: sql`${deviceLogs.count} + ${count}`, lastAt: now },
            });
        }
        const surplus = await query
          .select({ message: deviceLogs.message })
          .from(deviceLogs)
          .orderBy(desc(deviceLogs.lastAt), desc(deviceLogs.count))
          .limit(MAX_LINES)
          .offset(MAX_KINDS);
        for (const { message } of surplus) await query.delete(deviceLogs).where(eq(deviceLogs.message, message));
      });
    },

    /** The most recent kinds first. */
    latest: (limit: number): Promise<DeviceLogRow[]> =>
      db.read.select().from(deviceLogs).orderBy(desc(deviceLogs.lastAt)).limit(limit),
  };
}

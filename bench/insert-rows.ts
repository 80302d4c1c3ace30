import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";

/**
 * The disk's own limit: one row, one commit, one fsync at a time, with the settings of src/db/database.ts. Answers
 * commits per second over about `durationMs`.
 */
export function insertRowsPerSecond(folder: string, body: string, durationMs: number): number {
  const client = new SqliteDatabase(join(folder, "insert.db"));
  try {
    client.pragma("journal_mode = WAL");
    client.pragma("synchronous = FULL");
    client.exec("CREATE TABLE IF NOT EXISTS webhooks (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT");
    const insert = client.prepare("INSERT INTO webhooks (body) VALUES (?)");
    const startedAt = performance.now();
    let done = 0;
    while (performance.now() - startedAt < durationMs) {
      insert.run(body);
      done++;
    }
    return (done * 1000) / (performance.now() - startedAt);
  } finally {
    client.close();
  }
}

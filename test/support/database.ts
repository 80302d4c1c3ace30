import { join } from "node:path";
import { insertAccount } from "../../src/accounts/account-store.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrateDatabase } from "../../src/db/migrate.ts";
import { TEST_NOW } from "./clock.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface TestDatabase extends Disposable {
  readonly db: Database;
  readonly path: string;
}

export const ACCOUNT = "aid_0x1";
export const OTHER_ACCOUNT = "aid_0x2";

/** A database of its own with two accounts, without the rest of the program. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = temporaryFolder();
  const path = join(folder.path, "passhook.db");
  migrateDatabase(path, TEST_NOW);
  const db = openDatabase(path);
  await db.transaction(async ({ query }) => {
    for (const id of [ACCOUNT, OTHER_ACCOUNT]) await insertAccount(query, { id, name: id, createdAt: TEST_NOW });
  });
  return {
    db,
    path,
    [Symbol.dispose]() {
      db[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

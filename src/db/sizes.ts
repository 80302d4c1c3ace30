import { statSync } from "node:fs";
import { join } from "node:path";

/** Bytes of the database, and of its log: what was written last and is not yet in the file itself. */
export const databaseSizes = (dataDir: string): { readonly database: number; readonly log: number } => ({
  database: bytesOf(join(dataDir, "passhook.db")),
  log: bytesOf(join(dataDir, "passhook.db-wal")),
});

const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

import { toIso } from "../clock.ts";
import { lastBackup } from "../db/backup.ts";
import { type Check, good, warning } from "./check.ts";

const DAY_MS = 24 * 3_600_000;
/** One a week, with a day to spare. */
const MAX_AGE_MS = 8 * DAY_MS;

/** Whether a backup was made lately; `since` is when there was first something to lose. */
export function checkBackup(dataDir: string, since: number, now: number): Check {
  const last = lastBackup(dataDir);
  const found = last ? `the last one is of ${toIso(last.at)}: ${last.file}` : "none was made yet";
  if (now - (last?.at ?? since) <= MAX_AGE_MS) return good("backup", found);
  return warning("backup", `${found}; let one be made every day: passhook backup FOLDER --keep 7`);
}

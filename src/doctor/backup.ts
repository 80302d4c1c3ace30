import { toIso } from "../clock.ts";
import { type Backup, lastBackup } from "../db/backup.ts";
import { type Check, good, warning } from "./check.ts";

const DAY_MS = 24 * 3_600_000;
/** One a week, with a day to spare. */
const MAX_AGE_MS = 8 * DAY_MS;

/** The last backup, and whether it is time for another; `since` is when there was first something to lose. */
export function findBackup(
  dataDir: string,
  since: number,
  now: number,
): { readonly last: Backup | undefined; readonly isDue: boolean } {
  const last = lastBackup(dataDir);
  return { last, isDue: now - (last?.at ?? since) > MAX_AGE_MS };
}

/** Whether a backup was made lately. */
export function checkBackup(dataDir: string, since: number, now: number): Check {
  const { last, isDue } = findBackup(dataDir, since, now);
  const found = last ? `the last one is of ${toIso(last.at)}: ${last.file}` : "none was made yet";
  if (!isDue) return good("backup", found);
  return warning("backup", `${found}; let one be made every day: passhook backup FOLDER --keep 7`);
}

import { causeOf } from "../apple/device-log.ts";
import type { DeviceLogStore } from "../apple/device-log-store.ts";
import { pushTotals } from "../apple/device-store.ts";
import { toIso } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { type Check, good, warning } from "./check.ts";

const RECENT_MS = 7 * 24 * 3_600_000;
const MAX_MESSAGES = 10;

/** What came of pushes, and what phones reported in the last week, with its cause. */
export async function checkPhones(db: Database, deviceLogs: DeviceLogStore, now: number): Promise<Check[]> {
  const totals = await pushTotals(db.read);
  const messages = (await deviceLogs.latest(MAX_MESSAGES)).filter(({ lastAt }) => now - lastAt < RECENT_MS);
  const sums = new Map<string, number>();
  for (const { outcome, count } of totals) sums.set(outcome, (sums.get(outcome) ?? 0) + count);
  const list = [...sums].map(([outcome, count]) => `${count} × ${outcome}`).join(", ");
  return [
    good("pushes", list === "" ? "none sent yet" : list),
    ...messages.map(({ message, count, lastAt }) => {
      const said = `${count} × “${message}”, last at ${toIso(lastAt)}`;
      const cause = causeOf(message);
      if (cause === undefined) return warning("phones report", `${said}. Not a message that is known here.`);
      return (cause.includes("Harmless") ? good : warning)("phones report", `${said}. ${cause}`);
    }),
  ];
}

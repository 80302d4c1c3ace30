import type { Queries } from "../db/database.ts";
import { countsByDay, type DayCount, dayOf } from "./daily-count-store.ts";

/** What happened to passes within some days: a day, or a week where there are many. */
export interface ActivityStep {
  /** Its first and last day, in days since 1970-01-01, UTC. */
  readonly from: number;
  readonly until: number;
  readonly issued: number;
  /** By a person, for the first time. */
  readonly fetched: number;
  readonly installed: number;
  /** From a wallet: by hand, or because the pass was ended. */
  readonly removed: number;
}

export type ActivityTotals = Omit<ActivityStep, "from" | "until">;

export interface Activity {
  /** The oldest first, without gaps, up to today. */
  readonly steps: readonly ActivityStep[];
  readonly totals: ActivityTotals;
}

export interface ActivityRequest {
  readonly accountId: string;
  readonly templateId?: string | undefined;
  /** Today is the last. */
  readonly days: number;
  readonly now: number;
}

/** More steps than this are weeks, to be told apart on a phone. */
const MAX_STEPS = 100;
const WEEK = 7;

/** Reads a few rows for each template and day, however many passes there are. */
export async function readActivity(query: Queries, request: ActivityRequest): Promise<Activity> {
  const { accountId, templateId, days, now } = request;
  const today = dayOf(now);
  const stepDays = days > MAX_STEPS ? WEEK : 1;
  const firstDay = today - Math.ceil(days / stepDays) * stepDays + 1;
  const counts = await countsByDay(query, { accountId, templateId, fromDay: firstDay });
  const steps: ActivityStep[] = [];
  for (let from = firstDay; from <= today; from += stepDays) {
    const until = from + stepDays - 1;
    steps.push({ from, until, ...totalsOf(counts.filter(({ day }) => day >= from && day <= until)) });
  }
  return { steps, totals: totalsOf(counts) };
}

function totalsOf(counts: readonly DayCount[]): ActivityTotals {
  const sum = (...kinds: readonly DayCount["kind"][]): number =>
    counts.reduce((total, { kind, count }) => (kinds.includes(kind) ? total + count : total), 0);
  return {
    issued: sum("created"),
    fetched: sum("fetched"),
    installed: sum("installed"),
    removed: sum("uninstalled", "deleted_installed"),
  };
}

import type { ExpiryWatch } from "../../../apple/expiry.ts";
import { CHANNEL } from "../../../klaviyo/jobs.ts";
import type { JobList } from "../../../outbox/job-list.ts";
import type { OutboxStore } from "../../../outbox/outbox-store.ts";
import type { RejectedStore } from "../../../passes/rejected-store.ts";
import { withoutCommand } from "./klaviyo/words.ts";

/** Something that somebody should look at. */
export interface Attention {
  readonly tone: "warning" | "bad";
  readonly text: string;
  /** A page of the account that shows it. */
  readonly path?: string;
}

export interface AttentionDependencies {
  readonly expiry: ExpiryWatch;
  readonly jobs: JobList;
  readonly outbox: OutboxStore;
  readonly rejected: RejectedStore;
}

const DAY_MS = 24 * 3_600_000;
const COUNTED = 50;

/** What needs somebody in an account, the gravest first. */
export async function readAttention(
  { expiry, jobs, outbox, rejected }: AttentionDependencies,
  accountId: string,
  now: number,
): Promise<Attention[]> {
  const [expiring, lanes, counts, refused] = await Promise.all([
    expiry.warnings(),
    outbox.lanes(accountId),
    jobs.counts(accountId),
    rejected.list(accountId, { limit: COUNTED }),
  ]);
  const attention: Attention[] = [];
  for (const warning of expiring) {
    if (warning.accountId !== accountId) continue;
    attention.push({ tone: warning.expiresAt <= now ? "bad" : "warning", text: warning.text, path: "/certificates" });
  }
  const alarms = new Map(lanes.flatMap(({ alarm, channel }) => (alarm === null ? [] : [[alarm, channel]])));
  for (const [alarm, channel] of alarms) {
    attention.push({ tone: "bad", text: withoutCommand(alarm), path: channel === CHANNEL ? "/klaviyo" : "/outbox" });
  }
  const dead = counts.filter(({ state }) => state === "dead").reduce((sum, { count }) => sum + count, 0);
  if (dead > 0) {
    const text =
      dead === 1 ? "One thing could not be told to the outside." : `${dead} things could not be told to the outside.`;
    attention.push({ tone: "warning", text, path: "/outbox?state=dead" });
  }
  const today = refused.items.filter(({ at }) => now - at < DAY_MS).length;
  if (today > 0) {
    const count =
      today === COUNTED
        ? `${COUNTED} or more requests were`
        : today === 1
          ? "One request was"
          : `${today} requests were`;
    attention.push({ tone: "warning", text: `${count} rejected in the last 24 hours.`, path: "/rejected" });
  }
  return attention;
}

import { toIso } from "../clock.ts";
import { CHANNEL as KLAVIYO } from "../klaviyo/jobs.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { DELIVERY_JOB } from "../webhooks/jobs.ts";
import { type Check, good, problem, warning } from "./check.ts";

const HOUR_MS = 3_600_000;
/** Write-backs take seconds; what waits this long waits for something. */
const LATE_MS = HOUR_MS;
const MAX_COUNTED = 1_000;

/** What has failed for good, what is held back and why, and how long the oldest job of an account waits. */
export async function checkOutbox(outbox: OutboxStore, accountId: string, now: number): Promise<Check[]> {
  return [
    await checkDead(outbox, accountId),
    ...(await checkLanes(outbox, accountId, now)),
    await checkAge(outbox, accountId, now),
  ];
}

async function checkDead(outbox: OutboxStore, accountId: string): Promise<Check> {
  const dead = await outbox.list({ accountId, state: "dead" }, { limit: MAX_COUNTED });
  const [first] = dead.items;
  if (!first) return good("dead jobs", "none");
  const count = dead.next === null ? String(dead.items.length) : `${MAX_COUNTED} or more`;
  return warning(
    "dead jobs",
    `${count}, the oldest: ${first.kind}, ${first.lastError ?? "for no known reason"} See: passhook outbox list --state dead --account ${accountId}; then: passhook outbox retry --all --account ${accountId}`,
  );
}

async function checkLanes(outbox: OutboxStore, accountId: string, now: number): Promise<Check[]> {
  // What a webhook's lane waits for is the receiver's matter, and said there.
  const lanes = (await outbox.lanes(accountId)).filter(({ kind }) => kind !== DELIVERY_JOB);
  const closed = lanes.filter(({ closedUntil, alarm }) => closedUntil > now || alarm !== null);
  if (closed.length === 0) return [good("lanes", lanes.length === 0 ? "not used yet" : "all open")];
  return closed.map(({ kind, channel, closedUntil, alarm }) => {
    const until = closedUntil > now ? `closed until ${toIso(closedUntil)}` : "tried again now";
    if (alarm === null) return warning(`lane ${kind}`, `${until}: ${channel} asked to wait. It goes on by itself.`);
    // The connection's own check says what to do.
    if (channel === KLAVIYO) return warning(`lane ${kind}`, `${until}, because of the trouble with Klaviyo.`);
    return problem(`lane ${kind}`, `${until}. ${alarm}`);
  });
}

async function checkAge(outbox: OutboxStore, accountId: string, now: number): Promise<Check> {
  const name = "oldest pending job";
  const pages = await Promise.all(
    (["ready", "leased", "waiting"] as const).map((state) => outbox.list({ accountId, state }, { limit: 1 })),
  );
  const [oldest] = pages.flatMap(({ items }) => items).sort((a, b) => a.createdAt - b.createdAt);
  if (!oldest) return good(name, "nothing waits");
  const age = now - oldest.createdAt;
  const text = `${oldest.kind} waits for ${duration(age)}`;
  if (age < LATE_MS) return good(name, text);
  return warning(
    name,
    `${text}${oldest.lastError ? ` (${oldest.lastError})` : ""}. Is the server running (passhook readyz)?`,
  );
}

const duration = (ms: number): string =>
  ms < 2 * HOUR_MS ? `${Math.floor(ms / 60_000)} minutes` : `${Math.floor(ms / HOUR_MS)} hours`;

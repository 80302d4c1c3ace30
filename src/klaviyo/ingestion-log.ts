import type { Clock } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import { looksLikeSerial } from "../ids.ts";
import type { JobHandler, LeasedJob, NewJob, Outcome } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { addPassNotes } from "../passes/pass-store.ts";
import type { Json } from "../templates/placeholders.ts";
import type { KlaviyoRequest } from "./client.ts";
import type { ConnectionStore } from "./connection-store.ts";
import type { Deliver } from "./delivery.ts";
import { CHANNEL } from "./jobs.ts";
import { listAt, nextCursor, textAt } from "./json-api.ts";
import { objectGone } from "./object-gone.ts";
import { failureOf } from "./outcome.ts";

export const INGESTION_JOB = "klaviyo.ingestion";

/** Klaviyo judges records within minutes; it logs nothing but failures, and keeps them for 14 days. */
const SLOT_MS = 10 * 60_000;
/** It allows 15 of these requests a minute, to everybody in the account. */
const NEXT_PAGE_MS = 60_000;

/**
 * The job that looks which records Klaviyo did not take, to be promised when records were sent: an answer 204 says only
 * that they arrived. One per ten minutes, however often it is promised; it runs when ten more have passed.
 */
export function ingestionLogJob(accountId: string, now: number): NewJob {
  const slotEnd = (Math.floor(now / SLOT_MS) + 1) * SLOT_MS;
  return lookJob(accountId, { slot: slotEnd, cursor: "", newest: 0 }, slotEnd + SLOT_MS);
}

/** Where a look stands: the page it reads next, and the time of the newest failure of its first page. */
interface Look {
  readonly slot: number;
  readonly cursor: string;
  readonly newest: number;
}

const lookJob = (accountId: string, look: Look, runAt: number): NewJob => ({
  accountId,
  kind: INGESTION_JOB,
  channel: CHANNEL,
  orderingKey: `${INGESTION_JOB}:${accountId}`,
  nature: "event",
  idempotencyKey: `${INGESTION_JOB}:${accountId}:${look.slot}:${look.cursor}`,
  payload: { ...look },
  runAt,
});

export interface IngestionLogDependencies {
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly store: ConnectionStore;
  readonly outbox: OutboxStore;
}

/** Notes at each pass what Klaviyo did not take of its record: a page of failures a run, back to what was seen before. */
export function createIngestionLog(deps: IngestionLogDependencies): Record<string, JobHandler> {
  const { clock, deliver, store, outbox } = deps;

  async function look(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const { accountId } = job;
    const [row, connection] = await Promise.all([store.find(accountId), store.open(accountId)]);
    if (!row?.objectTypeId || row.objectsState !== "active" || connection.mode === "sandbox") return { type: "done" };
    const present = lookOf(job);
    const seenUntil = row.ingestionSeenUntil ?? 0;
    const request = logRequest(row.objectTypeId, present.cursor);
    const { answer } = await deliver({ accountId, connection, family: "ingestionLog", request, signal });
    if (answer.type === "answered" && answer.status === 404) return objectGone(store, row, "object type");
    if (answer.type !== "answered" || answer.status !== 200) return failureOf(answer, "ingestionLog");

    const failures = listAt(answer.body, "data").map(readFailure);
    const unseen = failures.filter(({ at }) => at >= seenUntil);
    const newest = Math.max(present.newest, ...failures.map(({ at }) => at));
    const cursor = unseen.length === failures.length ? nextCursor(answer.body) : undefined;
    return {
      type: "done",
      async record(tx: Transaction) {
        for (const { serial, note } of unseen) {
          if (serial !== undefined && note !== undefined) await addPassNotes(tx.query, accountId, serial, [note]);
        }
        if (cursor === undefined) return store.setIngestionSeen(tx.query, accountId, Math.max(seenUntil, newest));
        const next = lookJob(accountId, { ...present, cursor, newest }, clock.now() + NEXT_PAGE_MS);
        await outbox.enqueue(tx, [next], clock.now());
      },
    };
  }

  return { [INGESTION_JOB]: look };
}

const lookOf = ({ payload: { slot, cursor, newest } }: LeasedJob): Look => ({
  slot: Number(slot),
  cursor: String(cursor),
  newest: Number(newest),
});

/** Newest first, 50 to a page. */
function logRequest(objectTypeId: string, cursor: string): KlaviyoRequest {
  const query = new URLSearchParams({ include: "object-record", ...(cursor === "" ? {} : { "page[cursor]": cursor }) });
  return {
    method: "GET",
    path: `/api/object-types/${encodeURIComponent(objectTypeId)}/object-ingestion-logs?${query}`,
  };
}

interface Failure {
  readonly at: number;
  /** Of the pass, where the entry says whose record it is about. */
  readonly serial: string | undefined;
  readonly note: string | undefined;
}

function readFailure(entry: Json): Failure {
  const time = Date.parse(textAt(entry, "attributes", "timestamp") ?? "");
  const summary = textAt(entry, "attributes", "summary") ?? "";
  const recordId = textAt(entry, "relationships", "object-record", "data", "id")?.split(":::").at(-1);
  // "1 validation error for A3LD92" (Klaviyo's example).
  const named = [recordId, summary.split(" ").at(-1)].find((id) => id !== undefined && looksLikeSerial(id));
  const reasons = listAt(entry, "attributes", "errors").map((error) => {
    const value = textAt(error, "invalid_value");
    const found = value === undefined ? "" : ` (it was ${value.slice(0, 100)})`;
    return `${textAt(error, "property") ?? "record"}: ${textAt(error, "message") ?? "no reason given"}${found}`;
  });
  const heading = HEADINGS[textAt(entry, "attributes", "status") ?? ""];
  return {
    at: Number.isNaN(time) ? 0 : time,
    serial: named,
    note: heading && `${heading} ${reasons.join("; ") || summary}`,
  };
}

/** By the entry's status; `info` is nothing that a person must know. */
const HEADINGS: Readonly<Record<string, string>> = {
  error: "Klaviyo did not take the WalletPass record.",
  warning: "Klaviyo has a warning about the WalletPass record.",
};

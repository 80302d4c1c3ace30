import { and, asc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import {
  bulkJobs,
  bulkRows,
  deviceLogs,
  idempotencyKeys,
  rejectedRequests,
  sandboxRequests,
  webhookResults,
  webhooks,
} from "../../db/schema.ts";
import { nextTurn } from "../../next-turn.ts";
import type { LineError } from "../bulk/bulk.ts";
import type { Mentions } from "./mentions.ts";

/** How much was forgotten, by kind. */
export interface Forgotten {
  readonly rejectedRequests: number;
  readonly sandboxRequests: number;
  readonly fileLines: number;
  readonly deliveries: number;
  readonly webhookAnswers: number;
  readonly deviceMessages: number;
}

/** Bodies may have 64 KB. */
const ROWS_PER_TURN = 50;
const SHORT_ROWS_PER_TURN = 500;

/** Forgets somebody wherever a text that others wrote speaks of them, a little at a time. */
export async function forgetMentions(db: Database, accountId: string, mentions: Mentions): Promise<Forgotten> {
  return {
    rejectedRequests: await forgetRejected(db, accountId, mentions),
    sandboxRequests: await forgetSandboxRequests(db, accountId, mentions),
    fileLines: await forgetLines(db, accountId, mentions),
    deliveries: await forgetDeliveries(db, accountId, mentions),
    webhookAnswers: await forgetWebhookAnswers(db, accountId, mentions),
    deviceMessages: await forgetDeviceMessages(db, mentions),
  };
}

interface Pages<Row, Key> {
  readonly first: Key;
  readonly limit: number;
  readonly read: (after: Key) => Promise<readonly Row[]>;
  readonly keyOf: (row: Row) => Key;
  /** Answers how many of the rows are gone. */
  readonly forget: (rows: readonly Row[]) => Promise<number>;
}

async function inPages<Row, Key>({ first, limit, read, keyOf, forget }: Pages<Row, Key>): Promise<number> {
  let forgotten = 0;
  for (let after = first; ; ) {
    const rows = await read(after);
    forgotten += await forget(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return forgotten;
    after = keyOf(last);
    await nextTurn();
  }
}

/** Of the account, and of callers that could not be told. */
const forgetRejected = (db: Database, accountId: string, mentions: Mentions): Promise<number> =>
  inPages({
    first: 0,
    limit: ROWS_PER_TURN,
    read: (after) =>
      db.read
        .select()
        .from(rejectedRequests)
        .where(
          and(
            gt(rejectedRequests.id, after),
            or(eq(rejectedRequests.accountId, accountId), isNull(rejectedRequests.accountId)),
          ),
        )
        .orderBy(asc(rejectedRequests.id))
        .limit(ROWS_PER_TURN),
    keyOf: ({ id }) => id,
    forget: async (rows) => {
      const meant = rows.filter(({ path, idempotencyKey, body, error, details }) =>
        [path, idempotencyKey, body, error, details].some((text) => text !== null && mentions(text)),
      );
      await db.transaction(({ query }) =>
        query.delete(rejectedRequests).where(inArray(rejectedRequests.id, idsOf(meant))),
      );
      return meant.length;
    },
  });

const forgetSandboxRequests = (db: Database, accountId: string, mentions: Mentions): Promise<number> =>
  inPages({
    first: 0,
    limit: ROWS_PER_TURN,
    read: (after) =>
      db.read
        .select()
        .from(sandboxRequests)
        .where(and(eq(sandboxRequests.accountId, accountId), gt(sandboxRequests.id, after)))
        .orderBy(asc(sandboxRequests.id))
        .limit(ROWS_PER_TURN),
    keyOf: ({ id }) => id,
    forget: async (rows) => {
      const meant = rows.filter(({ path, body, problems }) => [path, body, problems].some(mentions));
      await db.transaction(({ query }) =>
        query.delete(sandboxRequests).where(inArray(sandboxRequests.id, idsOf(meant))),
      );
      return meant.length;
    },
  });

const ERASED: LineError = { error: "The person was erased on request.", code: "ERASED" };

/** Lines of files: those to be done are cancelled, and what was wrong with others is forgotten. */
async function forgetLines(db: Database, accountId: string, mentions: Mentions): Promise<number> {
  const jobs = await db.read.select({ id: bulkJobs.id }).from(bulkJobs).where(eq(bulkJobs.accountId, accountId));
  let forgotten = 0;
  for (const { id } of jobs) {
    forgotten += await inPages({
      first: 0,
      limit: SHORT_ROWS_PER_TURN,
      read: (after) =>
        db.read
          .select()
          .from(bulkRows)
          .where(and(eq(bulkRows.jobId, id), gt(bulkRows.line, after)))
          .orderBy(asc(bulkRows.line))
          .limit(SHORT_ROWS_PER_TURN),
      keyOf: ({ line }) => line,
      forget: async (rows) => {
        const meant = rows.filter(({ input, error }) => [input, error].some((text) => text !== null && mentions(text)));
        if (meant.length === 0) return 0;
        await db.transaction(async ({ query }) => {
          const lines = meant.map(({ line }) => line);
          const ofThese = and(eq(bulkRows.jobId, id), inArray(bulkRows.line, lines));
          await query
            .update(bulkRows)
            .set({ error: JSON.stringify(ERASED) })
            .where(and(ofThese, eq(bulkRows.state, "failed")));
          const cancelled = await query
            .update(bulkRows)
            .set({ state: "cancelled", input: null })
            .where(and(ofThese, eq(bulkRows.state, "pending")))
            .returning({ line: bulkRows.line });
          await query
            .update(bulkJobs)
            .set({ cancelled: sql`${bulkJobs.cancelled} + ${cancelled.length}` })
            .where(eq(bulkJobs.id, id));
        });
        return meant.length;
      },
    });
  }
  return forgotten;
}

/** Keys of deliveries are the caller's own words, such as an address. */
const forgetDeliveries = (db: Database, accountId: string, mentions: Mentions): Promise<number> =>
  inPages({
    first: "",
    limit: SHORT_ROWS_PER_TURN,
    read: (after) =>
      db.read
        .select({ key: idempotencyKeys.key })
        .from(idempotencyKeys)
        .where(and(eq(idempotencyKeys.accountId, accountId), gt(idempotencyKeys.key, after)))
        .orderBy(asc(idempotencyKeys.key))
        .limit(SHORT_ROWS_PER_TURN),
    keyOf: ({ key }) => key,
    forget: async (rows) => {
      const meant = rows.filter(({ key }) => mentions(key)).map(({ key }) => key);
      if (meant.length === 0) return 0;
      await db.transaction(({ query }) =>
        query
          .delete(idempotencyKeys)
          .where(and(eq(idempotencyKeys.accountId, accountId), inArray(idempotencyKeys.key, meant))),
      );
      return meant.length;
    },
  });

/** Some receivers answer with what they were sent. */
async function forgetWebhookAnswers(db: Database, accountId: string, mentions: Mentions): Promise<number> {
  const receivers = await db.read.select({ id: webhooks.id }).from(webhooks).where(eq(webhooks.accountId, accountId));
  let forgotten = 0;
  for (const { id } of receivers) {
    forgotten += await inPages({
      first: 0,
      limit: SHORT_ROWS_PER_TURN,
      read: (after) =>
        db.read
          .select({ id: webhookResults.id, responseBody: webhookResults.responseBody })
          .from(webhookResults)
          .where(and(eq(webhookResults.webhookId, id), gt(webhookResults.id, after)))
          .orderBy(asc(webhookResults.id))
          .limit(SHORT_ROWS_PER_TURN),
      keyOf: (row) => row.id,
      forget: async (rows) => {
        const meant = rows.filter(({ responseBody }) => responseBody !== null && mentions(responseBody));
        if (meant.length === 0) return 0;
        await db.transaction(({ query }) =>
          query
            .update(webhookResults)
            .set({ responseBody: null })
            .where(inArray(webhookResults.id, idsOf(meant))),
        );
        return meant.length;
      },
    });
  }
  return forgotten;
}

/** Phones may name passes in what they report; the kind of message, without names, stays. */
async function forgetDeviceMessages(db: Database, mentions: Mentions): Promise<number> {
  const rows = await db.read.select().from(deviceLogs);
  const meant = rows.filter(({ example }) => mentions(example)).map(({ message }) => message);
  if (meant.length === 0) return 0;
  await db.transaction(({ query }) =>
    query
      .update(deviceLogs)
      .set({ example: sql`${deviceLogs.message}` })
      .where(inArray(deviceLogs.message, meant)),
  );
  return meant.length;
}

const idsOf = (rows: readonly { readonly id: number }[]): number[] => rows.map(({ id }) => id);

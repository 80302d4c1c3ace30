import { and, asc, count, desc, eq, lte, sql } from "drizzle-orm";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { outbox, outboxLanes } from "../db/schema.ts";

/** The queries of the outbox that every webhook and every job runs. */

export const insertLane = prepared((query) =>
  query
    .insert(outboxLanes)
    .values({ ...givenRow(outboxLanes, "alarm", "lastDoneAt", "lastError", "lastErrorAt") })
    .onConflictDoNothing()
    .prepare(),
);

export const siblingsOf = prepared((query) =>
  query
    .select({ id: outbox.id, kind: outbox.kind, state: outbox.state })
    .from(outbox)
    .where(eq(outbox.orderingKey, given("orderingKey")))
    .prepare(),
);

export const insertJob = prepared((query) =>
  query
    .insert(outbox)
    .values(givenRow(outbox, "id", "failingSince", "leaseToken", "leaseUntil", "lastError"))
    .onConflictDoNothing({ target: outbox.idempotencyKey })
    .prepare(),
);

/** `kinds` is a JSON list. */
export const openLanes = prepared((query) =>
  query
    .select()
    .from(outboxLanes)
    .where(
      and(
        lte(outboxLanes.closedUntil, given("now")),
        sql`${outboxLanes.kind} in (select value from json_each(${given("kinds")}))`,
      ),
    )
    .orderBy(desc(outboxLanes.kind))
    .prepare(),
);

const dueIn = and(
  eq(outbox.accountId, given("accountId")),
  eq(outbox.kind, given("kind")),
  eq(outbox.channel, given("channel")),
  sql`${outbox.state} = 'ready'`,
  lte(outbox.runAt, given("now")),
);

export const dueInLane = prepared((query) =>
  query
    .select({ id: outbox.id })
    .from(outbox)
    .where(dueIn)
    .orderBy(asc(outbox.runAt), asc(outbox.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

export const newestInLane = prepared((query) =>
  query
    .select({ id: outbox.id })
    .from(outbox)
    .where(dueIn)
    .orderBy(desc(outbox.runAt), desc(outbox.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

const together = and(dueIn, sql`${outbox.alone} = 0`);

export const dueTogether = prepared((query) =>
  query
    .select({ id: outbox.id })
    .from(outbox)
    .where(together)
    .orderBy(asc(outbox.runAt), asc(outbox.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

export const countTogether = prepared((query) =>
  query
    .select({ count: count() })
    .from(query.select({ id: outbox.id }).from(outbox).where(together).limit(sql.placeholder("limit")).as("some"))
    .prepare(),
);

/** `ids` is a JSON list. */
export const renewLeases = prepared((query) =>
  query
    .update(outbox)
    .set({ leaseUntil: sql`${given("leaseUntil")}` })
    .where(
      and(
        sql`${outbox.id} in (select value from json_each(${given("ids")}))`,
        eq(outbox.leaseToken, given("leaseToken")),
      ),
    )
    .prepare(),
);

export const firstExpired = prepared((query) =>
  query
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(sql`${outbox.state} = 'leased'`, lte(outbox.leaseUntil, given("now"))))
    .limit(1)
    .prepare(),
);

/** `ids` is a JSON list, so that the text of the query is the same for any number of jobs. */
export const leaseReady = prepared((query) =>
  query
    .update(outbox)
    .set({ state: "leased", leaseToken: sql`${given("leaseToken")}`, leaseUntil: sql`${given("leaseUntil")}` })
    .where(and(sql`${outbox.id} in (select value from json_each(${given("ids")}))`, sql`${outbox.state} = 'ready'`))
    .returning()
    .prepare(),
);

export const deleteHeld = prepared((query) =>
  query
    .delete(outbox)
    .where(and(eq(outbox.id, given("id")), eq(outbox.leaseToken, given("leaseToken"))))
    .returning({ id: outbox.id })
    .prepare(),
);

export const promoteNext = prepared((query) =>
  query
    .update(outbox)
    .set({ state: "ready" })
    .where(
      sql`${outbox.id} = (select min(id) from outbox where ordering_key = ${given("orderingKey")} and state = 'waiting')
        and not exists (select 1 from outbox where ordering_key = ${given("orderingKey")} and state in ('ready', 'leased'))`,
    )
    .prepare(),
);

export const laneOfJob = prepared((query) =>
  query
    .select()
    .from(outboxLanes)
    .where(
      and(
        eq(outboxLanes.accountId, given("accountId")),
        eq(outboxLanes.kind, given("kind")),
        eq(outboxLanes.channel, given("channel")),
      ),
    )
    .prepare(),
);

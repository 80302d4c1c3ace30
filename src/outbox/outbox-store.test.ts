import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq, sql } from "drizzle-orm";
import { TEST_NOW } from "../../test/support/clock.ts";
import { ACCOUNT, createTestDatabase, OTHER_ACCOUNT, type TestDatabase } from "../../test/support/database.ts";
import { outbox } from "../db/schema.ts";
import type { LeasedJob, NewJob } from "./job.ts";
import { createOutboxStore, type JobRow, type OutboxStore } from "./outbox-store.ts";

const LEASE = 30_000;
const KINDS = ["state", "event", "other"];
let opened: TestDatabase;
let store: OutboxStore;
beforeEach(async () => {
  opened = await createTestDatabase();
  store = createOutboxStore(opened.db);
});
afterEach(() => opened[Symbol.dispose]());

let made = 0;
/** `event:A` is a job of that kind and ordering key. */
function job(name: string, more: Partial<NewJob> = {}): NewJob {
  const [kind = "", orderingKey = ""] = name.split(":");
  const idempotencyKey = `${name}:${++made}`;
  const nature = kind === "state" ? "state" : "event";
  return {
    accountId: ACCOUNT,
    channel: "klaviyo",
    kind,
    orderingKey,
    idempotencyKey,
    nature,
    payload: { made },
    ...more,
  };
}
const enqueue = (...jobs: readonly NewJob[]) => opened.db.transaction((tx) => store.enqueue(tx, jobs, TEST_NOW));
const claim = (now = TEST_NOW, limit = 100, kinds: readonly string[] = KINDS) => store.claim(kinds, now, limit, LEASE);
/** All jobs as `kind:key state`, in order. */
const states = async () => {
  const rows = await opened.db.read.select().from(outbox).orderBy(outbox.id);
  return rows.map(({ kind, orderingKey, state }) => `${kind}:${orderingKey} ${state}`);
};
const named = (jobs: readonly LeasedJob[]) => jobs.map(({ kind, orderingKey }) => `${kind}:${orderingKey}`);
async function rowOf({ id }: LeasedJob): Promise<JobRow> {
  const [row] = await opened.db.read.select().from(outbox).where(eq(outbox.id, id));
  if (!row) throw new Error(`job ${id} is gone`);
  return row;
}
async function claimOne(now?: number): Promise<LeasedJob> {
  const [first] = await claim(now, 1);
  if (!first) throw new Error("nothing is due");
  return first;
}

describe("enqueuing", () => {
  test("the first of a key is ready, the others wait for it; other keys do not", async () => {
    await enqueue(job("event:A"), job("event:A"), job("event:B"));
    await enqueue(job("event:A"));
    expect(await states()).toEqual(["event:A ready", "event:A waiting", "event:B ready", "event:A waiting"]);
  });

  test("the same promise again does nothing", async () => {
    const promise = job("event:A");
    await enqueue(promise, promise);
    await enqueue(promise);
    expect(await states()).toEqual(["event:A ready"]);
  });

  test("a state is covered by one that waits or is ready, but not by one on its way", async () => {
    await enqueue(job("state:A"));
    await enqueue(job("state:A"), job("event:A"), job("state:A"));
    expect(await states()).toEqual(["state:A ready", "event:A waiting"]);
    await claimOne();
    await enqueue(job("state:A"));
    await enqueue(job("state:A"));
    expect(await states()).toEqual(["state:A leased", "event:A waiting", "state:A waiting"]);
  });

  test("a dead state gives way to a newer one; a dead event stays", async () => {
    await enqueue(job("state:A"), job("event:A"));
    await store.bury(await claimOne(), "no");
    await store.bury(await claimOne(), "no");
    expect(await states()).toEqual(["state:A dead", "event:A dead"]);
    await enqueue(job("state:A"), job("event:A"));
    expect(await states()).toEqual(["event:A dead", "state:A ready", "event:A waiting"]);
  });

  test("is told of once it is on disk, and not at all when it failed", async () => {
    let told = 0;
    store.onEnqueued(() => {
      told++;
    });
    await opened.db.transaction(async (tx) => {
      await store.enqueue(tx, [job("event:A")], TEST_NOW);
      expect(told).toBe(0);
    });
    expect(told).toBe(1);
    const failed = opened.db.transaction(async (tx) => {
      await store.enqueue(tx, [job("event:B")], TEST_NOW);
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(told).toBe(1);
    expect(await states()).toEqual(["event:A ready"]);
  });
});

describe("claiming", () => {
  test("takes what is due, of the kinds asked for, up to the limit", async () => {
    await enqueue(job("event:A"), job("event:B", { runAt: TEST_NOW + 1 }), job("other:C"));
    expect(named(await claim(TEST_NOW, 100, ["event"]))).toEqual(["event:A"]);
    expect(await claim(TEST_NOW, 100, ["event"])).toEqual([]);
    expect(named(await claim(TEST_NOW + 1, 1))).toEqual(["other:C"]);
    expect(named(await claim(TEST_NOW + 1, 1))).toEqual(["event:B"]);
  });

  test("lanes take turns: a backlog of one kind or account does not hold up another", async () => {
    const backlog = Array.from({ length: 20 }, (_, i) => job(`event:A${i}`));
    await enqueue(...backlog, job("state:B"), job("event:C", { accountId: OTHER_ACCOUNT }));
    expect(named(await claim(TEST_NOW, 3)).sort()).toEqual(["event:A0", "event:C", "state:B"]);
  });

  test("two who claim at once never get the same job", async () => {
    await enqueue(...Array.from({ length: 20 }, (_, i) => job(`event:A${i}`)));
    const claims = await Promise.all([claim(TEST_NOW, 15), claim(TEST_NOW, 15), claim(TEST_NOW, 15)]);
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("a lease that ran out is ready again, as a failed attempt", async () => {
    await enqueue(job("event:A"), job("event:A"));
    const first = await claimOne();
    expect(await claim(TEST_NOW + LEASE - 1)).toEqual([]);
    const second = await claimOne(TEST_NOW + LEASE);
    expect(second).toMatchObject({ id: first.id, attempts: 1, failingSince: TEST_NOW + LEASE });
    expect(second.leaseToken).not.toBe(first.leaseToken);
    expect((await rowOf(second)).lastError).toContain("stopped while it was doing this");
  });

  test("also waits for a lane that is closed", async () => {
    await enqueue(job("event:A"), job("event:B"));
    const [first, second] = await claim();
    if (!first || !second) throw new Error("two were due");
    await store.closeLanes(second, "channel", TEST_NOW + 2 * LEASE, null);
    expect(await claim(TEST_NOW + LEASE)).toEqual([]);
    expect(await claim(TEST_NOW + 2 * LEASE)).toHaveLength(2);
  });
});

describe("what becomes of a job", () => {
  beforeEach(() => enqueue(job("event:A"), job("event:A"), job("event:A")));

  test("done: it is gone, what it brought is stored, the next may run", async () => {
    await store.finish(await claimOne(), async ({ query }) => {
      await query.run(sql`UPDATE accounts SET name = 'recorded' WHERE id = ${ACCOUNT}`);
    });
    expect(await states()).toEqual(["event:A ready", "event:A waiting"]);
    const rows = await opened.db.read.query.accounts.findMany();
    expect(rows.map(({ name }) => name)).toContain("recorded");
  });

  test("done, but what it brought cannot be stored: nothing has happened", async () => {
    const mine = await claimOne();
    await expect(store.finish(mine, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await states()).toEqual(["event:A leased", "event:A waiting", "event:A waiting"]);
  });

  test("retried: the others of its key go on waiting", async () => {
    const mine = await claimOne();
    await store.retryLater(mine, "500", TEST_NOW, TEST_NOW + 1_000);
    expect(await states()).toEqual(["event:A ready", "event:A waiting", "event:A waiting"]);
    expect(await claim(TEST_NOW + 999)).toEqual([]);
    expect(await claimOne(TEST_NOW + 1_000)).toMatchObject({ id: mine.id, attempts: 1, failingSince: TEST_NOW });
  });

  test("buried: kept, and the next may run", async () => {
    const mine = await claimOne();
    await store.bury(mine, "400");
    expect(await states()).toEqual(["event:A dead", "event:A ready", "event:A waiting"]);
    expect(await rowOf(mine)).toMatchObject({ attempts: 1, lastError: "400", leaseToken: null, leaseUntil: null });
  });

  test("put back: as it was", async () => {
    const mine = await claimOne();
    const before = await rowOf(mine);
    await store.release([mine]);
    expect(await rowOf(mine)).toEqual({ ...before, state: "ready", leaseToken: null, leaseUntil: null });
  });

  test("re-driven: first in its row again, with a fresh start", async () => {
    const mine = await claimOne();
    await store.bury(mine, "400");
    const [revived] = await store.redrive({ accountId: ACCOUNT, id: mine.id }, TEST_NOW + 5);
    expect(revived).toMatchObject({ id: mine.id, attempts: 0, failingSince: null });
    expect(await states()).toEqual(["event:A waiting", "event:A ready", "event:A waiting"]);
    await store.finish(await claimOne());
    expect(await claimOne(TEST_NOW + 5)).toMatchObject({ id: mine.id });
    expect(await store.redrive({ accountId: OTHER_ACCOUNT }, TEST_NOW)).toEqual([]);
  });

  test.each<[string, (job: LeasedJob) => Promise<unknown>]>([
    ["finish", (mine) => store.finish(mine, () => Promise.reject(new Error("was recorded")))],
    ["retry", (mine) => store.retryLater(mine, "late", TEST_NOW, TEST_NOW)],
    ["bury", (mine) => store.bury(mine, "late")],
    ["put back", (mine) => store.release([mine], { lastError: "late" })],
  ])("whoever lost the lease cannot %s it", async (_, act) => {
    const stale = await claimOne();
    const mine = await claimOne(TEST_NOW + LEASE);
    const before = await rowOf(mine);
    await act(stale);
    expect(await rowOf(mine)).toEqual(before);
    await store.finish(mine);
    expect(await states()).toEqual(["event:A ready", "event:A waiting"]);
  });
});

test.each([
  ["two of a key on their way", sql`UPDATE outbox SET state = 'ready'`],
  ["a lease without a token", sql`UPDATE outbox SET state = 'leased' WHERE id = 1`],
  ["a token without a lease", sql`UPDATE outbox SET lease_token = 'x', lease_until = 1 WHERE id = 1`],
  ["a token without an end", sql`UPDATE outbox SET state = 'leased', lease_token = 'x' WHERE id = 1`],
  ["an unknown state", sql`UPDATE outbox SET state = 'lost' WHERE id = 1`],
])("the database itself refuses %s", async (_, statement) => {
  await enqueue(job("event:A"), job("event:A"));
  const update = opened.db.transaction(async ({ query }) => query.run(statement));
  await expect(update).rejects.toThrow();
  expect(await states()).toEqual(["event:A ready", "event:A waiting"]);
});

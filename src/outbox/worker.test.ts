import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createFakeClock, type FakeClock } from "../../test/support/clock.ts";
import { ACCOUNT, createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { silentLog } from "../log.ts";
import type { JobHandler, NewJob, Outcome } from "./job.ts";
import { createOutboxStore, type JobRow, type OutboxStore } from "./outbox-store.ts";
import { createWorker, type Worker } from "./worker.ts";

const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;

let opened: TestDatabase;
let clock: FakeClock;
let store: OutboxStore;
let workers: Worker[];
beforeEach(async () => {
  opened = await createTestDatabase();
  clock = createFakeClock();
  store = createOutboxStore(opened.db);
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.drain(0);
  opened[Symbol.dispose]();
});

function work(handlers: Readonly<Record<string, JobHandler>>, concurrency?: number): Worker {
  const worker = createWorker({ store, handlers, clock, log: silentLog, ...(concurrency ? { concurrency } : {}) });
  workers.push(worker);
  worker.start();
  return worker;
}
const enqueue = (...names: readonly string[]) =>
  opened.db.transaction((tx) =>
    store.enqueue(
      tx,
      names.map((name, i): NewJob => {
        const [kind = "", orderingKey = ""] = name.split(":");
        const idempotencyKey = `${name}:${i}`;
        return { accountId: ACCOUNT, channel: "c", kind, orderingKey, idempotencyKey, nature: "event", payload: {} };
      }),
      clock.now(),
    ),
  );
const jobs = async (): Promise<readonly JobRow[]> => (await store.list({ accountId: ACCOUNT }, { limit: 100 })).items;
const states = async () => (await jobs()).map(({ kind, orderingKey, state }) => `${kind}:${orderingKey} ${state}`);
const lanes = async () =>
  (await store.lanes(ACCOUNT)).map(({ kind, closedUntil, alarm }) => ({ kind, closedUntil, alarm }));

/** A handler that waits until it is let go. */
function held(outcome: Outcome = { type: "done" }) {
  const begun: { signal: AbortSignal; orderingKey: string }[] = [];
  const release = Promise.withResolvers<void>();
  const arrivals = Promise.withResolvers<void>();
  const handler: JobHandler = async ({ orderingKey }, signal) => {
    begun.push({ signal, orderingKey });
    arrivals.resolve();
    await release.promise;
    return outcome;
  };
  return { handler, begun, arrived: arrivals.promise, release: release.resolve };
}

describe("outcomes", () => {
  const result = async (outcome: Outcome | Error) => {
    const worker = work({ event: async () => (outcome instanceof Error ? Promise.reject(outcome) : outcome) });
    await enqueue("event:A", "other:B");
    await worker.idle();
    const row = (await jobs()).find(({ kind }) => kind === "event");
    return row && { state: row.state, attempts: row.attempts, lastError: row.lastError, wait: row.runAt - clock.now() };
  };

  test("done", async () => expect(await result({ type: "done" })).toBeUndefined());
  test("retry", async () => {
    const expected = { state: "ready", attempts: 1, lastError: "500", wait: 500 } as const;
    expect(await result({ type: "retry", reason: "500" })).toEqual(expected);
  });
  test("retry, but not before a time that the target named", async () => {
    expect(await result({ type: "retry", reason: "500", notBeforeMs: 9 * SECOND })).toMatchObject({ wait: 9 * SECOND });
  });
  test("a defect counts as one to be tried again", async () => {
    const expected = { state: "ready", attempts: 1, lastError: "defect", wait: 500 } as const;
    expect(await result(new Error("defect"))).toEqual(expected);
  });
  test("bury", async () => {
    expect(await result({ type: "bury", reason: "400" })).toMatchObject({
      state: "dead",
      attempts: 1,
      lastError: "400",
    });
  });
  test("throttled: every lane of the channel waits", async () => {
    const until = clock.now() + 30 * SECOND;
    const job = await result({ type: "throttled", retryAfterMs: 30 * SECOND, reason: "429" });
    expect(job).toMatchObject({ state: "ready", attempts: 0, lastError: "429" });
    expect(await lanes()).toEqual([
      { kind: "event", closedUntil: until, alarm: null },
      { kind: "other", closedUntil: until, alarm: null },
    ]);
  });
  test.each([
    ["kind", 0, null],
    ["channel", 15 * 60 * SECOND, "401"],
  ] as const)("blocked: the %s stops, with an alarm", async (scope, other, alarm) => {
    const job = await result({ type: "blocked", scope, reason: "401" });
    expect(job).toMatchObject({ state: "ready", attempts: 0, lastError: "401" });
    expect(await lanes()).toEqual([
      { kind: "event", closedUntil: clock.now() + 15 * 60 * SECOND, alarm: "401" },
      { kind: "other", closedUntil: other === 0 ? 0 : clock.now() + other, alarm },
    ]);
  });

  test("a success ends the alarm", async () => {
    const outcomes: Outcome[] = [{ type: "blocked", scope: "kind", reason: "403" }];
    const worker = work({ event: async () => outcomes.shift() ?? { type: "done" } });
    await enqueue("event:A");
    await worker.idle();
    clock.advance(15 * 60 * SECOND);
    await worker.idle();
    expect(await lanes()).toEqual([{ kind: "event", closedUntil: 0, alarm: null }]);
  });

  test("the alarm of a whole channel ends in all its lanes, and not that of a kind", async () => {
    const refused: Outcome = { type: "blocked", scope: "channel", reason: "401" };
    const outcomes: Outcome[] = [refused];
    const worker = work({
      event: async () => outcomes.shift() ?? { type: "done" },
      other: async () => ({ type: "blocked", scope: "kind", reason: "403" }),
    });
    await enqueue("event:A", "idle:B");
    await worker.idle();
    expect((await lanes()).map(({ kind, alarm }) => [kind, alarm])).toEqual([
      ["event", "401"],
      ["idle", "401"],
    ]);
    await enqueue("other:C");
    await worker.idle();
    clock.advance(15 * 60 * SECOND);
    await worker.idle();
    expect((await lanes()).map(({ kind, alarm }) => [kind, alarm])).toEqual([
      ["event", null],
      ["idle", null],
      ["other", "403"],
    ]);
  });

  test("seven days of failures end it", async () => {
    let tries = 0;
    const worker = work({
      event: async () => {
        tries++;
        return { type: "retry", reason: "500" };
      },
    });
    await enqueue("event:A");
    const startedAt = clock.now();
    for (let row = (await jobs())[0]; row && row.state !== "dead"; [row] = await jobs()) {
      clock.set(Math.max(clock.now(), row.runAt));
      clock.advance(SECOND);
      await worker.idle();
    }
    const failedFor = clock.now() - startedAt;
    expect(failedFor).toBeGreaterThanOrEqual(7 * DAY);
    expect(failedFor).toBeLessThan(8 * DAY + 60 * SECOND);
    expect((await jobs())[0]).toMatchObject({
      state: "dead",
      attempts: tries,
      lastError: "500 (tried for seven days)",
    });
  });
});

describe("how it works", () => {
  test("so many at a time, and the next as soon as one is done", async () => {
    const { handler, begun, arrived, release } = held();
    const worker = work({ event: handler }, 3);
    await enqueue(...Array.from({ length: 10 }, (_, i) => `event:${i}`));
    await arrived;
    expect(begun).toHaveLength(3);
    release();
    await worker.idle();
    expect(begun).toHaveLength(10);
    expect(await jobs()).toEqual([]);
  });

  test("leaves alone what it has no handler for", async () => {
    const worker = work({ event: async () => ({ type: "done" }) });
    await enqueue("event:A", "unknown:B");
    await worker.idle();
    expect(await states()).toEqual(["unknown:B ready"]);
  });

  test("finds within a second what another process enqueued", async () => {
    const worker = work({ event: async () => ({ type: "done" }) });
    await worker.idle();
    // Its store tells no worker here.
    store = createOutboxStore(opened.db);
    await enqueue("event:A");
    expect(await states()).toEqual(["event:A ready"]);
    clock.advance(SECOND);
    await worker.idle();
    expect(await states()).toEqual([]);
  });

  test("tells a handler to stop before its lease ends", async () => {
    const { handler, begun, arrived, release } = held();
    const worker = work({ event: handler });
    await enqueue("event:A");
    await arrived;
    clock.advance(25 * SECOND - 1);
    expect(begun[0]?.signal.aborted).toBe(false);
    clock.advance(1);
    expect(begun[0]?.signal.aborted).toBe(true);
    release();
    await worker.idle();
  });

  test("what a worker says that lost its lease is not stored", async () => {
    let recorded = false;
    const slow = held({
      type: "done",
      record: async () => {
        recorded = true;
      },
    });
    const first = work({ event: slow.handler });
    await enqueue("event:A");
    await slow.arrived;
    const quick = held({ type: "bury", reason: "by the second" });
    const second = work({ event: quick.handler });
    quick.release();
    clock.advance(31 * SECOND);
    await second.idle();
    slow.release();
    await first.idle();
    expect(recorded).toBe(false);
    expect((await jobs())[0]).toMatchObject({ state: "dead", lastError: "by the second" });
  });

  test("puts back what is not finished when it is time to stop, and claims no more", async () => {
    const { handler, begun, arrived, release } = held();
    const worker = work({ event: handler }, 1);
    await enqueue("event:A", "event:B");
    await arrived;
    const drained = worker.drain(10 * SECOND);
    // Until it has set its timer.
    await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(10 * SECOND);
    await drained;
    expect(begun[0]?.signal.aborted).toBe(true);
    expect((await jobs()).map(({ state, attempts }) => [state, attempts])).toEqual([
      ["ready", 0],
      ["ready", 0],
    ]);
    release();
    await worker.idle();
    clock.advance(60 * SECOND);
    expect(begun).toHaveLength(1);
    expect(await states()).toEqual(["event:A ready", "event:B ready"]);
  });

  test("waits for what is finished in time", async () => {
    const { handler, arrived, release } = held();
    const worker = work({ event: handler });
    await enqueue("event:A");
    await arrived;
    const drained = worker.drain(10 * SECOND);
    release();
    await drained;
    expect(await jobs()).toEqual([]);
  });
});

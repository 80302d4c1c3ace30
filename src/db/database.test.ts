import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import SqliteDatabase from "better-sqlite3";
import { eq } from "drizzle-orm";
import { createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { AppError } from "../errors.ts";
import type { Transaction } from "./database.ts";
import { accounts } from "./schema.ts";

let opened: TestDatabase;
beforeEach(async () => {
  opened = await createTestDatabase();
});
afterEach(() => opened[Symbol.dispose]());

const insert = (tx: Transaction, name: string) =>
  tx.query.insert(accounts).values({ id: `aid_${name}`, name, createdAt: 0 });
/** What is committed. */
const names = async () => {
  const rows = await opened.db.read.select({ name: accounts.name }).from(accounts).where(eq(accounts.createdAt, 0));
  return rows.map(({ name }) => name).sort();
};
const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i).padStart(3, "0"));

describe("transactions that arrive together", () => {
  test("run one after the other, in the order in which they came, each with its own result", async () => {
    const order: string[] = [];
    const results = await Promise.all(
      numbers(200).map((name) =>
        opened.db.transaction(async (tx) => {
          order.push(`${name} begins`);
          await insert(tx, name);
          await Promise.resolve();
          order.push(`${name} ends`);
          return name;
        }),
      ),
    );
    expect(results).toEqual(numbers(200));
    expect(order).toEqual(numbers(200).flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(await names()).toEqual(numbers(200));
  });

  test("see what those before them wrote, also before it is committed", async () => {
    const [, seen] = await Promise.all([
      opened.db.transaction((tx) => insert(tx, "a")),
      opened.db.transaction(({ query }) => query.select().from(accounts).where(eq(accounts.id, "aid_a"))),
    ]);
    expect(seen).toHaveLength(1);
  });

  test("undo only their own when they fail", async () => {
    const outcomes = await Promise.allSettled(
      numbers(20).map((name, i) =>
        opened.db.transaction(async (tx) => {
          await insert(tx, name);
          if (i % 5 === 3) throw new Error(`${name} failed`);
          return name;
        }),
      ),
    );
    const failed = numbers(20).filter((_, i) => i % 5 === 3);
    expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : String(one.reason.message)))).toEqual(
      numbers(20).map((name) => (failed.includes(name) ? `${name} failed` : name)),
    );
    expect(await names()).toEqual(numbers(20).filter((name) => !failed.includes(name)));
  });

  test("are not harmed by one that breaks a rule of the database", async () => {
    const outcomes = await Promise.allSettled([
      opened.db.transaction((tx) => insert(tx, "a")),
      opened.db.transaction(async (tx) => {
        await insert(tx, "b");
        await insert(tx, "a");
      }),
      opened.db.transaction((tx) => insert(tx, "c")),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await names()).toEqual(["a", "c"]);
  });
});

describe("a failure", () => {
  test("is given to the caller as it was thrown", async () => {
    const reason = new AppError("conflict", "no");
    const failure = await opened.db.transaction(() => Promise.reject(reason)).catch((error: unknown) => error);
    expect(failure).toBe(reason);
  });

  test("undoes everything, and the next transaction works", async () => {
    const failed = opened.db.transaction(async (tx) => {
      await insert(tx, "a");
      await insert(tx, "b");
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await names()).toEqual([]);
    await opened.db.transaction((tx) => insert(tx, "a"));
    expect(await names()).toEqual(["a"]);
  });
});

describe("after the commit", () => {
  test("callbacks run, in order, when everybody can read what was written", async () => {
    const seen: unknown[] = [];
    const look = (name: string) => () => {
      const reader = new SqliteDatabase(opened.path, { readonly: true });
      seen.push([name, reader.prepare("SELECT count(*) FROM accounts WHERE created_at = 0").pluck().get()]);
      reader.close();
    };
    await Promise.all(
      ["a", "b"].map((name) =>
        opened.db.transaction(async (tx) => {
          tx.afterCommit(look(name));
          await insert(tx, name);
          tx.afterCommit(look(`${name} again`));
          expect(seen).toEqual([]);
        }),
      ),
    );
    expect(seen).toEqual([
      ["a", 2],
      ["a again", 2],
      ["b", 2],
      ["b again", 2],
    ]);
  });

  test("of a transaction that failed none runs", async () => {
    let ran = false;
    const failed = opened.db.transaction(async (tx) => {
      tx.afterCommit(() => {
        ran = true;
      });
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    await opened.db.transaction((tx) => insert(tx, "a"));
    expect(ran).toBe(false);
  });
});

test("the reading connection sees what is committed only, and cannot write", async () => {
  await opened.db.transaction(async (tx) => {
    await insert(tx, "a");
    expect(await names()).toEqual([]);
  });
  expect(await names()).toEqual(["a"]);
  const write = async () => opened.db.read.insert(accounts).values({ id: "aid_x", name: "x", createdAt: 0 });
  await expect(write()).rejects.toThrow(/readonly|read-only/i);
});

test("another process's transaction is waited for without blocking this one", async () => {
  const other = new SqliteDatabase(opened.path);
  other.exec("BEGIN IMMEDIATE");
  let settled = false;
  const mine = opened.db
    .transaction((tx) => insert(tx, "a"))
    .finally(() => {
      settled = true;
    });
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(await names()).toEqual([]);
  expect(settled).toBe(false);
  other.exec("COMMIT");
  other.close();
  await mine;
  expect(await names()).toEqual(["a"]);
});

describe("whoever cannot be served in time is told so while they still listen", () => {
  const realNow = performance.now.bind(performance);
  let passedMs = 0;
  beforeEach(() => {
    passedMs = 0;
    spyOn(performance, "now").mockImplementation(() => realNow() + passedMs);
  });
  afterEach(() => {
    spyOn(performance, "now").mockRestore();
  });
  const outcomeOf = (pending: Promise<unknown>) =>
    pending.then(
      () => "stored",
      (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.message}` : String(error)),
    );
  const TRY_AGAIN = "unavailable: Nothing was stored: the database cannot be written now. Try again shortly.";
  const PATIENCE_MS = 3_000;
  const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

  test("those who wait behind others for a lock wait no longer than these", async () => {
    const other = new SqliteDatabase(opened.path);
    other.exec("BEGIN IMMEDIATE");
    const early = numbers(200).map((name) => outcomeOf(opened.db.transaction((tx) => insert(tx, name))));
    await nextTurn();
    passedMs = PATIENCE_MS - 100;
    const late = outcomeOf(opened.db.transaction((tx) => insert(tx, "late")));
    passedMs = PATIENCE_MS + 100;
    expect(new Set(await Promise.all(early))).toEqual(new Set([TRY_AGAIN]));
    other.exec("COMMIT");
    other.close();
    expect(await late).toBe("stored");
    expect(await names()).toEqual(["late"]);
  });

  test("a disk that stands still for seconds costs those who waited meanwhile, and nobody after them", async () => {
    const slow = opened.db.transaction(async (tx) => {
      await insert(tx, "slow");
      passedMs = PATIENCE_MS + 1_000;
    });
    // More than share the commit of the slow one.
    const waiting = numbers(100).map((name) => outcomeOf(opened.db.transaction((tx) => insert(tx, name))));
    await slow;
    const outcomes = await Promise.all(waiting);
    expect([outcomes[0], outcomes.at(-1)]).toEqual(["stored", TRY_AGAIN]);
    expect(await names()).toHaveLength(1 + outcomes.filter((outcome) => outcome === "stored").length);
    await opened.db.transaction((tx) => insert(tx, "after"));
    expect(await names()).toContain("after");
  });

  test("more than can be done in that time are not queued", async () => {
    const other = new SqliteDatabase(opened.path);
    other.exec("BEGIN IMMEDIATE");
    const MOST = 4_000;
    const queued = Array.from({ length: MOST }, (_, i) => opened.db.transaction((tx) => insert(tx, String(i))));
    expect(await outcomeOf(opened.db.transaction((tx) => insert(tx, "too many")))).toBe(TRY_AGAIN);
    other.exec("COMMIT");
    other.close();
    await Promise.all(queued);
    expect(await names()).toHaveLength(MOST);
  });
});

test("the settings that the promises rest on are in force", async () => {
  const pragma = async (name: string) => {
    const client = new SqliteDatabase(opened.path, { readonly: true });
    const value = client.pragma(name, { simple: true });
    client.close();
    return value;
  };
  expect(await pragma("journal_mode")).toBe("wal");
  const own = await opened.db.transaction(async ({ query }) => [
    query.get<[number]>("PRAGMA synchronous"),
    query.get<[number]>("PRAGMA foreign_keys"),
  ]);
  // 2: FULL.
  expect(own.map((row) => Object.values(row ?? {})[0])).toEqual([2, 1]);
});

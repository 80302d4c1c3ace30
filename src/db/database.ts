import SqliteDatabase from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { AppError } from "../errors.ts";
import { nextTurn } from "../next-turn.ts";
import * as schema from "./schema.ts";

/** Runs queries. Await each one: on SQLite they finish at once, on another database they would not. */
export type Queries = BetterSQLite3Database<typeof schema>;

/** The writer, inside a transaction. */
export interface Transaction {
  readonly query: Queries;
  /** Runs `callback` once the transaction is on disk; not at all if it is rolled back. */
  afterCommit(callback: () => void): void;
}

export interface Database extends Disposable {
  /** A read-only connection that sees what is committed. */
  readonly read: Queries;
  /**
   * Runs `work` in a transaction and resolves once it is fsynced. Transactions run one after the other; those that
   * arrive together share one commit, each in a savepoint of its own, so that a failure undoes only its own.
   * `work` holds database calls only. Throws `unavailable` when the disk is full, and when the turn of the transaction
   * does not come within three seconds: the database stays locked, the disk is slow, or too many wait already.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

interface PendingTransaction {
  /** On the clock of `performance.now()`. */
  readonly askedAt: number;
  run(): Promise<() => void>;
  reject(error: unknown): void;
}

/** Enough for a burst to share one fsync, small enough that nobody waits long for the others. */
const MAX_SHARED = 64;
/**
 * Less than the five seconds after which Klaviyo is assumed to give a webhook up for good: it must be told before that
 * nothing was stored, because what it is told so it sends again.
 */
const PATIENCE_MS = 3_000;
/** As many as are done in that time at the measured rate of webhooks (docs/performance.md). */
const MAX_WAITING = 4_000;
const LOCK_RETRY_MS = 5;
const RETRY_AFTER_MS = 5_000;
const OPENING_PATIENCE_MS = 5_000;
const CLOSING_PATIENCE_MS = 500;
const CHECKPOINT_PAGES = 250;
/** SQLite maps no more than this (SQLITE_MAX_MMAP_SIZE); what is beyond it is read as before. */
const MAPPED_BYTES = 2_147_418_112;

/**
 * Opens (or makes) the database file. Settings and their reasons: WAL so that readers never block; FULL because a
 * commit that was acknowledged to Klaviyo must survive a power cut, which NORMAL does not promise
 * (SQLite documentation, PRAGMA synchronous).
 */
export function openDatabase(path: string): Database {
  const writer = connect(path, { readonly: false });
  const reader = connect(path, { readonly: true });
  // The wait for another process's lock must not block the event loop: `begin` below waits asynchronously instead.
  writer.pragma("busy_timeout = 1");
  // Who was erased must not be read from unused parts of the file. Costs 4 % more bytes written (measured).
  writer.pragma("secure_delete = ON");
  // A checkpoint stops everything else. Small ones cost a few more fsyncs, and halve the longest pauses of a large database
  // (measured, docs/performance.md).
  writer.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);

  const statements = {
    begin: writer.prepare("BEGIN IMMEDIATE"),
    commit: writer.prepare("COMMIT"),
    rollback: writer.prepare("ROLLBACK"),
    savepoint: writer.prepare("SAVEPOINT shared"),
    release: writer.prepare("RELEASE shared"),
    undo: writer.prepare("ROLLBACK TO shared"),
  };
  const query = drizzle(writer, { schema });
  const queue: PendingTransaction[] = [];
  let _draining: Promise<void> | undefined;

  async function begin(patientUntil: number): Promise<void> {
    for (;;) {
      try {
        statements.begin.run();
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > patientUntil) throw error;
        await Bun.sleep(LOCK_RETRY_MS);
      }
    }
  }

  /** One shared commit. Whatever goes wrong, every pending transaction is settled and none is left open. */
  async function commitTogether(batch: readonly PendingTransaction[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      // The first of them has waited longest, and is not to wait longer than that for the lock.
      await begin(Math.min(...batch.map(({ askedAt }) => askedAt)) + PATIENCE_MS);
      for (const pending of batch) {
        statements.savepoint.run();
        try {
          settle.push(await pending.run());
          statements.release.run();
        } catch (error) {
          // A full disk makes SQLite roll back everything by itself: then the whole batch has failed.
          if (!writer.inTransaction) throw error;
          statements.undo.run();
          statements.release.run();
          settle.push(() => pending.reject(asUnavailable(error)));
        }
      }
      statements.commit.run();
    } catch (error) {
      if (writer.inTransaction) statements.rollback.run();
      for (const pending of batch) pending.reject(asUnavailable(error));
      return;
    }
    for (const finish of settle) finish();
  }

  async function drain(): Promise<void> {
    // Requests that were read from their sockets in the same turn of the event loop join this commit.
    await nextTurn();
    while (queue.length > 0) {
      const batch = queue.splice(0, MAX_SHARED);
      const tooLate = performance.now() - PATIENCE_MS;
      for (const { askedAt, reject } of batch) if (askedAt < tooLate) reject(notStored(BUSY));
      const inTime = batch.filter(({ askedAt }) => askedAt >= tooLate);
      if (inTime.length > 0) await commitTogether(inTime);
    }
    _draining = undefined;
  }

  return {
    read: drizzle(reader, { schema }),
    transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (queue.length >= MAX_WAITING) return reject(notStored(BUSY));
        queue.push({
          askedAt: performance.now(),
          reject,
          async run() {
            const callbacks: (() => void)[] = [];
            const result = await work({ query, afterCommit: (callback) => callbacks.push(callback) });
            return () => {
              resolve(result);
              for (const callback of callbacks) callback();
            };
          },
        });
        _draining ??= drain();
      });
    },
    [Symbol.dispose]() {
      if (!writer.open) return;
      reader.close();
      writer.pragma(`busy_timeout = ${CLOSING_PATIENCE_MS}`);
      try {
        writer.pragma("wal_checkpoint(TRUNCATE)");
      } catch (error) {
        // Another process is at work: it, or the next to close the file, will do this.
        if (!isPassing(error)) throw error;
      } finally {
        writer.close();
      }
    },
  };
}

function connect(path: string, options: { readonly: boolean }): SqliteDatabase.Database {
  const client = new SqliteDatabase(path, { ...options, timeout: OPENING_PATIENCE_MS });
  if (!options.readonly) {
    client.pragma("journal_mode = WAL");
    client.pragma("synchronous = FULL");
    client.pragma("journal_size_limit = 67108864");
  }
  client.pragma("foreign_keys = ON");
  client.pragma("temp_store = MEMORY");
  client.pragma("cache_size = -32000");
  // Pages that are not in the cache are read from the system's without a call: with a million passes most are (measured).
  client.pragma(`mmap_size = ${MAPPED_BYTES}`);
  return client;
}

const sqliteCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const isBusy = (error: unknown): boolean => sqliteCode(error).startsWith("SQLITE_BUSY");

/** Trouble of the disk or of a lock. */
const isPassing = (error: unknown): boolean =>
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM)/.test(sqliteCode(error));

/** Trouble of the disk or of a lock passes; everything else is the caller's and stays what it is. */
function asUnavailable(error: unknown): unknown {
  const cause = error instanceof Error && sqliteCode(error) === "" && error.cause ? error.cause : error;
  if (!isPassing(cause)) return error;
  return notStored(sqliteCode(cause).startsWith("SQLITE_FULL") ? "the disk is full" : BUSY, cause);
}

const BUSY = "the database cannot be written now";

const notStored = (reason: string, cause?: unknown): AppError =>
  new AppError("unavailable", `Nothing was stored: ${reason}. Try again shortly.`, {
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });

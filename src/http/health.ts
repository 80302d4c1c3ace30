import { statfs } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { messageOf } from "../errors.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";

export interface HealthReport {
  readonly ready: boolean;
  readonly components: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

export interface Health {
  report(): Promise<HealthReport>;
  /** From now on not ready: a load balancer shall send nothing more. */
  startDraining(): void;
  readonly draining: boolean;
}

/** Less than this and SQLite's log may not grow: webhooks would soon be answered 503. */
const MIN_FREE_BYTES = 16 * 1024 * 1024;
/** Whoever asks often does not make the database work often. */
const REPORT_KEPT_MS = 1_000;

export function createHealth(deps: { db: Database; outbox: OutboxStore; clock: Clock; dataDir: string }): Health {
  const { db, outbox, clock, dataDir } = deps;
  let draining = false;
  let kept: { at: number; report: Promise<HealthReport> } | undefined;

  async function examine(): Promise<HealthReport> {
    const components = {
      server: { ok: !draining, detail: draining ? "shutting down" : "accepting requests" },
      database: await check(async () => {
        await db.transaction(async () => {});
        return "writable";
      }),
      disk: await check(async () => {
        const { bavail, bsize } = await statfs(dataDir);
        const free = bavail * bsize;
        if (free < MIN_FREE_BYTES) throw new Error(`only ${Math.floor(free / 1024 / 1024)} MB free`);
        return `${Math.floor(free / 1024 / 1024)} MB free`;
      }),
      outbox: await check(async () => {
        const { waiting, ready, leased, dead } = await outbox.depths();
        return `${waiting + ready + leased} pending, ${dead} dead`;
      }),
    };
    return { ready: Object.values(components).every(({ ok }) => ok), components };
  }

  return {
    report() {
      const now = clock.now();
      if (!kept || now - kept.at >= REPORT_KEPT_MS) kept = { at: now, report: examine() };
      return kept.report;
    },
    startDraining() {
      draining = true;
      kept = undefined;
    },
    get draining() {
      return draining;
    },
  };
}

async function check(examine: () => Promise<string>): Promise<{ ok: boolean; detail: string }> {
  try {
    return { ok: true, detail: await examine() };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

import { statfs } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { messageOf } from "../errors.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";

export interface HealthComponent {
  readonly ok: boolean;
  readonly detail: string;
}

export interface HealthReport {
  /** Whether webhooks are accepted: all is well but for the certificate, which they do not need. */
  readonly ready: boolean;
  readonly components: Readonly<Record<string, HealthComponent>>;
}

export interface Health {
  report(): Promise<HealthReport>;
  /** From now on not ready: a load balancer shall send nothing more. */
  startDraining(): void;
  readonly draining: boolean;
}

/** Less than this and SQLite's log may not grow: webhooks would soon be answered 503. */
export const MIN_FREE_BYTES = 16 * 1024 * 1024;
/** Whoever asks often does not make the database work often. */
const REPORT_KEPT_MS = 1_000;

export interface HealthDependencies {
  readonly db: Database;
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly dataDir: string;
  /** How the signing certificates stand. */
  readonly certificate: () => Promise<HealthComponent>;
}

export function createHealth({ db, outbox, clock, dataDir, certificate }: HealthDependencies): Health {
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
    // Reported, but no reason to be taken out of service: a webhook that found no server would be lost, while a pass
    // that was issued is signed as soon as a new certificate is there.
    const signing = await certificate().catch((error) => ({ ok: false, detail: messageOf(error) }));
    return {
      ready: Object.values(components).every(({ ok }) => ok),
      components: { ...components, certificate: signing },
    };
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

async function check(examine: () => Promise<string>): Promise<HealthComponent> {
  try {
    return { ok: true, detail: await examine() };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

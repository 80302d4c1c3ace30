import { ROOT } from "./server-process.ts";

/** A server whose time runs faster than ours, so that leases and backoff end while a test looks on. */
export interface FastTime {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What its clock says now; the same for every process that is started with this environment. */
  now(): number;
}

/**
 * The program with its clock `factor` times as fast. Everything else is as a user runs it. Timeouts of connections and
 * the patience with a locked database are the runtime's own and stay as they are.
 */
export function fastTime(factor: number, program = `${ROOT}src/main.ts`): FastTime {
  const origin = Date.now();
  return {
    command: [process.execPath, "run", "--preload", `${import.meta.dir}/fast-time-preload.ts`, program],
    env: { TEST_TIME_FACTOR: String(factor), TEST_TIME_ORIGIN: String(origin) },
    now: () => fasterThan(Date.now(), origin, factor),
  };
}

export const fasterThan = (now: number, origin: number, factor: number): number =>
  Math.floor(origin + (now - origin) * factor);

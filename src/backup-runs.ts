import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import { messageOf } from "./errors.ts";
import type { Log } from "./log.ts";

export type BackupOutcome =
  | { readonly state: "made"; readonly file: string; readonly bytes: number }
  | { readonly state: "failed"; readonly reason: string };

/** A backup that somebody started on a page. */
export interface BackupRun {
  readonly startedAt: number;
  /** Nothing while it is being made. */
  readonly outcome: BackupOutcome | undefined;
}

export type BackupRuns = ReturnType<typeof createBackupRuns>;

export interface BackupRunDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
}

/** Whoever takes longer hangs, as on a disk that does not answer. */
const LIMIT_MS = 30 * 60_000;

/**
 * Backups that are made by a process of their own, the program's `backup` command: SQLite copies on the thread that asks
 * for it, which would be the one that answers webhooks. They are remembered by this process alone.
 */
export function createBackupRuns({ clock, log, dataDir }: BackupRunDependencies) {
  let run: BackupRun | undefined;
  let running: Promise<BackupOutcome> | undefined;
  const ended = new AbortController();

  async function backUp(): Promise<BackupOutcome> {
    try {
      const child = Bun.spawn([...ownProgram(), "backup", "--json", "--data", dataDir], {
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        timeout: LIMIT_MS,
        signal: ended.signal,
      });
      const [made, complaint, status] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ]);
      if (child.signalCode !== null) {
        return {
          state: "failed",
          reason: `It was stopped (${child.signalCode}), as it is after ${LIMIT_MS / 60_000} minutes.`,
        };
      }
      if (status !== 0) return { state: "failed", reason: complaint.replace(/^passhook: /, "").trim() };
      // Written by the command (cli/backup.ts).
      const { file, bytes } = JSON.parse(made) as { readonly file: string; readonly bytes: number };
      return { state: "made", file, bytes };
    } catch (error) {
      return { state: "failed", reason: `The program could not be started: ${messageOf(error)}.` };
    }
  }

  return {
    /** The last one. */
    last: (): BackupRun | undefined => run,

    /** Starts one, unless one is being made; resolves when it is done. */
    start(): Promise<BackupOutcome> {
      if (running) return running;
      const startedAt = clock.now();
      run = { startedAt, outcome: undefined };
      running = backUp().then((outcome) => {
        run = { startedAt, outcome };
        running = undefined;
        if (outcome.state === "made") log.info("A backup was made.", { file: outcome.file });
        else log.error("A backup could not be made.", { error: outcome.reason });
        return outcome;
      });
      return running;
    },

    /** Stops the one that is being made: nothing of it stays but what the next one clears away. */
    [Symbol.dispose]: () => ended.abort(),
  };
}

/** The executable has everything inside; otherwise Bun runs the sources. */
function ownProgram(): readonly string[] {
  const source = join(import.meta.dir, "main.ts");
  return existsSync(source) ? [process.execPath, "run", source] : [process.execPath];
}

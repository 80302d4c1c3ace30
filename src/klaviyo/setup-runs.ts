import type { Clock } from "../clock.ts";
import { AppError, messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Setup } from "./setup.ts";
import type { SetupProgress } from "./setup-steps.ts";

export type SetupOutcome =
  /** Records are sent from now on; `passes` were issued before, and are sent, too. */
  | { readonly state: "active"; readonly passes: number }
  /** The account's plan has no custom objects. */
  | { readonly state: "unavailable" }
  | { readonly state: "failed"; readonly reason: string };

/** A set-up that somebody started, and how far it came. */
export interface SetupRun {
  readonly startedAt: number;
  readonly progress: readonly SetupProgress[];
  /** Nothing while it goes on. */
  readonly outcome: SetupOutcome | undefined;
}

export type SetupRuns = ReturnType<typeof createSetupRuns>;

/**
 * Set-ups that go on while nobody waits for an answer, one for each account. They are remembered by this process alone:
 * after a restart the connection's status says how far the object is, and running again goes on from there.
 */
export function createSetupRuns({ clock, log, setup }: { clock: Clock; log: Log; setup: Pick<Setup, "run"> }) {
  const runs = new Map<string, SetupRun>();

  async function outcomeOf(accountId: string, onProgress: (progress: SetupProgress) => void): Promise<SetupOutcome> {
    try {
      const { state, passes } = await setup.run(accountId, onProgress);
      return state === "active" ? { state, passes } : { state };
    } catch (error) {
      if (error instanceof AppError) return { state: "failed", reason: error.message };
      log.error("The set-up of the custom object failed unexpectedly.", { error: messageOf(error) });
      return { state: "failed", reason: "Something went wrong here. It was logged." };
    }
  }

  return {
    /** The last one of the account. */
    find: (accountId: string): SetupRun | undefined => runs.get(accountId),

    /** Starts one, unless one is going on. */
    start(accountId: string): void {
      const present = runs.get(accountId);
      if (present && present.outcome === undefined) return;
      let run: SetupRun = { startedAt: clock.now(), progress: [], outcome: undefined };
      const update = (change: Partial<SetupRun>) => {
        run = { ...run, ...change };
        runs.set(accountId, run);
      };
      update({});
      const onProgress = (progress: SetupProgress) => update({ progress: [...run.progress, progress] });
      void outcomeOf(accountId, onProgress).then((outcome) => update({ outcome }));
    },
  };
}

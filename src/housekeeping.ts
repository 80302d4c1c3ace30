import type { Clock } from "./clock.ts";
import { messageOf } from "./errors.ts";
import type { Log } from "./log.ts";

/** Something that is done every hour. */
export interface Chore {
  /** What is logged where it failed, as the beginning of a sentence. */
  readonly failure: string;
  run(): Promise<unknown>;
}

export interface HousekeepingDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly chores: readonly Chore[];
}

const HOUR_MS = 3_600_000;

/** Does its chores at the start and every hour; one that fails keeps none of the others from being done. */
export function createHousekeeping({ clock, log, chores }: HousekeepingDependencies) {
  let cancel = () => {};
  function start(): void {
    cancel = clock.after(HOUR_MS, start);
    for (const { failure, run } of chores) {
      run().catch((error) => log.warn(`${failure}; trying again in an hour.`, { error: messageOf(error) }));
    }
  }
  return { start, stop: () => cancel() };
}

/** What one side of a comparison gave, one value for each round. */
export type Rounds = readonly number[];

/**
 * Runs every side once per round, one after the other (A B A B …), so that whatever else the machine does meets all
 * sides alike. A first round warms up and is thrown away.
 */
export async function interleave<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => number | Promise<number>>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      // Otherwise one side pays for the garbage of the other.
      Bun.gc(true);
      const value = await sides[name]();
      if (round > 0) measured[name].push(value);
    }
  }
  return measured;
}

/** How often `work` gets done per second when `inFlight` of it are always under way, over about `durationMs`. */
export async function perSecond(durationMs: number, inFlight: number, work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  async function keepGoing(): Promise<void> {
    while (performance.now() - startedAt < durationMs) {
      await work();
      done++;
    }
  }
  await Promise.all(Array.from({ length: inFlight }, keepGoing));
  return (done * 1000) / (performance.now() - startedAt);
}

/** Round by round, because the two were measured next to each other. */
export const ratio = (ours: Rounds, theirs: Rounds): number[] =>
  ours.map((value, round) => value / (theirs[round] ?? Number.NaN));

export function median(values: Rounds): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** The value that this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

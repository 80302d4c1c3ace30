import { median, type Rounds } from "./measure.ts";

/** One line of the report. */
export interface Figure {
  readonly name: string;
  /** `×` for ratios. */
  readonly unit: string;
  readonly rounds: Rounds;
  /** What was expected before it was measured, where anything was. */
  readonly expected?: Expected;
}

type Expected = { readonly least: number } | { readonly most: number };

/** A bench: a name for the command line, and what it measures. */
export interface Bench {
  readonly name: string;
  /** One line for the report. */
  readonly title: string;
  run(): Promise<Figure[]>;
}

export interface Summary {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
  readonly expected: Expected | null;
  /** Null where nothing was expected. */
  readonly met: boolean | null;
}

export function summarize({ name, unit, rounds, expected }: Figure): Summary {
  const middle = median(rounds);
  return {
    name,
    unit,
    median: middle,
    lowest: Math.min(...rounds),
    highest: Math.max(...rounds),
    rounds: rounds.length,
    expected: expected ?? null,
    met: expected === undefined ? null : "least" in expected ? middle >= expected.least : middle <= expected.most,
  };
}

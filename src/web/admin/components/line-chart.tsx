/** @jsxImportSource preact */
import { Fragment } from "preact";
import { Table } from "./table.tsx";

export interface ChartSeries {
  readonly name: string;
  /** Which of the three looks; the same everywhere for the same thing. */
  readonly look: "first" | "second" | "third";
  /** One for each step; whole numbers from 0 on. */
  readonly values: readonly number[];
}

interface Row {
  readonly step: string;
  readonly i: number;
}

export interface LineChartProps {
  /** What is drawn, for those who do not see it. */
  readonly label: string;
  /** Names of the steps, from left to right. */
  readonly steps: readonly string[];
  readonly series: readonly ChartSeries[];
}

/** The drawing is stretched to the width that there is; what is written stands beside it, so that it stays sharp. */
const HEIGHT = 100;
const MAX_INTERVALS = 4;

/** Numbers over time as lines, with the same numbers as a table. */
export function LineChart({ label, steps, series }: LineChartProps) {
  const ticks = ticksUpTo(Math.max(0, ...series.flatMap(({ values }) => values)));
  const top = ticks.at(-1) ?? 1;
  const width = Math.max(1, steps.length - 1);
  const y = (value: number): number => rounded(HEIGHT - (value / top) * HEIGHT);
  return (
    <figure class="chart">
      <ul class="legend">
        {series.map(({ name, look, values }) => (
          <li key={name} class={look}>
            {name} <b>{sumOf(values).toLocaleString("en")}</b>
          </li>
        ))}
      </ul>
      <div class="plot">
        <div class="ticks" aria-hidden="true">
          {ticks.toReversed().map((tick) => (
            <span key={tick}>{tick.toLocaleString("en")}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {ticks.map((tick) => (
            <path key={tick} class="grid" d={`M0 ${y(tick)}H${width}`} />
          ))}
          {series.map(({ name, look, values }) => (
            <path key={name} class={look} d={`M${values.map((value, i) => `${i} ${y(value)}`).join("L")}`} />
          ))}
          {steps.map((step, i) => (
            <rect key={step} x={i - 0.5} y="0" width="1" height={HEIGHT}>
              <title>{[step, ...series.map(({ name, values }) => `${name}: ${values[i]}`)].join("\n")}</title>
            </rect>
          ))}
        </svg>
        <div class="names" aria-hidden="true">
          {namedSteps(steps).map((step) => (
            <span key={step}>{step}</span>
          ))}
        </div>
      </div>
      <details class="more">
        <summary>The numbers</summary>
        <div class="numbers">
          <Table
            label={label}
            rows={steps.map((step, i): Row => ({ step, i })).reverse()}
            columns={[
              { title: "When", cell: ({ step }) => step },
              ...series.map(({ name, values }) => ({
                title: name,
                end: true,
                cell: ({ i }: Row) => <Fragment>{values[i]}</Fragment>,
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

/** From 0 to at least `max` in at most four equal steps of 1, 2 or 5 times a power of ten. */
export function ticksUpTo(max: number): number[] {
  const least = Math.max(1, max / MAX_INTERVALS);
  const power = 10 ** Math.floor(Math.log10(least));
  const interval = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= least) ?? least;
  const count = Math.max(1, Math.ceil(max / interval));
  return Array.from({ length: count + 1 }, (_, i) => i * interval);
}

/** The first, the middle one, and the last. */
const namedSteps = (steps: readonly string[]): string[] => [
  ...new Set([steps[0] ?? "", steps[Math.floor((steps.length - 1) / 2)] ?? "", steps.at(-1) ?? ""]),
];

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const rounded = (value: number): number => Math.round(value * 100) / 100;

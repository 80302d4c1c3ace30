/** @jsxImportSource preact */
import { type ComponentChildren, Fragment } from "preact";
import { Table } from "./table.tsx";

export interface ChartSeries {
  readonly name: string;
  /** Which of the looks; the same everywhere for the same thing. */
  readonly look: "first" | "second" | "third" | "bad";
  /** One for each step; whole numbers from 0 on. */
  readonly values: readonly number[];
}

interface Row {
  readonly step: string;
  readonly i: number;
}

export interface ChartFrameProps {
  /** What is drawn, for those who do not see it. */
  readonly label: string;
  /** Names of the steps, from left to right. */
  readonly steps: readonly string[];
  readonly series: readonly ChartSeries[];
  /** What is marked at the side, from 0 on. */
  readonly ticks: readonly number[];
  /** What is written below: at the left, in the middle, at the right. */
  readonly names: readonly string[];
  /** Where the drawing begins and ends; a step is 1 wide. */
  readonly from: number;
  readonly width: number;
  readonly look?: "in-columns";
  /** The drawing, in steps and hundredths of the height. */
  readonly children: ComponentChildren;
}

/** The drawing is stretched to the width that there is; what is written stands beside it, so that it stays sharp. */
const HEIGHT = 100;
const MAX_INTERVALS = 4;

/** What charts have around their drawing: a legend with sums, a scale, names below, and the same numbers as a table. */
export function ChartFrame({ label, steps, series, ticks, names, from, width, look, children }: ChartFrameProps) {
  return (
    <figure class={look ? `chart ${look}` : "chart"}>
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
        <svg viewBox={`${from} 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
          {ticks.map((tick) => (
            <path key={tick} class="grid" d={`M${from} ${heightIn(ticks, tick)}h${width}`} />
          ))}
          {children}
          {steps.map((step, i) => (
            <rect key={step} x={i - 0.5} y="0" width="1" height={HEIGHT}>
              <title>{[step, ...series.map(({ name, values }) => `${name}: ${values[i]}`)].join("\n")}</title>
            </rect>
          ))}
        </svg>
        <div class="names" aria-hidden="true">
          {names.map((name) => (
            <span key={name}>{name}</span>
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

/** Where a value is on the scale: 0 is at the top, as SVG counts. */
export const heightIn = (ticks: readonly number[], value: number): number =>
  Math.round((HEIGHT - (value / (ticks.at(-1) ?? 1)) * HEIGHT) * 100) / 100;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** @jsxImportSource preact */
import { ChartFrame, type ChartFrameProps, heightIn, ticksUpTo } from "./chart-frame.tsx";

export type LineChartProps = Pick<ChartFrameProps, "label" | "steps" | "series">;

/** Numbers over time as lines, with the same numbers as a table. */
export function LineChart({ label, steps, series }: LineChartProps) {
  const ticks = ticksUpTo(Math.max(0, ...series.flatMap(({ values }) => values)));
  const width = Math.max(1, steps.length - 1);
  return (
    <ChartFrame {...{ label, steps, series, ticks, width }} from={0} names={namedSteps(steps)}>
      {series.map(({ name, look, values }) => (
        <path key={name} class={look} d={`M${values.map((value, i) => `${i} ${heightIn(ticks, value)}`).join("L")}`} />
      ))}
    </ChartFrame>
  );
}

/** The first, the middle one, and the last. */
const namedSteps = (steps: readonly string[]): string[] => [
  ...new Set([steps[0] ?? "", steps[Math.floor((steps.length - 1) / 2)] ?? "", steps.at(-1) ?? ""]),
];

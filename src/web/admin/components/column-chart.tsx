/** @jsxImportSource preact */
import { ChartFrame, type ChartFrameProps, heightIn, ticksUpTo } from "./chart-frame.tsx";

export type ColumnChartProps = Pick<ChartFrameProps, "label" | "steps" | "series" | "names">;

const COLUMN_WIDTH = 0.7;

/** How much there was in each step, a column for each with its parts one on the other, and the same numbers as a table. */
export function ColumnChart({ label, steps, series, names }: ColumnChartProps) {
  const columns = steps.map((_, i) => series.map(({ look, values }) => ({ look, value: values[i] ?? 0 })));
  const ticks = ticksUpTo(Math.max(0, ...columns.map((parts) => parts.reduce((sum, { value }) => sum + value, 0))));
  return (
    <ChartFrame {...{ label, steps, series, ticks, names }} from={-0.5} width={steps.length} look="in-columns">
      {columns.flatMap((parts, i) => {
        let below = 0;
        return parts
          .filter(({ value }) => value > 0)
          .map(({ look, value }) => {
            const bottom = heightIn(ticks, below);
            below += value;
            const top = heightIn(ticks, below);
            const x = i - COLUMN_WIDTH / 2;
            return (
              <rect
                key={`${i} ${look}`}
                class={`column ${look}`}
                x={x}
                y={top}
                width={COLUMN_WIDTH}
                height={bottom - top}
              />
            );
          });
      })}
    </ChartFrame>
  );
}

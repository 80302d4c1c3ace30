import type { Summary } from "./figure.ts";

export interface Report {
  readonly machine: { readonly cores: number; readonly system: string; readonly bun: string };
  readonly benches: readonly { readonly name: string; readonly title: string; readonly figures: readonly Summary[] }[];
}

/** The report for people: one block for each bench. */
export function renderTable({ machine, benches }: Report): string {
  const head = `${machine.cores} cores, ${machine.system}, Bun ${machine.bun}; median of the rounds, lowest and highest`;
  const rows = benches.flatMap(({ figures }) => figures.map(cellsOf));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const blocks = benches.map(({ name, title, figures }) => {
    const lines = figures.map((figure) => lineOf(cellsOf(figure), widths));
    return `${name}: ${title}\n${lines.join("\n")}`;
  });
  return `${[head, ...blocks].join("\n\n")}\n`;
}

function cellsOf({ name, unit, median, lowest, highest, expected, met }: Summary): string[] {
  return [
    name,
    number(median),
    unit,
    `${number(lowest)} – ${number(highest)}`,
    expected === null ? "" : `expected ${bound(expected)}${met ? "" : ", MISSED"}`,
  ];
}

const bound = (expected: NonNullable<Summary["expected"]>) =>
  "least" in expected ? `≥ ${number(expected.least)}` : `≤ ${number(expected.most)}`;

const lineOf = ([name = "", value = "", unit = "", ...rest]: string[], [names = 0, values = 0, units = 0]: number[]) =>
  `  ${name.padEnd(names)}  ${value.padStart(values)} ${unit.padEnd(units)}  ${rest.join("  ")}`.trimEnd();

/** Three significant digits are more than such measurements can promise. */
function number(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3))));
  return Number(value.toPrecision(3)).toLocaleString("en-US", {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: 3,
  });
}

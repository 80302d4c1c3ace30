import type { Page } from "../page.ts";

/** Where a command writes; tests give their own. */
export interface Output {
  readonly json: boolean;
  readonly stdout: (text: string) => void;
}

/** One JSON document with `--json`, else text for people. */
export function print(output: Output, result: unknown, asText: () => string): void {
  output.stdout(output.json ? `${JSON.stringify(result, undefined, 2)}\n` : `${asText()}\n`);
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** A list: `{items, next}` with `--json`, else a table, and how to get the next page. */
export function printPage<T extends Row>(output: Output, page: Page<T>, empty: string): void {
  print(output, page, () => {
    const more = page.next === null ? "" : `\nMore: --after ${page.next}`;
    return page.items.length === 0 ? empty : table(page.items) + more;
  });
}

/** Columns from the keys of the first row, as wide as their widest cell. */
function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(columns), ...cells.map(line)].join("\n");
}

const cell = (value: string | number | boolean | null | undefined): string =>
  value === null || value === undefined || value === "" ? "-" : String(value);

/** `name  value` lines. */
export function facts(entries: readonly (readonly [string, string | number | null | undefined])[]): string {
  const known = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface Column<Row> {
  /** Heading, and the label of the value where a phone shows the row as a card; empty for a column of buttons. */
  readonly title: string;
  cell(row: Row): ComponentChildren;
  /** Numbers and buttons stand at the end. */
  readonly end?: boolean;
}

export interface TableProps<Row> {
  /** What the rows are, for those who do not see the page. */
  readonly label: string;
  /** The first column names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** Rows of values; on a phone each becomes a card. */
export function Table<Row>({ label, columns, rows }: TableProps<Row>) {
  const [first, ...rest] = columns;
  if (!first) return null;
  return (
    <table aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, end }) => (
            <th key={title} scope="col" class={end ? "end" : undefined}>
              {title || <span class="unseen">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          // Rows are rendered once, to text.
          <tr key={String(i)}>
            <th scope="row">{first.cell(row)}</th>
            {rest.map(({ title, cell, end }) => (
              <td key={title} class={end ? "end" : undefined} data-label={title || undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface Column<Row> {
  /** Heading, and the label of the value where a phone shows the row as a card; empty for a column of buttons. */
  readonly title: string;
  cell(row: Row): ComponentChildren;
  /** Numbers and buttons stand at the end. */
  readonly end?: boolean;
  /** Left out on a phone. */
  readonly wide?: boolean;
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
          {columns.map((column) => (
            <th key={column.title} scope="col" class={classOf(column)}>
              {column.title || <span class="unseen">Actions</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          // Rows are rendered once, to text.
          <tr key={String(i)}>
            <th scope="row">{first.cell(row)}</th>
            {rest.map((column) => (
              <td key={column.title} class={classOf(column)} data-label={column.title || undefined}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const classOf = ({ end, wide }: Pick<Column<never>, "end" | "wide">): string | undefined =>
  [end ? "end" : "", wide ? "wide" : ""].filter(Boolean).join(" ") || undefined;

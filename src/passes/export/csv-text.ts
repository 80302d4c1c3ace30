/** A spreadsheet tells UTF-8 by it. */
export const BYTE_ORDER_MARK = "\ufeff";

/** One line of a CSV file (RFC 4180). */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(",")}\r\n`;

const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/**
 * Text as a cell that a spreadsheet does not take for a formula: where it begins like one, with an apostrophe before it
 * (OWASP, "CSV Injection"). `fromTextCell` takes it away again.
 */
export const toTextCell = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The text of a cell that `toTextCell` made, or that somebody wrote. */
export const fromTextCell = (cell: string): string => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

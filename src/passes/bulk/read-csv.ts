import { pipeline } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";
import { AppError } from "../../errors.ts";
import { MAX_LINE_LENGTH } from "./read-ndjson.ts";

export interface CsvRow {
  /** The row as a spreadsheet counts: the header is 1, a cell with line breaks is in one row. */
  readonly row: number;
  readonly cells: readonly string[];
}

const DELIMITERS = [",", ";", "\t"];

/**
 * The rows of a CSV file (RFC 4180) that hold something. The delimiter is the one that the header has most of: Excel
 * writes a semicolon where a comma is the decimal sign. Throws `invalid`, naming the row, for quotes that do not match.
 */
export async function* csvRows(text: AsyncGenerator<string>): AsyncGenerator<CsvRow> {
  const start = await readHeader(text);
  const parser = parse({
    delimiter: delimiterOf(start),
    info: true,
    max_record_size: MAX_LINE_LENGTH,
    // Each named, for otherwise the first one found would have to end every row.
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  // What goes wrong in the text ends the parser with the same error, which the loop below throws.
  pipeline(followedBy(start, text), parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (record.some((cell) => cell !== "")) yield { row: info.records + info.empty_lines, cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? asRefusal(error) : error;
  }
}

async function* followedBy(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

/** The text up to the end of its first line at least. */
async function readHeader(text: AsyncGenerator<string>): Promise<string> {
  let start = "";
  while (!/[^\r\n][\r\n]/.test(start) && start.length <= MAX_LINE_LENGTH) {
    const { value, done } = await text.next();
    if (done) break;
    start += value;
  }
  return start;
}

function delimiterOf(start: string): string {
  const [header = ""] = start
    .replace(/"[^"]*"/g, "")
    .trimStart()
    .split(/[\r\n]/, 1);
  const count = (delimiter: string) => header.split(delimiter).length;
  return DELIMITERS.reduce((best, other) => (count(other) > count(best) ? other : best));
}

function asRefusal(error: CsvError): AppError {
  const line = typeof error["lines"] === "number" ? ` near line ${error["lines"]}` : "";
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return new AppError("invalid", `The file is not CSV: a quote is opened and not closed${line}.`);
    case "INVALID_OPENING_QUOTE":
    case "CSV_INVALID_CLOSING_QUOTE":
      return new AppError(
        "invalid",
        `The file is not CSV: there is a quote inside a value${line}. Put the whole value in quotes and write each quote in it twice.`,
      );
    case "CSV_MAX_RECORD_SIZE":
      return new AppError(
        "invalid",
        `A row is longer than ${MAX_LINE_LENGTH / 1024} KB${line}. Perhaps a quote is not closed.`,
      );
    default:
      return new AppError("invalid", `The file is not CSV: ${error.message}.`);
  }
}

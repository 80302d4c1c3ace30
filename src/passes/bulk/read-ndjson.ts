import { AppError } from "../../errors.ts";
import type { ReadLine } from "./bulk.ts";

/** As long as a body of one call may be. */
export const MAX_LINE_LENGTH = 64 * 1024;

/** The lines of newline-delimited JSON that hold something, counted from 1. Throws `invalid` for one that is too long. */
export async function* ndjsonLines(text: AsyncIterable<string>): AsyncGenerator<ReadLine> {
  let line = 0;
  let rest = "";
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const one of lines) yield* readLine(++line, one);
    if (rest.length > MAX_LINE_LENGTH) refuse(line + 1);
  }
  yield* readLine(line + 1, rest);
}

function* readLine(line: number, text: string): Generator<ReadLine> {
  if (text.length > MAX_LINE_LENGTH) refuse(line);
  const input = text.trim();
  if (input !== "") yield { line, input };
}

function refuse(line: number): never {
  throw new AppError("invalid", `Line ${line} is longer than ${MAX_LINE_LENGTH / 1024} KB.`);
}

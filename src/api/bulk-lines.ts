import { AppError } from "../errors.ts";
import type { LineReader } from "../passes/bulk/bulk.ts";
import { type ReadPassBody, readCreateBody, readUpdateLine } from "./pass-body.ts";

/** A line of a file is the body of a call for one pass, and read like it. */
export const lineReader: LineReader = {
  issue(input, templateId) {
    const body = readCreateBody(input, templateId ?? undefined);
    refuseRepaired(body);
    return body;
  },
  update(input, templateId) {
    const body = readUpdateLine(input);
    refuseRepaired(body);
    return { ...body, templateId: body.templateId ?? templateId ?? undefined };
  },
};

/** A program wrote the file: what is not JSON there is a line that was cut off, not a name with a quote in it. */
function refuseRepaired({ repaired }: ReadPassBody): void {
  if (repaired) throw new AppError("invalid", "The line is not JSON.");
}

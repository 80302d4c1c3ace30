import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { AppError, messageOf, type Problem } from "../errors.ts";
import { schemaProblems } from "../schema-problems.ts";

/** Reads a body that a program wrote, not a template engine. Throws `invalid` with every problem. */
export const readJsonBody = <T extends TSchema>(raw: string, schema: T): Static<T> =>
  checkedBody(parseJson(raw), schema);

/** Throws `invalid`. */
export function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    throw new AppError("invalid", `The body is not JSON: ${messageOf(error)}.`);
  }
}

/** Throws `invalid` with every problem. */
export function checkedBody<T extends TSchema>(body: unknown, schema: T): Static<T> {
  if (Value.Check(schema, body)) return body;
  throw refusedBody(schemaProblems(schema, body));
}

/** `error` names every problem, for the clients that show nothing else. */
export function refusedBody(problems: readonly Problem[]): AppError {
  const list = problems.map(({ path, message }) => `${path || "the body"} ${message}`).join("; ");
  return new AppError("invalid", `The request cannot be understood: ${list}.`, { details: problems });
}

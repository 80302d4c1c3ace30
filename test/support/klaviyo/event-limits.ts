import type { EventAttributes } from "./body-schemas.ts";
import { invalid, type Problem } from "./errors.ts";
import { parseInstant } from "./instants.ts";

const MAX_PROPERTIES = 400;
const MAX_STRING_BYTES = 100_000;
const MAX_ARRAY = 4_000;
const MAX_DEPTH = 10;
const MAX_METRIC_NAME = 128;
const YEAR = 365 * 24 * 60 * 60;
const EARLIEST = Date.UTC(1990, 0, 1) / 1_000;

/** Arrays and nesting are limits of older revisions, still kept here: a client gains nothing from exceeding them. */
function problemOf(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") {
    return Buffer.byteLength(value) > MAX_STRING_BYTES ? "a string is larger than 100 KB" : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
  if (Array.isArray(value) && value.length > MAX_ARRAY) return `an array has more than ${MAX_ARRAY} items`;
  for (const inner of Object.values(value)) {
    const problem = problemOf(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The event's time in seconds (Klaviyo truncates), now when it is absent. */
function timestampOf(time: string | null | undefined, nowSeconds: number): number | undefined {
  if (time === null || time === undefined) return nowSeconds;
  const seconds = Math.floor((parseInstant(time) ?? Number.NaN) / 1_000);
  return seconds >= EARLIEST && seconds <= nowSeconds + YEAR ? seconds : undefined;
}

/** Refuses what the schema cannot express, else tells the event's timestamp. `pointer` leads to the attributes. */
export function checkEvent(attributes: EventAttributes, milliseconds: number, pointer: string): number {
  const problems: Problem[] = [];
  if (Object.keys(attributes.properties).length > MAX_PROPERTIES) {
    const detail = `An event must not have more than ${MAX_PROPERTIES} properties.`;
    problems.push({ pointer: `${pointer}/properties`, detail });
  }
  for (const [key, value] of Object.entries(attributes.properties)) {
    const problem = problemOf(value, 1);
    if (problem === undefined) continue;
    const name = key.replaceAll("~", "~0").replaceAll("/", "~1");
    problems.push({ pointer: `${pointer}/properties/${name}`, detail: `'${key}' is not valid: ${problem}.` });
  }
  const { name } = attributes.metric.data.attributes;
  if (name.trim() === "" || name.length >= MAX_METRIC_NAME) {
    const detail = `The metric name must have between 1 and ${MAX_METRIC_NAME - 1} characters.`;
    problems.push({ pointer: `${pointer}/metric/data/attributes/name`, detail });
  }
  const timestamp = timestampOf(attributes.time, Math.floor(milliseconds / 1_000));
  if (timestamp === undefined) {
    const detail = "'time' must be a date-time with offset, between 1990 and one year from now.";
    problems.push({ pointer: `${pointer}/time`, detail });
  }
  if (timestamp === undefined || problems.length > 0) throw invalid(...problems);
  return timestamp;
}

import { didYouMean } from "../did-you-mean.ts";
import { AppError, type Problem } from "../errors.ts";
import { canonicalTemplateId } from "../ids.ts";
import { nameKeyOf } from "../passes/recipient.ts";
import type { PassQuery } from "../passes/search/pass-query.ts";
import { PASS_STATUSES, type PassStatus } from "../passes/status.ts";
import { parseDate, toInstant } from "../templates/field-dates.ts";
import { readIdentifiers } from "./identifiers.ts";

/** Parameters that say which passes are meant, in calls and on the command line. */
export const PASS_FILTERS = [
  "template",
  "state",
  "serial",
  "name",
  "email",
  "phone",
  "externalId",
  "klaviyoId",
  "since",
  "until",
] as const;
export type PassFilters = Readonly<Partial<Record<(typeof PASS_FILTERS)[number], string | undefined>>>;

/** Enough that a beginning leads to few of a million serial numbers. */
const MIN_SERIAL_LENGTH = 4;

/** Reads which passes are meant. Throws `invalid` with every problem. */
export function readPassFilters(accountId: string, filters: PassFilters): PassQuery {
  const problems: Problem[] = [];
  for (const path of PASS_FILTERS) if (filters[path]?.trim() === "") problems.push({ path, message: "is empty" });
  if (problems.length > 0) throw refusal(problems);
  const { template, state, serial, name, klaviyoId, externalId, phone, since, until } = filters;
  const email = filters.email?.trim().toLowerCase();
  const isStart = email?.endsWith("*") === true;
  const identifiers = readIdentifiers({ klaviyoId, externalId, phone, email: isStart ? undefined : email }, problems);
  const query: PassQuery = {
    accountId,
    templateId: template === undefined ? undefined : canonicalTemplateId(template),
    statuses: state === undefined ? undefined : readStatuses(state, problems),
    serial: serial === undefined ? undefined : readSerial(serial, problems),
    name: name === undefined ? undefined : readName(name, problems),
    emailStart: isStart ? readEmailStart(email.slice(0, -1), problems) : undefined,
    identifiers,
    since: since === undefined ? undefined : readTime("since", since, "begin", problems),
    until: until === undefined ? undefined : readTime("until", until, "end", problems),
  };
  if (problems.length > 0) throw refusal(problems);
  return query;
}

function refusal(problems: readonly Problem[]): AppError {
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  return new AppError("invalid", `The search cannot be understood: ${list}.`, { details: problems });
}

function readStatuses(text: string, problems: Problem[]): PassStatus[] {
  return text.split(",").flatMap((part) => {
    const name = part.trim().toLowerCase();
    const status = PASS_STATUSES.find((known) => known === name);
    if (status) return [status];
    const message = `is not one of ${PASS_STATUSES.join(", ")}${didYouMean(name, PASS_STATUSES)}`;
    problems.push({ path: "state", message });
    return [];
  });
}

function readSerial(text: string, problems: Problem[]): string {
  const start = text.trim().toLowerCase();
  if (start.length < MIN_SERIAL_LENGTH) {
    const message = `must be at least the first ${MIN_SERIAL_LENGTH} characters of a serial number`;
    problems.push({ path: "serial", message });
  }
  return start;
}

function readName(text: string, problems: Problem[]): string {
  const start = nameKeyOf(text);
  if (start === "") problems.push({ path: "name", message: "has no letter in it" });
  return start;
}

function readEmailStart(start: string, problems: Problem[]): string {
  if (start === "") problems.push({ path: "email", message: "needs at least one character before the *" });
  return start;
}

/** A day counts from its beginning, as an end to its end (UTC). */
function readTime(path: string, text: string, side: "begin" | "end", problems: Problem[]): number | undefined {
  const date = parseDate(text.trim(), "UTC");
  if (date === undefined) {
    problems.push({ path, message: 'must be a date such as "2026-11-21" or "2026-11-21T18:30:00Z"' });
    return undefined;
  }
  const wholeSecond = Date.parse(toInstant(date, "UTC", side === "end"));
  return side === "end" ? wholeSecond + 999 : wholeSecond;
}

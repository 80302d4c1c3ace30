import { passDateMs } from "../../format/values.ts";
import { objectsIn } from "../pass-input.ts";
import { passRule } from "../rule.ts";
import { expected, mismatch } from "../shape.ts";
import { show } from "../words.ts";

const MOST_UUIDS = 10;

/** Phones watch a few places and beacons for all passes together. */
export const places = passRule({
  id: "APL307",
  severity: "warning",
  summary: "more than 10 locations or beacon UUIDs, coordinates or beacon numbers out of range, malformed UUID",
  effect: "ignored",
  mark: "documented",
  *check({ pass, shape }) {
    for (const { path, schema, value } of shape.get("APL307") ?? []) {
      if (Array.isArray(value)) yield { path, message: `has ${value.length} entries; Wallet takes the first 10` };
      else if (typeof value === "string")
        yield { path, message: `${show(value)} is not a UUID such as 01234567-89AB-CDEF-0123-456789ABCDEF` };
      else yield { path, message: `must be ${expected(schema)}, not ${show(value)}` };
    }
    const uuids = new Set(
      objectsIn(pass["beacons"], "").map(({ value }) => String(value["proximityUUID"]).toUpperCase()),
    );
    if (uuids.size > MOST_UUIDS) {
      yield { path: "pass.beacons", message: `has ${uuids.size} different UUIDs; Wallet takes ${MOST_UUIDS}` };
    }
  },
});

/** A number in quotes is dropped without a word. */
export const maxDistance = passRule({
  id: "APL308",
  severity: "warning",
  summary: "maxDistance is not a number",
  effect: "dropped",
  mark: "documented",
  check: ({ shape }) =>
    (shape.get("APL308") ?? []).map((problem) => ({ path: problem.path, message: mismatch(problem) })),
});

/** A span has two ends. */
export const spans = passRule({
  id: "APL309",
  severity: "error",
  summary: "an entry of relevantDates with startDate but no endDate, or with the end before the start",
  effect: "no relevance",
  mark: "documented",
  *check({ pass }) {
    for (const { value, path } of objectsIn(pass["relevantDates"], "pass.relevantDates")) {
      const { date, relevantDate, startDate, endDate } = value;
      if (startDate !== undefined && endDate === undefined)
        yield { path: `${path}.endDate`, message: "is missing: a span needs its end" };
      if (startDate === undefined && endDate !== undefined)
        yield { path: `${path}.startDate`, message: "is missing: a span needs its start" };
      if ([date, relevantDate, startDate, endDate].every((one) => one === undefined)) {
        yield { path, message: "says no time; give it date, or startDate and endDate" };
      }
      const [start, end] = [passDateMs(startDate), passDateMs(endDate)];
      if (start !== undefined && end !== undefined && end < start)
        yield { path: `${path}.endDate`, message: "is before startDate" };
    }
  },
});

/** Older systems read the one key, newer ones the other. */
export const bothRelevantDates = passRule({
  id: "APL310",
  severity: "warning",
  summary: "only one of relevantDate and relevantDates",
  effect: "no relevance on some versions",
  mark: "documented",
  *check({ pass }) {
    const hasOld = pass["relevantDate"] !== undefined;
    const list = pass["relevantDates"];
    const hasNew = Array.isArray(list) && list.length > 0;
    if (hasOld && !hasNew)
      yield { path: "pass.relevantDates", message: "is missing beside relevantDate: iOS 18 and later read it" };
    if (!hasOld && hasNew)
      yield { path: "pass.relevantDate", message: "is missing beside relevantDates: iOS 17 and earlier read it" };
  },
});

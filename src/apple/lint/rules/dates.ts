import type { JsonObject } from "../../../templates/placeholders.ts";
import { isPassDate } from "../../format/values.ts";
import type { Problem } from "../finding.ts";
import { passRule } from "../rule.ts";
import { show } from "../words.ts";

/** A date without a zone is nobody's time, and a day alone has no hour to show. */
export const dates = passRule({
  id: "APL108",
  severity: "error",
  summary: "a date is incomplete, or its zone is not Z or ±HH:MM",
  effect: "value ignored, or pass refused where a date is needed",
  mark: "documented",
  *check({ shape, fields }) {
    for (const { path, value } of shape.get("APL108") ?? []) yield incomplete(path, value);
    for (const { field, path } of fields) {
      const value = field["value"];
      if (isDateField(field) && startsLikeDate(value) && !isPassDate(value)) yield incomplete(`${path}.value`, value);
    }
  },
});

const incomplete = (path: string, value: unknown): Problem => ({
  path,
  message: `${show(value)} is not a complete date; write day, time and zone, such as 2026-11-21T18:30+01:00`,
});

/** Whether the field's value is shown as a date. */
export const isDateField = (field: JsonObject): boolean =>
  field["dateStyle"] !== undefined || field["timeStyle"] !== undefined;

/** Meant for a date, even if it is not written as one. */
export const startsLikeDate = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value);

import type { JsonObject } from "../../../templates/placeholders.ts";

import { passRule } from "../rule.ts";
import { expected } from "../shape.ts";
import { describeValue, show } from "../words.ts";
import { isDateField, startsLikeDate } from "./dates.ts";

/** A boarding pass draws the symbol of its means of transport between the primary fields. */
export const transitType = passRule({
  id: "APL201",
  severity: "error",
  summary: "a boardingPass without a valid transitType, or the key on another style",
  effect: "pass refused; ignored on other styles",
  mark: "documented",
  *check({ styles, shape }) {
    for (const { path, fault, schema, value } of shape.get("APL201") ?? []) {
      yield {
        path,
        message: `${fault === "missing" ? "is missing" : `${show(value)} is not known`}; it is ${expected(schema)}`,
      };
    }
    for (const { name, dictionary } of styles) {
      if (name !== "boardingPass" && dictionary["transitType"] !== undefined) {
        yield { path: `pass.${name}.transitType`, message: `belongs to boardingPass only; leave it out of ${name}` };
      }
    }
  },
});

/** Nothing can be shown without a value, and nothing updated without a key. */
export const keyAndValue = passRule({
  id: "APL202",
  severity: "error",
  summary: "a field without key or value",
  effect: "pass refused",
  mark: "documented",
  check: ({ shape }) =>
    (shape.get("APL202") ?? []).map(({ path, value }) => ({
      path,
      message: path.endsWith(".key")
        ? `is ${value === "" ? "empty" : "missing"}; give the field a name of its own`
        : "is missing; give the field a value or leave it out",
    })),
});

/** The key is what tells a field's old value from its new one. */
export const uniqueKeys = passRule({
  id: "APL203",
  severity: "error",
  summary: "two fields of one style have the same key",
  effect: "field dropped",
  mark: "documented",
  *check({ fields }) {
    const first = new Map<string, string>();
    for (const { owner, path, field } of fields) {
      if (typeof field["key"] !== "string") continue;
      const name = `${owner}\n${field["key"]}`;
      const before = first.get(name);
      if (before === undefined) first.set(name, path);
      else
        yield {
          path: `${path}.key`,
          message: `${show(field["key"])} is also the key of ${before}; every field needs its own`,
        };
    }
  },
});

/** Without the mark for the value, Wallet says nothing at all. */
export const changeMessages = passRule({
  id: "APL204",
  severity: "warning",
  summary: "a changeMessage without %@",
  effect: "no notification",
  mark: "documented",
  *check({ fields, context }) {
    for (const { path, field } of fields) {
      const message = field["changeMessage"];
      if (typeof message !== "string" || message.includes("%@")) continue;
      const texts = [...context.locales.values()].flatMap((strings) => strings?.get(message) ?? []);
      // A key of pass.strings is no message itself.
      if (texts.length > 0 && texts.every((text) => text.includes("%@"))) continue;
      yield {
        path: `${path}.changeMessage`,
        message: "must hold %@, where the new value goes; without it nobody is notified",
      };
    }
  },
});

/** Money or a number: a value is written in one way. */
export const currencyAndNumber = passRule({
  id: "APL205",
  severity: "warning",
  summary: "currencyCode together with numberStyle",
  effect: "one of them is ignored",
  mark: "documented",
  *check({ fields }) {
    for (const { path, field } of fields) {
      if (field["currencyCode"] !== undefined && field["numberStyle"] !== undefined) {
        yield { path: `${path}.numberStyle`, message: "cannot stand beside currencyCode; leave one of them out" };
      }
    }
  },
});

/** A style says what the value is; the value must be that. */
export const stylesFitValues = passRule({
  id: "APL206",
  severity: "error",
  summary: "date style on what is no date, number style or currency on what is no number, unknown style constant",
  effect: "shown as it is, or pass refused",
  mark: "documented",
  *check({ fields, shape }) {
    for (const { path, schema, value } of shape.get("APL206") ?? []) {
      const wanted = path.endsWith("currencyCode") ? "an ISO 4217 code such as EUR" : expected(schema);
      yield { path, message: `${show(value)} is not known; it is ${wanted}` };
    }
    for (const { path, field } of fields) {
      const value = field["value"];
      if (value === undefined) continue;
      // What begins like a date is APL108's: its writer knows that it must be one.
      if (isDateField(field) && !startsLikeDate(value)) {
        yield {
          path: `${path}.value`,
          message: `must be a date because of ${dateKey(field)}, not ${describeValue(value)}`,
        };
      }
      const numeric = ["numberStyle", "currencyCode"].find((key) => field[key] !== undefined);
      if (numeric && typeof value !== "number") {
        yield {
          path: `${path}.value`,
          message: `must be a number without quotes because of ${numeric}, not ${describeValue(value)}`,
        };
      }
    }
  },
});

const dateKey = (field: JsonObject): string => (field["dateStyle"] === undefined ? "timeStyle" : "dateStyle");

/** A link is all the markup there is; anything else takes text with it. */
export const markup = passRule({
  id: "APL208",
  severity: "warning",
  summary: "attributedValue with tags other than <a href>, or a bare &",
  effect: "link or text lost",
  mark: "documented",
  *check({ fields }) {
    for (const { path, field } of fields) {
      const text = field["attributedValue"];
      if (typeof text !== "string") continue;
      const fault = markupFault(text);
      if (fault) yield { path: `${path}.attributedValue`, message: fault };
    }
  },
});

function markupFault(text: string): string | undefined {
  if (/&(?!#\d{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,31};)/i.test(text))
    return "has a bare &; write &amp; instead, also within an address";
  const rest = text.replace(/<a\s+href\s*=\s*(?:"[^"<>]*"|'[^'<>]*')\s*>|<\/a>/gi, "");
  const tag = /<[^<>]{0,40}>?/.exec(rest)?.[0];
  return tag
    ? `may hold links (<a href="…">…</a>) only, not ${show(tag)}; write &lt; for a < that is meant`
    : undefined;
}

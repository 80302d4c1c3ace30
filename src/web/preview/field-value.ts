import { passDateMs } from "../../apple/format/values.ts";
import type { JsonObject } from "../../templates/placeholders.ts";

/** Who looks at the pass: what a phone knows of its owner. */
export interface Viewer {
  /** Language and region (BCP 47), as dates, numbers and money are written. */
  readonly locale: string;
  /** IANA zone that dates are shown in, but for those that keep their own. */
  readonly timeZone: string;
  /** Milliseconds. */
  readonly now: number;
}

const DATE_KEYS = ["dateStyle", "timeStyle", "isRelative", "ignoresTimeZone"];
const DAY_MS = 86_400_000;

type Style = Intl.DateTimeFormatOptions["dateStyle"];
const STYLES: Readonly<Record<string, Style>> = {
  PKDateStyleShort: "short",
  PKDateStyleMedium: "medium",
  PKDateStyleLong: "long",
  PKDateStyleFull: "full",
};

/**
 * What Wallet writes for a value (Apple: "PassFieldContent"): a date where the field has a key of dates, a number in its
 * style, an amount in its currency; text as `localise` says it. Numbers spelt out are shown in digits.
 */
export function formatValue(field: JsonObject, viewer: Viewer, localise: (text: string) => string): string {
  const value = field["attributedValue"] ?? field["value"];
  if (typeof value === "number") return formatNumber(value, field, viewer.locale);
  if (typeof value !== "string") return "";
  const at = DATE_KEYS.some((key) => field[key] !== undefined) ? passDateMs(value) : undefined;
  return at === undefined ? localise(value) : formatDate(at, value, field, viewer);
}

function formatNumber(value: number, { currencyCode, numberStyle }: JsonObject, locale: string): string {
  try {
    if (typeof currencyCode === "string") {
      return new Intl.NumberFormat(locale, { style: "currency", currency: currencyCode }).format(value);
    }
    switch (numberStyle) {
      case "PKNumberStylePercent":
        return new Intl.NumberFormat(locale, { style: "percent" }).format(value);
      case "PKNumberStyleScientific":
        return new Intl.NumberFormat(locale, { notation: "scientific", maximumFractionDigits: 15 }).format(value);
      default:
        // Without a style it may be a card number, which is not to be read in thousands.
        return new Intl.NumberFormat(locale, { useGrouping: numberStyle !== undefined }).format(value);
    }
  } catch {
    // No currency has that code.
    return String(value);
  }
}

function formatDate(at: number, written: string, field: JsonObject, { locale, timeZone, now }: Viewer): string {
  const dateStyle = STYLES[String(field["dateStyle"])];
  const timeStyle = STYLES[String(field["timeStyle"])];
  const zone = field["ignoresTimeZone"] === true ? zoneOf(written) : timeZone;
  const format = (styles: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...styles, timeZone: zone }).format(at);
  const showsDay = dateStyle !== undefined || timeStyle === undefined;
  const day = showsDay && field["isRelative"] === true ? relativeDay(at, now, zone, locale) : undefined;
  if (day !== undefined) return timeStyle ? `${day} ${format({ timeStyle })}` : day;
  return format({ dateStyle: dateStyle ?? (showsDay ? "medium" : undefined), timeStyle });
}

/** `today`, `tomorrow` and the like with a capital; nothing for days that the language has no word for. */
function relativeDay(at: number, now: number, timeZone: string, locale: string): string | undefined {
  const dayOf = (ms: number) =>
    Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(ms));
  const days = Math.round((dayOf(at) - dayOf(now)) / DAY_MS);
  const [word, ...others] = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).formatToParts(days, "day");
  if (word?.type !== "literal" || others.length > 0) return undefined;
  return word.value.charAt(0).toLocaleUpperCase(locale) + word.value.slice(1);
}

/** The zone that a date of pass.json is written in, as `+01:00`. */
const zoneOf = (written: string): string => /[+-]\d\d:\d\d$/.exec(written)?.[0] ?? "UTC";

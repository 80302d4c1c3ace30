/** @jsxImportSource preact */
import { toIso } from "../../../clock.ts";

/** How long ago, or in how long, with the exact time as its title; the reader's browser shows that in their own zone. */
export function Time({ at, now }: { at: number; now: number }) {
  const iso = toIso(at);
  return (
    <time datetime={iso} title={`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}>
      {relative(at - now)}
    </time>
  );
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  ["year", 365 * DAY_MS],
  ["month", 30 * DAY_MS],
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
] as const;
const FORMAT = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** `3 minutes ago`, `yesterday`, `in 14 days`. */
export function relative(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(ms) >= length) ?? [];
  return unit && size ? FORMAT.format(Math.trunc(ms / size), unit) : "just now";
}

// Offsets go up to 14 hours on this planet; a phone cannot read what is not one.
const DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(Z|UTC|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?$/i;

/**
 * An ISO 8601 date in canonical form: a day (`2026-11-21`), or a time with seconds and a zone. A time without a zone is
 * local time in `timeZone`. Nothing when it is no date.
 */
export function parseDate(text: string, timeZone: string): string | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = "00", zone] = match;
  const local = `${year}-${month}-${day}T${hour ?? "00"}:${minute ?? "00"}:${second}`;
  const asUtc = new Date(`${local}Z`);
  // Refuses the 30th of February and 25 o'clock, which Date would roll over or make NaN.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 19) !== local) return undefined;
  if (hour === undefined) return local.slice(0, 10);
  return local + (zone ? canonicalZone(zone) : offsetAt(asUtc.getTime(), timeZone));
}

/**
 * A canonical date as pass.json wants it, always with time and zone (Apple: "W3C timestamp"). A day without a time is
 * its first or last second in `timeZone`.
 */
export function toInstant(date: string, timeZone: string, endOfDay: boolean): string {
  if (date.length > 10) return date;
  const local = `${date}T${endOfDay ? "23:59:59" : "00:00:00"}`;
  return local + offsetAt(new Date(`${local}Z`).getTime(), timeZone);
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const canonicalZone = (zone: string): string =>
  /^(z|utc)$/i.test(zone) ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;

/** The zone's offset at a local time. Asked twice, since the first answer is for that many hours off. */
function offsetAt(localAsUtcMs: number, timeZone: string): string {
  const guess = offsetMs(localAsUtcMs, timeZone);
  const minutes = offsetMs(localAsUtcMs - guess, timeZone) / 60_000;
  if (minutes === 0) return "Z";
  const two = (n: number) => String(n).padStart(2, "0");
  const magnitude = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(magnitude / 60))}:${two(magnitude % 60)}`;
}

/** By zone: making one costs forty times what asking it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function offsetMs(atMs: number, timeZone: string): number {
  const formatter =
    formatters.get(timeZone) ?? new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  formatters.set(timeZone, formatter);
  const name = formatter.formatToParts(atMs).find((part) => part.type === "timeZoneName")?.value;
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(name ?? "");
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

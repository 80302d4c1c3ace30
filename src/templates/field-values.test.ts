import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { FIELD_TYPES, type FieldType } from "./definition.ts";
import { parseFieldValue } from "./field-values.ts";

/** The value in canonical form, or null where it is refused. */
function parse(type: FieldType, text: string, timeZone?: string): string | null {
  const parsed = parseFieldValue(type, text, timeZone);
  return parsed.ok ? parsed.value : null;
}

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength, maxLength });
const twoDigits = (value: number) => String(value).padStart(2, "0");

describe("every type", () => {
  /** Likely and unlikely text, since random text alone would hardly ever be a date or a colour. */
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."0123456789+-.:TZ #()abcdefrgb,%@/") }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.webUrl(),
    fc.emailAddress(),
    digits(1, 20).map((number) => `+${number}`),
  );

  test.each([...FIELD_TYPES])("%s: what was accepted once is accepted unchanged", (type) => {
    fc.assert(
      fc.property(text, (given) => {
        const once = parse(type, given);
        if (once !== null) expect(parse(type, once)).toBe(once);
      }),
    );
  });

  test.each([...FIELD_TYPES].filter((type) => type !== "text"))("%s: a refusal says what is wanted", (type) => {
    const parsed = parseFieldValue(type, `constructor ${"x".repeat(500)}`);
    expect(parsed.ok ? "" : parsed.message).toMatch(/^must be .*, not "constructor x+…"$/);
    expect(parsed.ok ? "" : parsed.message.length).toBeLessThan(200);
  });
});

describe("number", () => {
  test("keeps its value and has one written form", () => {
    const number = fc.tuple(fc.constantFrom("", "-", "+"), digits(1, 9), digits(0, 6));
    fc.assert(
      fc.property(number, ([sign, whole, fraction]) => {
        const value = parse("number", `${sign}${whole}.${fraction}`) ?? "refused";
        expect(value).toMatch(/^(?!-0$)-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(Number(value) + 0).toBe(Number(`${sign}${whole}.${fraction || "0"}`) + 0);
      }),
    );
  });

  test("what is accepted is not rounded by JSON", () => {
    fc.assert(
      fc.property(digits(1, 12), digits(0, 12), (whole, fraction) => {
        const value = parse("number", `${whole}.${fraction}`);
        if (value !== null) expect(Number(value).toFixed(value.split(".")[1]?.length ?? 0)).toBe(value);
      }),
    );
  });

  test.each(["", ".", "-", "1,5", "1.2.3", "7e3", "0x10", "Infinity", "NaN", "١٢", "1 000", "12345678901234567"])(
    "%j is none",
    (text) => expect(parse("number", text)).toBeNull(),
  );
});

describe("date", () => {
  const instant = fc.date({ min: new Date("1970-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "America/New_York"];

  /** `2026-11-21T18:30:00` as a clock on the wall there shows it. */
  const wallClock = (at: Date, timeZone: string) =>
    new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" })
      .format(at)
      .replace(" ", "T");

  test("local time becomes the instant at which a clock there shows it", () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (at, timeZone) => {
        const local = wallClock(at, timeZone);
        const value = parse("date", local, timeZone) ?? "refused";
        expect(value.slice(0, 19)).toBe(local);
        expect(wallClock(new Date(value), timeZone)).toBe(local);
      }),
    );
  });

  test("a time with a zone keeps its instant", () => {
    const offset = fc.tuple(fc.constantFrom("+", "-"), fc.nat(13), fc.nat(59), fc.constantFrom("", ":"));
    fc.assert(
      fc.property(instant, offset, (at, [sign, hours, minutes, colon]) => {
        const zone = `${sign}${twoDigits(hours)}${colon}${twoDigits(minutes)}`;
        const local = at.toISOString().slice(0, 19);
        const value = parse("date", local + zone) ?? "refused";
        const expected = new Date(`${local}${sign}${twoDigits(hours)}:${twoDigits(minutes)}`);
        expect(new Date(value).getTime()).toBe(expected.getTime());
      }),
    );
  });

  test("a day is accepted when the calendar has it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2100 }), fc.nat(13), fc.nat(32), (year, month, day) => {
        const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12;
        const text = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
        expect(parse("date", text)).toBe(exists ? text : null);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["2026-11-21T18:30", "Europe/Berlin", "2026-11-21T18:30:00+01:00"],
    ["2026-07-21 18:30:59.999", "Europe/Berlin", "2026-07-21T18:30:59+02:00"],
    ["2026-11-21T18:30:00 UTC", "Europe/Berlin", "2026-11-21T18:30:00Z"],
    ["2026-11-21T18:30:00z", "Europe/Berlin", "2026-11-21T18:30:00Z"],
    // The hour that the clocks skip is taken as if they had not.
    ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T02:30:00+01:00"],
  ])("%s in %s is %s", (text, timeZone, value) => expect(parse("date", text, timeZone)).toBe(value));

  test.each([
    "21.11.2026",
    "2026-11-21T24:00",
    "2026-11-21T18:60",
    "2026-11-21T18:30:00+99:99",
    "2026-11-21T18:30:00+15:00",
    "2026-11-21T18:30:00+01:60",
    "2026-11",
    "1795262400",
    "tomorrow",
  ])("%s is none", (text) => expect(parse("date", text)).toBeNull());
});

describe("colour", () => {
  const channel = fc.nat(255);
  const hex = (value: number) => value.toString(16).padStart(2, "0");

  test("hex digits and rgb() say the same", () => {
    fc.assert(
      fc.property(channel, channel, channel, fc.boolean(), (r, g, b, upper) => {
        const digits = [r, g, b].map(hex).join("");
        const rgb = `rgb(${r}, ${g}, ${b})`;
        expect(parse("colour", `#${upper ? digits.toUpperCase() : digits}`)).toBe(rgb);
        expect(parse("colour", `rgb(${r},${g} ,  ${b})`)).toBe(rgb);
      }),
    );
  });

  test("each of three hex digits counts twice", () => {
    fc.assert(
      fc.property(fc.nat(15), fc.nat(15), fc.nat(15), (r, g, b) => {
        expect(parse("colour", `#${[r, g, b].map((n) => n.toString(16)).join("")}`)).toBe(
          `rgb(${r * 17}, ${g * 17}, ${b * 17})`,
        );
      }),
    );
  });

  test.each(["#12345", "#ff88zz", "rgb(256, 0, 0)", "rgb(1, 2)", "rgb(-1, 0, 0)", "rgba(1, 2, 3, 1)", "red", ""])(
    "%j is none",
    (text) => expect(parse("colour", text)).toBeNull(),
  );
});

describe("the others", () => {
  test.each<[FieldType, string, string | null]>([
    ["boolean", "TRUE", "true"],
    ["boolean", "no", "false"],
    ["boolean", "constructor", null],
    ["boolean", "", null],
    ["email", "Sarah@Example.com", "Sarah@Example.com"],
    ["email", "sarah@example", null],
    ["email", "sarah example.com", null],
    ["phone", "+49 151 12345678", "+4915112345678"],
    ["phone", "+49 (0)151 12345678", "+4915112345678"],
    ["phone", "0151 12345678", null],
    ["phone", "+610000000", null],
    ["url", "https://example.com/a?b=c", "https://example.com/a?b=c"],
    ["url", "javascript:alert(1)", null],
    ["url", "JavaScript:alert(1)", null],
    ["url", "data:text/html,x", null],
    ["url", "example.com", null],
    ["text", "anything 🎉", "anything 🎉"],
  ])("%s %j is %j", (type, text, value) => expect(parse(type, text)).toBe(value));
});

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../templates/placeholders.ts";
import { formatValue } from "./field-value.ts";

const NOW = Date.parse("2026-11-20T12:00Z");
const STARTS = "2026-11-21T19:30+01:00";

const format = (field: JsonObject, locale = "en-US", timeZone = "Europe/London") =>
  // Spaces that do not break are not what this is about.
  formatValue(field, { locale, timeZone, now: NOW }, (text) => text).replace(/\s/g, " ");
const style = (date: string, time: string, more: JsonObject = {}): JsonObject => ({
  value: STARTS,
  dateStyle: `PKDateStyle${date}`,
  timeStyle: `PKDateStyle${time}`,
  ...more,
});

describe("dates", () => {
  test.each<[JsonObject, string, string]>([
    [style("Short", "None"), "en-US", "11/21/26"],
    [style("Short", "None"), "en-GB", "21/11/2026"],
    [style("Medium", "None"), "en-US", "Nov 21, 2026"],
    [style("Long", "None"), "de", "21. November 2026"],
    [style("Full", "None"), "fr", "samedi 21 novembre 2026"],
    [style("Medium", "None"), "ja", "2026/11/21"],
    [style("None", "Short"), "en-US", "6:30 PM"],
    [style("None", "Short"), "de", "18:30"],
    [style("Medium", "Short"), "es", "21 nov 2026, 18:30"],
    [style("Medium", "Short"), "it", "21 nov 2026, 18:30"],
  ])("%j in %s: %s", (field, locale, expected) => {
    expect(format(field, locale)).toBe(expected);
  });

  test("are in the viewer's zone, or in their own", () => {
    expect(format(style("None", "Short"), "de", "Asia/Tokyo")).toBe("03:30");
    expect(format(style("None", "Short", { ignoresTimeZone: true }), "de", "Asia/Tokyo")).toBe("19:30");
    expect(format({ ...style("None", "Short", { ignoresTimeZone: true }), value: "2026-11-21T19:30Z" }, "de")).toBe(
      "19:30",
    );
  });

  test.each([
    ["2026-11-20T23:00Z", "en-US", "Today"],
    ["2026-11-21T00:30Z", "en-US", "Tomorrow"],
    ["2026-11-19T12:00Z", "fr", "Hier"],
    ["2026-11-22T12:00Z", "de", "Übermorgen"],
    ["2026-11-21T12:00Z", "ja", "明日"],
    ["2026-12-21T12:00Z", "en-US", "Dec 21, 2026"],
  ])("relative: %s in %s is %s", (value, locale, expected) => {
    expect(format(style("Medium", "None", { isRelative: true, value }), locale)).toBe(expected);
  });

  test("a relative day keeps its time, and a time alone names no day", () => {
    expect(format(style("Short", "Short", { isRelative: true }), "de")).toBe("Morgen 18:30");
    expect(format(style("None", "Short", { isRelative: true }), "de")).toBe("18:30");
  });

  test("without a style a date is the text that it is; a style makes no date of another text", () => {
    expect(format({ value: STARTS })).toBe(STARTS);
    expect(format({ value: "soon", dateStyle: "PKDateStyleShort" })).toBe("soon");
  });
});

describe("numbers", () => {
  test.each<[JsonObject, string, string]>([
    [{ value: 1234567.5, numberStyle: "PKNumberStyleDecimal" }, "en-US", "1,234,567.5"],
    [{ value: 1234567.5, numberStyle: "PKNumberStyleDecimal" }, "de", "1.234.567,5"],
    [{ value: 0.25, numberStyle: "PKNumberStylePercent" }, "en-US", "25%"],
    [{ value: 12345, numberStyle: "PKNumberStyleScientific" }, "en-US", "1.2345E4"],
    [{ value: 12, numberStyle: "PKNumberStyleSpellOut" }, "en-US", "12"],
    [{ value: 1234.5, currencyCode: "EUR" }, "de", "1.234,50 €"],
    [{ value: 1234.5, currencyCode: "USD" }, "en-US", "$1,234.50"],
    [{ value: 1234, currencyCode: "JPY" }, "ja", "￥1,234"],
    [{ value: 5, currencyCode: "no such" }, "en-US", "5"],
    // May be the number of a card.
    [{ value: 12345678 }, "en-US", "12345678"],
  ])("%j in %s: %s", (field, locale, expected) => {
    expect(format(field, locale)).toBe(expected);
  });
});

test("texts are said in the language of the pass; attributedValue goes before value", () => {
  const german = new Map([["Gold", "Gold-Status"]]);
  const viewer = { locale: "de", timeZone: "UTC", now: NOW };
  const localise = (text: string) => german.get(text) ?? text;
  expect(formatValue({ value: "Gold" }, viewer, localise)).toBe("Gold-Status");
  expect(formatValue({ value: "x", attributedValue: "Gold" }, viewer, localise)).toBe("Gold-Status");
  expect(formatValue({ value: true }, viewer, localise)).toBe("");
});

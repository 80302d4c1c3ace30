import { describe, expect, test } from "bun:test";
import { context, fields, NOW } from "../../../test/support/lint/passes.ts";
import { lintPass } from "../../apple/lint/lint-pass.ts";
import { PASS_STYLES, type PassStyle } from "../../templates/definition.ts";
import type { Json, JsonObject } from "../../templates/placeholders.ts";
import { emWidth, fitPercent } from "./field-fit.ts";
import { type FrontRows, type FrontSource, frontRows } from "./field-rows.ts";

const rowsOf = (style: PassStyle, dictionary: JsonObject, more: Partial<FrontSource> = {}): FrontRows =>
  frontRows({
    style,
    look: "lead",
    dictionary,
    viewer: { locale: "en", timeZone: "UTC", now: NOW },
    localise: (text) => text,
    hasThumbnail: false,
    hasSquareBarcode: false,
    ...more,
  });

const keysOf = ({ header, primary, rows }: FrontRows) =>
  [header, primary, ...rows].map((row) => row.fields.map(({ key }) => key).join(" "));

const MANY = {
  headerFields: fields(5, "h"),
  primaryFields: fields(5, "p"),
  secondaryFields: fields(6, "s"),
  auxiliaryFields: fields(7, "a"),
  footerFields: fields(2, "f"),
};

describe("what there is room for, row by row", () => {
  test.each<[PassStyle, string[]]>([
    // Auxiliary fields stand above secondary ones.
    ["boardingPass", ["h0 h1 h2", "p0 p1", "a0 a1 a2 a3 a4", "s0 s1 s2 s3"]],
    ["coupon", ["h0 h1 h2", "p0", "s0 s1 s2 s3"]],
    ["storeCard", ["h0 h1 h2", "p0", "s0 s1 s2 s3"]],
    ["eventTicket", ["h0 h1 h2", "p0", "s0 s1 s2 s3", "a0 a1 a2 a3"]],
    ["generic", ["h0 h1 h2", "p0", "s0 s1 s2 s3", "a0 a1 a2 a3"]],
    ["posterGeneric", ["h0", "p0 p1 p2 p3", "f0"]],
  ])("%s", (style, expected) => {
    expect(keysOf(rowsOf(style, MANY))).toEqual(expected);
  });

  test("secondary and auxiliary fields share a row of a coupon", () => {
    const few = { secondaryFields: fields(1, "s"), auxiliaryFields: fields(5, "a") };
    expect(keysOf(rowsOf("coupon", few))).toEqual(["", "", "s0 a0 a1 a2"]);
  });

  test("and of a generic pass with a square barcode", () => {
    expect(keysOf(rowsOf("generic", MANY, { hasSquareBarcode: true }))).toEqual(["h0 h1 h2", "p0", "s0 s1 s2 s3"]);
  });

  test("auxiliary fields of a ticket may stand in a second row", () => {
    const inRows = (row: number, prefix: string) => fields(5, prefix).map((field) => ({ ...(field as object), row }));
    const dictionary = { auxiliaryFields: [...inRows(1, "b"), ...inRows(0, "a")] as Json[] };
    expect(keysOf(rowsOf("eventTicket", dictionary))).toEqual(["", "", "a0 a1 a2 a3", "b0 b1 b2 b3"]);
  });

  test.each(PASS_STYLES)("what is not shown of a %s is what the linter says", (style) => {
    const dictionary = style === "boardingPass" ? { ...MANY, transitType: "PKTransitTypeAir" } : MANY;
    const findings = lintPass({ [style]: dictionary }, context()).filter(
      ({ id }) => id === "APL207" || id === "APL506",
    );
    const shown = keysOf(rowsOf(style, dictionary)).join(" ").split(" ");
    // Each finding names the first field that is too many.
    for (const { path } of findings) {
      const [, group = "", index = ""] = /\.(\w+Fields)\.(\d+)$/.exec(path) ?? [];
      expect([path, shown.includes(`${group.charAt(0)}${index}`)]).toEqual([path, false]);
      if (index !== "0") expect(shown).toContain(`${group.charAt(0)}${Number(index) - 1}`);
    }
    expect(findings.length).toBeGreaterThanOrEqual(3);
  });
});

test("a field comes with its alignment, in one line; what is no field is left out", () => {
  const { header } = rowsOf("generic", {
    headerFields: [
      { key: "a", label: "Seat\nrow", value: " 14\n C ", textAlignment: "PKTextAlignmentRight" },
      { key: "a", value: "the second of a key" },
      null,
      5,
      { key: "b", value: 7, textAlignment: "PKTextAlignmentNatural" },
    ],
  });
  expect(header.fields).toEqual([
    { key: "a", label: "Seat row", value: "14 C", alignment: "end" },
    { key: "b", label: "", value: "7", alignment: undefined },
  ]);
  expect(rowsOf("generic", { headerFields: "x" }).header.fields).toEqual([]);
});

describe("texts become smaller before they are cut off", () => {
  const SIZE = { points: 20, leastPercent: 60 };
  const fit = (value: string, label = "") => fitPercent([{ label, value }], 200, SIZE);

  test("a short one keeps its size", () => {
    expect(fit("Lantern Hall")).toBe(100);
    expect(fitPercent([], 200, SIZE)).toBe(100);
  });

  test("the longer, the smaller, in steps of five", () => {
    const sizes = [18, 20, 24, 28, 60].map((length) => fit("n".repeat(length)));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new Set(sizes).size).toBeGreaterThan(2);
    expect(sizes.every((size) => size % 5 === 0)).toBe(true);
  });

  test("never smaller than what can be read", () => {
    expect(fit("n".repeat(500))).toBe(60);
  });

  test("wide characters need more room than narrow ones", () => {
    expect(fit("東京文化会館小ホール夜")).toBeLessThan(fit("iiiiiiiiiii"));
    expect(emWidth("東京")).toBe(2);
    expect(emWidth("é")).toBe(emWidth("e\u0301"));
  });

  test("origin and destination have half of a journey each, and one size", () => {
    const journey = (from: string, to: string) => {
      const primaryFields = [from, to].map((value, i) => ({ key: `p${i}`, value }));
      return rowsOf("boardingPass", { primaryFields }, { look: "journey" }).primary.fit;
    };
    expect(journey("BRS", "FCO")).toBe(100);
    expect(journey("Frankfurt", "FCO")).toBeLessThan(100);
    expect(journey("FCO", "Frankfurt")).toBe(journey("Frankfurt", "FCO"));
  });

  test("neighbours share the room", () => {
    const one = { label: "", value: "n".repeat(12) };
    expect(fitPercent([one, one], 200, SIZE)).toBeLessThan(fitPercent([one], 200, SIZE));
  });
});

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../templates/placeholders.ts";
import { lintPass } from "./lint/lint-pass.ts";
import { normalisePass } from "./normalise.ts";

const changes = (pass: JsonObject, timeZone?: string) => {
  const { pass: written, findings } = normalisePass(pass, timeZone);
  return { pass: written, findings: findings.map(({ id, path }) => `${id} ${path}`) };
};
const field = (more: JsonObject): JsonObject => ({ storeCard: { primaryFields: [{ key: "a", ...more }] } });
const shownValue = (pass: JsonObject) => JSON.stringify(pass).match(/"value":("[^"]*"|[^,}]*)/)?.[1];

describe("colours", () => {
  test.each([
    ["#ff8800", "rgb(255, 136, 0)", 1],
    ["#F80", "rgb(255, 136, 0)", 1],
    ["ff8800", "rgb(255, 136, 0)", 1],
    ["rgb(1,2,3)", "rgb(1, 2, 3)", 0],
    [" RGB( 1 , 2 , 3 ) ", "rgb(1, 2, 3)", 0],
    ["rgb(1, 2, 3)", "rgb(1, 2, 3)", 0],
    ["orange", "orange", 0],
    ["rgb(256, 0, 0)", "rgb(256, 0, 0)", 0],
  ])("%s", (given, written, warnings) => {
    const { pass, findings } = changes({ labelColor: given, semantics: { seats: [{ seatSectionColor: given }] } });
    expect(pass).toEqual({ labelColor: written, semantics: { seats: [{ seatSectionColor: written }] } });
    expect(findings).toEqual(
      warnings ? ["APL107 pass.labelColor", "APL107 pass.semantics.seats.0.seatSectionColor"] : [],
    );
  });
});

describe("dates", () => {
  test("without a zone are local to the template", () => {
    const { pass, findings } = changes(
      { expirationDate: "2026-11-21T18:30", semantics: { eventStartDate: "2026-07-01 20:00" } },
      "Europe/Berlin",
    );
    expect(pass).toEqual({
      expirationDate: "2026-11-21T18:30:00+01:00",
      semantics: { eventStartDate: "2026-07-01T20:00:00+02:00" },
    });
    expect(findings).toEqual(["APL108 pass.expirationDate", "APL108 pass.semantics.eventStartDate"]);
  });

  test("without a time begin with the day, and expire with it", () => {
    expect(
      changes({ expirationDate: "2026-11-21", relevantDate: "2026-11-21", relevantDates: [{ date: "2026-11-21" }] })
        .pass,
    ).toEqual({
      expirationDate: "2026-11-21T23:59:59Z",
      relevantDate: "2026-11-21T00:00:00Z",
      relevantDates: [{ date: "2026-11-21T00:00:00Z" }],
    });
  });

  test("in a field only where it is one", () => {
    expect(shownValue(changes(field({ value: "2026-11-21", dateStyle: "PKDateStyleShort" })).pass)).toBe(
      '"2026-11-21T00:00:00Z"',
    );
    expect(shownValue(changes(field({ value: "2026-11-21" })).pass)).toBe('"2026-11-21"');
    expect(shownValue(changes(field({ value: "tomorrow", timeStyle: "PKDateStyleShort" })).pass)).toBe('"tomorrow"');
  });

  test("that are complete stay as they are, to the letter", () => {
    const pass = { expirationDate: "2026-11-21T18:30+01:00", relevantDate: "2026-02-29T18:30Z", relevantDates: [] };
    expect(changes(pass)).toEqual({ pass, findings: [] });
  });
});

describe("numbers", () => {
  test("in quotes where a number belongs", () => {
    const { pass, findings } = changes({
      locations: [{ latitude: "52.5", longitude: "-13" }],
      maxDistance: "100",
      formatVersion: "1",
    });
    expect(pass).toEqual({ locations: [{ latitude: 52.5, longitude: -13 }], maxDistance: 100, formatVersion: 1 });
    expect(findings).toEqual([
      "APL104 pass.locations.0.latitude",
      "APL104 pass.locations.0.longitude",
      "APL308 pass.maxDistance",
      "APL102 pass.formatVersion",
    ]);
  });

  test("in a field with a number style or a currency", () => {
    expect(shownValue(changes(field({ value: "70", numberStyle: "PKNumberStyleDecimal" })).pass)).toBe("70");
    expect(shownValue(changes(field({ value: "25.90", currencyCode: "EUR" })).pass)).toBe("25.9");
    expect(shownValue(changes(field({ value: "0070" })).pass)).toBe('"0070"');
  });

  test("that would not be the same number stay text, and so does text", () => {
    const pass = {
      maxDistance: "12345678901234567890",
      serialNumber: "12345",
      userInfo: { altitude: "5" },
      semantics: { totalPrice: { amount: "5" } },
    };
    expect(changes(pass)).toEqual({ pass, findings: [] });
  });
});

describe("barcodes", () => {
  const ean = {
    format: "PKBarcodeFormatEAN13",
    message: "4006381333931",
    messageEncoding: "iso-8859-1",
    altText: "4006",
  };

  test("that only iOS 27 draws are followed by a QR code", () => {
    const { pass, findings } = changes({ barcodes: [ean] });
    expect(pass["barcodes"]).toEqual([ean, { ...ean, format: "PKBarcodeFormatQR" }]);
    expect(findings).toEqual(["APL303 pass.barcodes"]);
  });

  test.each<[string, Json]>([
    ["a classic one is there", [ean, { ...ean, format: "PKBarcodeFormatCode128" }]],
    ["its message cannot be encoded", [{ ...ean, message: "€" }]],
    ["it is too long", [{ ...ean, message: "1".repeat(3_000) }]],
    ["there is none", []],
    ["its format is unknown", [{ ...ean, format: "EAN" }]],
    ["it is no list", ean],
  ])("stay alone where %s", (_, barcodes) => {
    expect(changes({ barcodes })).toEqual({ pass: { barcodes }, findings: [] });
  });
});

describe("relevant dates", () => {
  const at = "2026-11-21T18:30Z";
  test("both keys are there in the end", () => {
    expect(changes({ relevantDate: at })).toEqual({
      pass: { relevantDate: at, relevantDates: [{ date: at, relevantDate: at }] },
      findings: ["APL310 pass.relevantDates"],
    });
    expect(changes({ relevantDates: [{ startDate: at, endDate: at }] }).pass["relevantDate"]).toBe(at);
    expect(changes({ relevantDates: [{ date: "2026-11-21" }] }, "Europe/Berlin").pass["relevantDate"]).toBe(
      "2026-11-21T00:00:00+01:00",
    );
  });

  test("what cannot be read is not copied", () => {
    for (const pass of [{ relevantDate: "soon" }, { relevantDates: [{ date: "soon" }] }, { relevantDates: [] }, {}]) {
      expect(changes(pass)).toEqual({ pass, findings: [] });
    }
  });
});

describe("for any pass", () => {
  const hex = fc.stringMatching(/^#[0-9a-f]{6}$/);
  const colour = fc.oneof(
    hex,
    fc.stringMatching(/^#[0-9a-fA-F]{3}$/),
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((rgb) => `rgb(${rgb.join(",")})`),
  );
  const date = fc
    .tuple(
      fc.date({ min: new Date("1971-01-01"), max: new Date("2099-01-01"), noInvalidDate: true }),
      fc.constantFrom(10, 16, 19, 24),
    )
    .map(([day, length]) => day.toISOString().slice(0, length));
  const numeric = fc.oneof(fc.integer({ min: -80, max: 80 }), fc.integer({ min: -80, max: 80 }).map(String));
  const meant = fc.record(
    {
      backgroundColor: colour,
      labelColor: colour,
      expirationDate: date,
      relevantDate: date,
      maxDistance: numeric,
      locations: fc.array(fc.record({ latitude: numeric, longitude: numeric }), { maxLength: 3 }),
      semantics: fc.record({ eventStartDate: date, duration: numeric }, { requiredKeys: [] }),
      storeCard: fc.record({
        primaryFields: fc.tuple(
          fc.record({ key: fc.constant("a"), value: date, dateStyle: fc.constant("PKDateStyleShort") }),
        ),
        backFields: fc.tuple(
          fc.record({ key: fc.constant("b"), value: numeric, numberStyle: fc.constant("PKNumberStyleDecimal") }),
        ),
      }),
    },
    { requiredKeys: [] },
  );
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Chatham");
  const anything = fc.oneof(
    meant,
    fc.dictionary(
      fc.constantFrom("backgroundColor", "expirationDate", "barcodes", "relevantDates", "storeCard", "__proto__", "x"),
      fc.jsonValue(),
    ),
  );

  test("what was meant passes the rules for colours, dates and numbers", () => {
    const rules = ["APL107", "APL108", "APL104", "APL206", "APL308", "APL310"];
    fc.assert(
      fc.property(meant, zone, (given, timeZone) => {
        const { pass } = normalisePass(given as unknown as JsonObject, timeZone);
        const found = lintPass(pass, { now: 0, images: new Map(), locales: new Map() });
        expect(found.filter(({ id }) => rules.includes(id))).toEqual([]);
      }),
    );
  });

  test("a second time changes nothing and says nothing; the pass that was given stays as it is", () => {
    fc.assert(
      fc.property(anything, zone, (given, timeZone) => {
        const before = JSON.stringify(given);
        const once = normalisePass(given as unknown as JsonObject, timeZone);
        expect(JSON.stringify(given)).toBe(before);
        const twice = normalisePass(once.pass, timeZone);
        expect(twice.pass).toEqual(once.pass);
        expect(twice.findings).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { card, flight, poster, posterTicket, ticket } from "../../../test/support/lint/passes.ts";
import { toJsonSchema } from "./json-schema.ts";
import { PassJson } from "./pass.ts";
import { SemanticTags } from "./semantics.ts";
import { isPassDate, toPassColour, toPassNumber } from "./values.ts";

test("the type, the check and the schema are one", () => {
  const pass: PassJson = {
    formatVersion: 1,
    passTypeIdentifier: "pass.com.example.card",
    teamIdentifier: "A1B2C3D4E5",
    serialNumber: "1",
    organizationName: "Shop",
    description: "Card",
    storeCard: { auxiliaryFields: [{ key: "a", value: 5, row: 1, semantics: { flightNumber: 5 } }] },
  };
  expect(Value.Check(PassJson, pass)).toBe(true);
});

test("good passes of every style fit", () => {
  for (const pass of [card, ticket, posterTicket, flight, poster])
    expect([...Value.Errors(PassJson, pass)]).toEqual([]);
});

test("every key has an explanation for editors", () => {
  const silent: string[] = [];
  const visit = (name: string, schema: Record<string, unknown>): void => {
    if (typeof schema["description"] !== "string") silent.push(name);
    for (const [key, inner] of Object.entries(schema["properties"] ?? {})) visit(`${name}.${key}`, inner);
    if (schema["items"]) visit(`${name}[]`, schema["items"] as Record<string, unknown>);
  };
  visit("pass", PassJson as unknown as Record<string, unknown>);
  expect(silent).toEqual([]);
});

test("the counts of Apple's tables", () => {
  const count = (schema: { properties: object }) => Object.keys(schema.properties).length;
  // Identity 6, service 2, apps 4, life 4, scheme 1, styles 6, appearance 11, relevance 5, barcodes 2, NFC 1,
  // event URLs 14, boarding URLs 16 of which one is shared, actions 1, upcoming 1, semantics 1.
  expect(count(PassJson)).toBe(6 + 2 + 4 + 4 + 1 + 6 + 11 + 5 + 2 + 1 + 14 + 15 + 1 + 1 + 1);
  // General 6, events 16, venue 16, sport 9, journey 14, flight 4, either end 11, passenger 17.
  expect(count(SemanticTags)).toBe(6 + 16 + 16 + 9 + 14 + 4 + 2 * 11 + 17);
});

describe("JSON Schema", () => {
  const schema = toJsonSchema(PassJson);
  const text = JSON.stringify(schema);

  test("has enumerations, explanations and nothing of this program's own", () => {
    expect(text).toContain('"enum":["PKTransitTypeAir"');
    expect(text).not.toContain("x-rules");
    expect(text).not.toContain("x-kind");
    expect(schema["required"]).toContain("serialNumber");
  });

  test("writes what is used often once", () => {
    expect(Object.keys(schema["definitions"] ?? {}).sort()).toEqual(["Field", "SemanticTags"]);
    expect(text.length).toBeLessThan(80_000);
  });

  test("every reference leads somewhere", () => {
    for (const [, name = ""] of text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) {
      expect(schema["definitions"]).toHaveProperty(name);
    }
  });
});

test("values", () => {
  expect(["2026-11-21T18:30+01:00", "2024-02-29T00:00:00.5Z"].every(isPassDate)).toBe(true);
  const wrong = [
    "2026-02-29T00:00Z",
    "2026-11-21T24:00Z",
    "2026-11-21T18:30z",
    "2026-11-21T18:30",
    "2026-11-31T00:00Z",
    "",
  ];
  expect(wrong.filter(isPassDate)).toEqual([]);
  expect(["#abc", "#ABCDEF", "rgb(0,0,0)", "hsl(0, 0%, 0%)"].map(toPassColour)).toEqual([
    "rgb(170, 187, 204)",
    "rgb(171, 205, 239)",
    "rgb(0, 0, 0)",
    undefined,
  ]);
  expect(["52.5", "-0", "1e5", "", "0x10", "1."].map(toPassNumber)).toEqual([
    52.5,
    0,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("the schemas stand in small files", () => {
  for (const name of new Bun.Glob("*.ts").scanSync(import.meta.dir)) {
    expect(readFileSync(`${import.meta.dir}/${name}`, "utf8").split("\n").length).toBeLessThan(250);
  }
});

import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { GALLERY } from "./gallery/index.ts";
import { isObject, type Json, type JsonObject } from "./placeholders.ts";
import { passTemplateSchema, templateFile } from "./template-schema.ts";

const schema = templateFile();
const template = (pass: JsonObject): JsonObject => ({
  name: "Card",
  style: "generic",
  fields: {},
  pass: { description: "Card", generic: {}, ...pass },
});
const errors = (value: unknown) => [...Value.Errors(schema, value)].map(({ path }) => path);

test("the gallery fits", () => {
  for (const { name, definition } of GALLERY) expect([name, errors(definition)]).toEqual([name, []]);
});

describe("a placeholder", () => {
  test("stands for any leaf", () => {
    const all = "{{any}}";
    const pass = {
      backgroundColor: all,
      expirationDate: all,
      voided: all,
      maxDistance: all,
      associatedStoreIdentifiers: [all],
      locations: [{ latitude: all, longitude: ` ${all} ` }],
      barcodes: [{ format: all, message: "A{{serial}}", messageEncoding: "iso-8859-1" }],
      sellURL: "https://example.com/{{serial}}",
      generic: {
        primaryFields: [
          { key: "a", value: all, dateStyle: all, row: all, semantics: { seats: [{ seatNumber: all }] } },
        ],
      },
    };
    expect(errors(template(pass))).toEqual([]);
  });

  test("is a text like any other elsewhere", () => {
    expect(errors(template({ locations: "{{places}}" }))).toContain("/pass/locations");
    expect(errors(template({ maxDistance: "{{distance}} metres" }))).toContain("/pass/maxDistance");
    expect(errors(template({ backgroundColor: "#ff8800" }))).toContain("/pass/backgroundColor");
  });
});

test("what the server fills in, and what is mistyped, is not known", () => {
  expect(errors(template({ serialNumber: "1" }))).toEqual(["/pass/serialNumber"]);
  expect(errors(template({ webServiceURL: "https://example.com" }))).toEqual(["/pass/webServiceURL"]);
  expect(errors(template({ backgroundColour: "rgb(0, 0, 0)" }))).toEqual(["/pass/backgroundColour"]);
});

test("printed, every leaf of the pass that is not plain text also takes a placeholder", () => {
  const { properties, definitions } = passTemplateSchema();
  const plain: string[] = [];
  const visit = (path: string, node: Json | undefined): void => {
    if (!isObject(node) || node["$ref"]) return;
    for (const [key, inner] of Object.entries(isObject(node["properties"]) ? node["properties"] : {}))
      visit(`${path}.${key}`, inner);
    if (node["items"]) visit(`${path}[]`, node["items"]);
    const isLeaf =
      ["number", "integer", "boolean"].includes(String(node["type"])) ||
      node["enum"] ||
      node["const"] ||
      node["pattern"];
    if (isLeaf && !node["anyOf"]) plain.push(path);
  };
  visit("pass", isObject(properties) ? properties["pass"] : undefined);
  for (const [name, node] of Object.entries(definitions as JsonObject)) visit(name, node);
  expect(plain).toEqual([]);
});

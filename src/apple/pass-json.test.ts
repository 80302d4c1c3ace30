import { describe, expect, test } from "bun:test";
import type { TemplateDefinition } from "../templates/definition.ts";
import { fillFields, type GivenValue } from "../templates/fill.ts";
import { GALLERY } from "../templates/gallery/index.ts";
import { isObject, type Json } from "../templates/placeholders.ts";
import { type PassContent, renderPassJson } from "./pass-json.ts";

const ISSUER = {
  passTypeIdentifier: "pass.com.example.card",
  teamIdentifier: "A1B2C3D4E5",
  organizationName: "Shop",
  webServiceURL: "https://passes.example.com/passkit",
  authenticationToken: "t".repeat(43),
};
const CONTENT: PassContent = {
  serial: "0123456789abcdefghjkmnpqrs",
  url: "https://passes.example.com/p/0123456789abcdefghjkmnpqrs",
  values: {},
  recipientName: null,
  recipientEmail: null,
  issuedAt: Date.UTC(2026, 10, 21, 12),
  voided: false,
  expiredAt: null,
};

/** The pass.json of a template with these fields and values, with `pass` below it. */
function render(
  fields: TemplateDefinition["fields"],
  values: Readonly<Record<string, string>>,
  pass: Readonly<Record<string, unknown>>,
  more: { content?: Partial<PassContent>; timeZone?: string } = {},
): Record<string, Json> {
  const { content = {}, ...definition } = more;
  return renderPassJson(
    { name: "Card", style: "generic", fields, pass, ...definition },
    { ...CONTENT, values, ...content },
    ISSUER,
  );
}

describe("the gallery", () => {
  const given = (definition: TemplateDefinition, wanted: (name: string) => boolean) =>
    new Map<string, GivenValue>(
      Object.entries(definition.fields).flatMap(([name, { example = "" }]): [string, GivenValue][] =>
        wanted(name) ? [[name, { kind: "text", text: example }]] : [],
      ),
    );

  /** Every entry of the lists of a pass whose names end in `Fields`. */
  function fieldsIn(tree: Json): { key: Json | undefined; value: Json | undefined }[] {
    if (Array.isArray(tree)) return tree.flatMap(fieldsIn);
    if (!isObject(tree)) return [];
    return Object.entries(tree).flatMap(([name, value]) =>
      name.endsWith("Fields") && Array.isArray(value)
        ? value.map((field: Json) =>
            isObject(field) ? { key: field["key"], value: field["value"] } : { key: "", value: "" },
          )
        : fieldsIn(value),
    );
  }

  test.each(
    GALLERY.flatMap(({ name, definition }) =>
      (["every field", "only what is required"] as const).map(
        (how) => [name, how, definition as TemplateDefinition] as const,
      ),
    ),
  )("%s with %s has no empty field and no placeholder left", (_, how, definition) => {
    const wanted = (name: string) => how === "every field" || definition.fields[name]?.required === true;
    const { values, problems } = fillFields(definition, given(definition, wanted));
    expect(problems).toEqual([]);
    const named = how === "every field" ? { recipientName: "Sarah", recipientEmail: "sarah@example.com" } : {};
    const pass = renderPassJson(definition, { ...CONTENT, values, ...named }, ISSUER);
    const text = JSON.stringify(pass);
    expect(text).not.toContain("{{");
    expect(text).not.toMatch(/null|undefined|NaN/);
    for (const field of fieldsIn(pass)) {
      expect(field.value).not.toBeUndefined();
      expect(field.value).not.toBe("");
    }
    expect(pass).toMatchObject({
      formatVersion: 1,
      serialNumber: CONTENT.serial,
      description: expect.any(String),
    } as object);
  });
});

describe("values have the type of their field", () => {
  const fields = {
    n: { type: "number" },
    b: { type: "boolean" },
    t: { type: "text" },
    d: { type: "date" },
  } as const;
  const values = { n: "9.5", b: "true", t: "9.5", d: "2026-11-21T18:30:00+01:00" };

  test.each<[string, Json]>([
    ["{{n}}", 9.5],
    [" {{ n }} ", 9.5],
    ["{{b}}", true],
    ["{{t}}", "9.5"],
    ["{{d}}", "2026-11-21T18:30:00+01:00"],
    ["{{n}} points", "9.5 points"],
    ["{{n}}{{n}}", "9.59.5"],
    ["{{serial}}", CONTENT.serial],
    ["{{issued-at}}", "2026-11-21T12:00:00Z"],
  ])("%s is %j", (value, expected) => {
    expect(render(fields, values, { userInfo: value })["userInfo"]).toBe(expected);
  });

  test("but where Wallet takes text only they are text", () => {
    const barcodes = [{ message: "{{n}}", altText: "{{n}}" }];
    const pass = {
      barcodes,
      logoText: "{{n}}",
      generic: {
        backFields: [
          { key: "k", label: "{{n}}", value: "{{n}}" },
          { key: "vip", value: "{{b}}" },
        ],
      },
    };
    expect(render(fields, values, pass)).toMatchObject({
      barcodes: [{ message: "9.5", altText: "9.5" }],
      logoText: "9.5",
      generic: { backFields: [{ label: "9.5", value: 9.5 }, { value: "true" }] },
    });
  });

  test("a default stands in for a value that there is not", () => {
    expect(render({ n: { type: "number", default: 0 } }, {}, { value: "{{n}}" })["value"]).toBe(0);
  });
});

describe("days", () => {
  const fields = { until: { type: "date" } } as const;
  test.each([
    ["2026-11-30", "Europe/Berlin", "2026-11-30T23:59:59+01:00", "2026-11-30T00:00:00+01:00"],
    ["2026-07-30", "Europe/Berlin", "2026-07-30T23:59:59+02:00", "2026-07-30T00:00:00+02:00"],
    // The day on which the clocks are set back has two offsets.
    ["2026-10-25", "Europe/Berlin", "2026-10-25T23:59:59+01:00", "2026-10-25T00:00:00+02:00"],
    ["2026-11-30", undefined, "2026-11-30T23:59:59Z", "2026-11-30T00:00:00Z"],
    ["2026-11-30T18:00:00-05:00", "Europe/Berlin", "2026-11-30T18:00:00-05:00", "2026-11-30T18:00:00-05:00"],
  ])("%s in %s ends at %s and begins at %s", (until, timeZone, end, start) => {
    const pass = { expirationDate: "{{until}}", relevantDate: "{{until}}" };
    const more = timeZone === undefined ? {} : { timeZone };
    expect(render(fields, { until }, pass, more)).toMatchObject({ expirationDate: end, relevantDate: start });
  });
});

describe("what has no value is left out", () => {
  const fields = { a: { type: "text" }, lat: { type: "number" }, lon: { type: "number" } } as const;
  test.each<[string, Record<string, unknown>, Record<string, Json>]>([
    ["a key", { logoText: "{{a}}" }, {}],
    [
      "a field",
      {
        generic: {
          backFields: [
            { key: "a", label: "A", value: "{{a}}" },
            { key: "b", value: "x" },
          ],
        },
      },
      { generic: { backFields: [{ key: "b", value: "x" }] } },
    ],
    ["a list of which nothing is left", { generic: { backFields: [{ key: "a", value: "{{a}}" }] } }, { generic: {} }],
    ["a barcode", { barcodes: [{ message: "{{a}}", format: "PKBarcodeFormatQR" }] }, {}],
    ["half a place", { locations: [{ latitude: "{{lat}}", longitude: 8 }] }, {}],
    [
      "the label alone stays out too",
      { generic: { backFields: [{ key: "a", label: "{{a}}", value: "x" }] } },
      { generic: { backFields: [{ key: "a", value: "x" }] } },
    ],
    ["but not text around it", { logoText: "Hello {{a}}" }, { logoText: "Hello " }],
  ])("%s", (_, pass, expected) => {
    const { logoText, generic, barcodes, locations } = render(fields, {}, pass);
    const shown = Object.fromEntries(
      Object.entries({ logoText, generic, barcodes, locations }).filter(([, value]) => value !== undefined),
    );
    expect(shown).toEqual(expected);
  });

  test("the account's name stands in for an organization that came out empty", () => {
    expect(render(fields, {}, { organizationName: "{{a}}" })["organizationName"]).toBe("Shop");
  });
});

test("markup: a name does not become a link, and elsewhere it stays as it is", () => {
  const name = `<a href="https://evil.example">Sarah</a> & 'Co'`;
  const field = { key: "k", value: "{{a}}", attributedValue: "<b>{{a}}</b>" };
  const { generic } = render({ a: { type: "text" } }, { a: name }, { generic: { backFields: [field] } });
  expect(generic).toEqual({
    backFields: [
      {
        key: "k",
        value: name,
        attributedValue: "<b>&lt;a href=&quot;https://evil.example&quot;&gt;Sarah&lt;/a&gt; &amp; &apos;Co&apos;</b>",
      },
    ],
  });
});

test("a template cannot override what the server knows, and a value cannot bring a placeholder", () => {
  const pass = { serialNumber: "mine", webServiceURL: "https://evil.example", voided: false, logoText: "{{a}}" };
  const rendered = render({ a: { type: "text" } }, { a: "{{serial}}" }, pass, { content: { voided: true } });
  expect(rendered).toMatchObject({ ...ISSUER, serialNumber: CONTENT.serial, voided: true, logoText: "{{serial}}" });
});

import { describe, expect, test } from "bun:test";
import { renderToString } from "preact-render-to-string";
import { activeParts, elementsOf } from "../../../test/support/html.ts";
import type { JsonObject } from "../../templates/placeholders.ts";
import { english } from "../landing/texts/en.ts";
import { PassBack } from "./pass-back.tsx";
import { PassFront } from "./pass-front.tsx";
import { type PreviewSource, passView } from "./pass-view.ts";
import { passColourRule } from "./preview-style.ts";

const NOW = Date.parse("2026-11-20T12:00Z");
const VIEWER = { locale: "en", timeZone: "UTC", now: NOW };
const view = (passJson: JsonObject, more: Partial<PreviewSource> = {}) =>
  passView({ passJson, images: new Map(), ...more }, VIEWER);
const front = (passJson: JsonObject, more: Partial<PreviewSource> = {}) =>
  renderToString(PassFront({ view: view(passJson, more), texts: english.preview, id: "pass" }));

/** The beginning of a PNG, which says its size. */
function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(33);
  bytes.write("\x89PNG\r\n\x1a\n", "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

describe("colours", () => {
  test("are the template's; labels are derived where none is given", () => {
    const given = { backgroundColor: "rgb(0, 0, 0)", foregroundColor: "rgb(255, 255, 255)" };
    expect(view({ ...given, labelColor: "rgb(1, 2, 3)" }).colours).toEqual({
      background: [0, 0, 0],
      foreground: [255, 255, 255],
      label: [1, 2, 3],
    });
    expect(view(given).colours.label).toEqual([191.25, 191.25, 191.25]);
  });

  test("without any, black on white; on a dark background, white", () => {
    expect(view({}).colours).toMatchObject({ background: [255, 255, 255], foreground: [0, 0, 0] });
    expect(view({ backgroundColor: "rgb(20, 30, 40)" }).colours.foreground).toEqual([255, 255, 255]);
    expect(view({ backgroundColor: "red;}body{display:none" }).colours.background).toEqual([255, 255, 255]);
  });

  test("become a rule that holds numbers only", () => {
    const rule = passColourRule("pass", view({ backgroundColor: "rgb(20, 30, 40)", labelColor: "url(x)" }));
    expect(rule).toMatch(/^#pass\{(--pass-(background|foreground|label):rgb\(\d+ \d+ \d+\);?){3}\}$/);
  });
});

describe("images", () => {
  const images = (...names: [string, number, number][]) => new Map(names.map(([name, w, h]) => [name, png(w, h)]));

  test("in all densities, in points, of the files that are there", () => {
    const files = images(["logo@2x.png", 200, 100], ["logo@3x.png", 300, 150], ["icon.png", 38, 38]);
    const address = (file: string) => `/images/${file}`;
    expect(view({ generic: {} }, { images: files, imageAddress: address }).images).toEqual({
      logo: {
        src: "/images/logo@3x.png",
        srcset: "/images/logo@2x.png 2x, /images/logo@3x.png 3x",
        width: 100,
        height: 50,
      },
    });
  });

  test("within the page where they have no address", () => {
    const { logo } = view({ generic: {} }, { images: images(["logo.png", 50, 50]) }).images;
    expect(logo?.src).toStartWith("data:image/png;base64,iVBORw0KGgo");
  });

  test.each<[string, string[], string[]]>([
    ["storeCard", ["logo", "strip", "thumbnail", "background", "footer"], ["logo", "strip"]],
    ["generic", ["logo", "strip", "thumbnail", "background"], ["logo", "thumbnail"]],
    ["boardingPass", ["logo", "strip", "footer"], ["logo", "footer"]],
    ["eventTicket", ["thumbnail", "background"], ["background", "thumbnail"]],
    // A strip takes the place of both.
    ["eventTicket", ["strip", "thumbnail", "background"], ["strip"]],
    ["coupon", [], []],
  ])("a %s with %j shows %j", (style, files, shown) => {
    const all = images(...files.map((name): [string, number, number] => [`${name}.png`, 10, 10]));
    expect(Object.keys(view({ [style]: {} }, { images: all }).images)).toEqual(shown);
  });

  test("of the language, unless one at the top hides them", () => {
    const language = { code: "fr", texts: new Map() };
    const french = images(["fr.lproj/logo.png", 11, 11]);
    const imageAddress = (file: string) => file;
    expect(view({ generic: {} }, { images: french, imageAddress, language }).images.logo?.src).toBe(
      "fr.lproj/logo.png",
    );
    expect(view({ generic: {} }, { images: french, imageAddress }).images.logo).toBeUndefined();
    const both = new Map([...french, ...images(["logo.png", 12, 12])]);
    expect(view({ generic: {} }, { images: both, imageAddress, language }).images.logo?.src).toBe("logo.png");
  });

  test("what is no PNG is none", () => {
    expect(view({ generic: {} }, { images: new Map([["logo.png", new Uint8Array(5)]]) }).images).toEqual({});
  });
});

describe("the end", () => {
  test.each<[JsonObject, "voided" | "expired" | undefined, string]>([
    [{}, undefined, ""],
    [{ expirationDate: "2026-11-20T12:00:01Z" }, undefined, ""],
    [{ expirationDate: "2026-11-20T12:00:00Z" }, "expired", "Expired"],
    [{ voided: true, expirationDate: "2020-01-01T00:00Z" }, "voided", "Void"],
    [{ voided: "true", expirationDate: "soon" }, undefined, ""],
  ])("%j: %s", (passJson, ended, mark) => {
    expect(view(passJson).ended).toBe(ended);
    const html = front({ ...passJson, generic: {} });
    if (mark === "") expect(html).not.toContain("pass-ended");
    else expect(html).toContain(`<p class="pass-ended">${mark}</p>`);
  });
});

test("texts, labels, values and the text of the barcode are in the language of the pass", () => {
  const texts = new Map(
    Object.entries({ Shop: "Boutique", Card: "Carte", Level: "Niveau", Gold: "Or", Number: "Numéro" }),
  );
  const passJson = {
    organizationName: "Shop",
    description: "Card",
    logoText: "Shop",
    storeCard: { headerFields: [{ key: "a", label: "Level", value: "Gold" }] },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "x", messageEncoding: "utf-8", altText: "Number" }],
  };
  const html = front(passJson, { language: { code: "fr", texts } });
  expect(html).toContain('lang="fr" aria-label="Carte"');
  for (const text of ["Boutique", "Niveau", "Or", "Numéro"]) expect(html).toContain(`>${text}<`);
});

test("a journey shows its means of transport between the two ends", () => {
  const journey = (transitType: string) =>
    front({
      boardingPass: {
        transitType,
        primaryFields: [
          { key: "a", label: "From", value: "BRS" },
          { key: "b", label: "To", value: "FCO" },
        ],
      },
    });
  const types = ["Air", "Boat", "Bus", "Generic", "Train"].map((type) => journey(`PKTransitType${type}`));
  expect(new Set(types).size).toBe(5);
  for (const html of types) expect(html).toMatch(/BRS.*<svg class="pass-transit".*FCO/);
  expect(journey("PKTransitTypeRocket")).toBe(journey("PKTransitTypeGeneric"));
});

test("a poster is drawn, also beside the older style for older phones", () => {
  const posterGeneric = { primaryFields: [{ key: "a", value: "Poster" }] };
  expect(front({ posterGeneric })).toContain("Poster");
  expect(view({ generic: {}, posterGeneric }).style).toBe("posterGeneric");
});

test("whatever stands in a pass, nothing of it runs and nothing of it breaks", async () => {
  const sly = `</script><svg onload="alert(1)"><img src=x onerror='alert(1)'>`;
  const field = { key: sly, label: sly, value: sly, textAlignment: sly };
  const groups = ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"];
  const passJson = {
    ...Object.fromEntries(["organizationName", "description", "logoText"].map((key) => [key, sly])),
    ...Object.fromEntries(["backgroundColor", "foregroundColor", "labelColor"].map((key) => [key, sly])),
    barcodes: [{ format: "PKBarcodeFormatQR", message: sly, messageEncoding: sly, altText: sly }],
    boardingPass: { transitType: sly, ...Object.fromEntries(groups.map((group) => [group, [field]])) },
  };
  const markup = { ...field, attributedValue: `<a href='javascript:x' onclick="x">${sly}</a>` };
  const html = front(passJson) + renderToString(PassBack({ fields: view({ generic: { backFields: [markup] } }).back }));
  const elements = await elementsOf(html);
  expect(activeParts(elements)).toEqual([]);
  expect([...new Set(elements.map(({ tag }) => tag))].sort()).toEqual(
    ["article", "dd", "div", "dl", "dt", "figcaption", "figure", "header", "path", "span", "svg"].sort(),
  );
  expect(passColourRule("pass", view(passJson))).not.toContain("<");

  const nonsense = [null, 5, "x", [], { a: [] }];
  for (const value of nonsense) {
    const broken = Object.fromEntries(Object.keys(passJson).map((key) => [key, value]));
    expect(() => front({ ...broken, generic: { headerFields: [value], backFields: value } })).not.toThrow();
  }
});

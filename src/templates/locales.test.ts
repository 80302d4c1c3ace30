import { expect, test } from "bun:test";
import { prepareTexts } from "../apple/localised-texts.ts";
import { parseStrings } from "../apple/strings-file.ts";
import type { TemplateDefinition } from "./definition.ts";
import { checkLocales, type LocaleSource } from "./locales.ts";

const KNOWN = ["points", "name", "serial"];
const check = (locales: Readonly<Record<string, unknown>>) =>
  checkLocales(new Map(Object.entries(locales)) as LocaleSource, KNOWN).map(
    ({ path, message }) => `${path}: ${message}`,
  );

test("languages with the same keys are good, with placeholders in texts and in keys", () => {
  expect(check({})).toEqual([]);
  expect(
    check({
      fr: { Points: "Points", "You have {{points}} points": "Vous avez {{ points }} points" },
      "zh-Hans": { "You have {{points}} points": "您有{{points}}积分", Points: "积分" },
    }),
  ).toEqual([]);
});

test("every missing key is told, with the language that has it", () => {
  expect(check({ fr: { Points: "Points", Level: "Niveau" }, de: { Points: "Punkte", Name: "Name" } })).toEqual([
    'locales/fr.json: "Name" is missing: locales/de.json has it, and every language needs the same keys',
    'locales/de.json: "Level" is missing: locales/fr.json has it, and every language needs the same keys',
  ]);
});

test("what is no language, no text or no placeholder is told", () => {
  expect(check({ french: { a: "b" } })).toEqual([
    "locales/french.json: is not a language code such as fr, pt-BR or zh-Hans",
  ]);
  expect(check({ jp: {}, fr_FR: {} })).toHaveLength(2);
  expect(check({ fr: ["a"] })).toEqual(['locales/fr.json: must be an object such as {"Points": "Punkte"}']);
  expect(check({ fr: { a: 1, "": "x" } })).toEqual([
    'locales/fr.json: "a" must be text',
    "locales/fr.json: has a key that is empty",
  ]);
  expect(check({ fr: { Hello: "Salut {{nme}}" } })).toEqual([
    'locales/fr.json: "Hello": {{nme}} is neither a field of this template nor built in (did you mean "name"?)',
  ]);
});

const DEFINITION: TemplateDefinition = {
  name: "Card",
  style: "generic",
  fields: {},
  pass: { generic: { backFields: [{ key: "a", value: "x", attributedValue: "Ask <a href='{{url}}'>{{name}}</a>" }] } },
};

const texts = (bytes: Buffer | undefined) => Object.fromEntries(parseStrings(bytes ?? Buffer.alloc(0)));

test("languages without placeholders are written once, the others for each pass", () => {
  const { constant, ofPass } = prepareTexts(DEFINITION, {
    fr: { Hello: "Salut {{name}}", "{{points}} points": "{{points}} points !" },
    de: { Hello: "Hallo", "x points": "x Punkte" },
  });
  expect([...constant.keys()]).toEqual(["de.lproj/pass.strings"]);
  expect(texts(constant.get("de.lproj/pass.strings"))).toEqual({ Hello: "Hallo", "x points": "x Punkte" });
  const filled = ofPass?.((name) => ({ name: 'Zoë "Z"', points: 70 })[name]);
  expect([...(filled?.keys() ?? [])]).toEqual(["fr.lproj/pass.strings"]);
  expect(texts(filled?.get("fr.lproj/pass.strings"))).toEqual({
    Hello: 'Salut Zoë "Z"',
    "70 points": "70 points !",
  });
});

test("where a value is missing, a key that has nothing left goes and a text becomes empty", () => {
  const { ofPass } = prepareTexts(DEFINITION, { fr: { "{{name}}": "Nom : {{name}}", Hello: "{{name}}" } });
  expect(texts(ofPass?.(() => undefined).get("fr.lproj/pass.strings"))).toEqual({ Hello: "" });
});

test("values are escaped where the text becomes markup, so that a name cannot become a link", () => {
  const { ofPass } = prepareTexts(DEFINITION, {
    fr: { "Ask <a href='{{url}}'>{{name}}</a>": "Demandez à {{name}}", Hello: "Salut {{name}}" },
  });
  const places: string[] = [];
  ofPass?.((name, place) => {
    places.push(`${name} ${place}`);
    return "v";
  });
  expect(places).toEqual(["url attributedValue", "name attributedValue", "name attributedValue", "name "]);
});

test("a template without languages has no files of them", () => {
  expect(prepareTexts(DEFINITION, {})).toEqual({ constant: new Map() });
});

import { describe, expect, test } from "bun:test";
import { acceptedLanguages, bestLanguage } from "./languages.ts";
import { LANDING_TEXTS, textsFor } from "./texts/index.ts";

describe("Accept-Language", () => {
  test.each<[string | null, string[]]>([
    [null, []],
    ["", []],
    ["de", ["de"]],
    ["en-US,en;q=0.9,de;q=0.8", ["en-US", "en", "de"]],
    ["en;q=0.5, fr-CH ; q=0.9 ,it", ["it", "fr-CH", "en"]],
    ["de;q=0, fr", ["fr"]],
    ["*;q=0.1, ja", ["ja"]],
    ["EN-us", ["en-US"]],
    ["zh-hant-tw", ["zh-Hant-TW"]],
    ["en;q=high, de;q=0.4", ["de"]],
    ["</script>, ../x, 12, fr", ["fr"]],
    ["de, de", ["de"]],
    [`${"x-y,".repeat(5_000)}de`, []],
  ])("%p: %j", (header, expected) => {
    expect(acceptedLanguages(header)).toEqual(expected);
  });
});

describe("the best language", () => {
  test.each<[string[], string[], string | undefined]>([
    [["fr-CH", "de"], ["de", "fr"], "fr"],
    [["nl", "de"], ["en", "de"], "de"],
    [["pt-PT"], ["pt-BR", "pt-PT"], "pt-PT"],
    [["pt-PT"], ["pt-BR"], "pt-BR"],
    [["zh-TW"], ["zh-Hans", "zh-Hant"], "zh-Hant"],
    [["zh-CN"], ["zh-Hant"], undefined],
    [["sr-Latn"], ["sr"], undefined],
    [[], ["en"], undefined],
  ])("%j of %j: %s", (wanted, available, expected) => {
    expect(bestLanguage(wanted, available)).toBe(expected);
  });
});

test("English is for everybody whose language is not there", () => {
  expect(textsFor(["ja-JP", "en"]).language).toBe("ja");
  expect(textsFor(["nl", "fr"]).language).toBe("fr");
  expect(textsFor(["nl"]).language).toBe("en");
  expect(textsFor([]).language).toBe("en");
});

test("every language says everything, in words of its own", () => {
  const [english, ...others] = LANDING_TEXTS;
  expect(others.map(({ language }) => language)).toEqual(["de", "fr", "es", "it", "pt", "ja"]);
  const paths = (value: unknown, path = ""): [string, string][] =>
    typeof value === "string"
      ? [[path, value]]
      : typeof value === "function"
        ? [[path, value("Name")]]
        : Object.entries(value ?? {}).flatMap(([key, inner]) => paths(inner, `${path}.${key}`));
  const inEnglish = new Map(paths(english));
  for (const texts of others) {
    const said = paths(texts);
    expect(said.filter(([, text]) => text.trim() === "")).toEqual([]);
    expect(said.filter(([path, text]) => text === inEnglish.get(path))).toEqual([]);
  }
});

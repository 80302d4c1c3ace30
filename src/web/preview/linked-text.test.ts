import { describe, expect, test } from "bun:test";
import { detectLinks, readMarkup, type TextPart } from "./linked-text.ts";

const ALL = ["PKDataDetectorTypeLink", "PKDataDetectorTypePhoneNumber"] as const;
const linksIn = (parts: readonly TextPart[]) => parts.filter(({ href }) => href).map(({ text, href }) => [text, href]);
const textOf = (parts: readonly TextPart[]) => parts.map(({ text }) => text).join("");

describe("what Wallet makes links of", () => {
  test.each<[string, string, [string, string][]]>([
    ["See https://example.com/a?b=(c).", "en", [["https://example.com/a?b=(c)", "https://example.com/a?b=(c)"]]],
    ["See www.example.com, please", "en", [["www.example.com", "http://www.example.com"]]],
    ["Mail hello@example.com!", "en", [["hello@example.com", "mailto:hello@example.com"]]],
    ["Ring +44 20 7946 0018 now", "fr", [["+44 20 7946 0018", "tel:+442079460018"]]],
    ["Ring 030 1234567 now", "de-DE", [["030 1234567", "tel:+49301234567"]]],
    ["javascript:alert(1) and 12:30 and 5.00", "en", []],
    ["Nothing here", "en", []],
  ])("%s", (text, locale, links) => {
    const parts = detectLinks(text, ALL, locale);
    expect(linksIn(parts)).toEqual(links);
    expect(textOf(parts)).toBe(text);
  });

  test("only the kinds that the field asks for", () => {
    const text = "hello@example.com or +44 20 7946 0018";
    expect(linksIn(detectLinks(text, ["PKDataDetectorTypePhoneNumber"], "en"))).toHaveLength(1);
    expect(detectLinks(text, [], "en")).toEqual([{ text }]);
  });
});

describe("markup", () => {
  test.each<[string, TextPart[]]>([
    ['<a href="https://x.example/?a=1&amp;b=2">Shop</a>', [{ text: "Shop", href: "https://x.example/?a=1&b=2" }]],
    [
      "Write <a href='mailto:a@b.example'>us</a>.",
      [{ text: "Write " }, { text: "us", href: "mailto:a@b.example" }, { text: "." }],
    ],
    ["a &amp; b <b>c</b>", [{ text: "a & b " }, { text: "c" }]],
    ['<a href="javascript:alert(1)">x</a>', [{ text: "x" }]],
    ['<a href=" JAVASCRIPT&colon;alert(1)">x</a>', [{ text: "x" }]],
    ['<a href="data:text/html,x">x</a>', [{ text: "x" }]],
    ['<a href="//evil.example">x</a>', [{ text: "x" }]],
    ["<script>alert(1)</script>", [{ text: "alert(1)" }]],
    ["5 < 6 and 7 > 6", [{ text: "5 < 6 and 7 > 6" }]],
  ])("%s", (markup, parts) => {
    expect(readMarkup(markup)).toEqual(parts);
  });
});

test("no text takes long to read", () => {
  const began = performance.now();
  for (const piece of ["<a href='", "a@", "http://", "(1-", "1 ", "www.", "<a <", "&amp"]) {
    const text = piece.repeat(20_000 / piece.length);
    readMarkup(text);
    detectLinks(text, ALL, "de");
  }
  expect(performance.now() - began).toBeLessThan(3_000);
});

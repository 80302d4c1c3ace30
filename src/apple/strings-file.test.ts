import { expect, test } from "bun:test";
import { array, assert, constantFrom, integer, oneof, property, string, tuple } from "fast-check";
import { parseStrings, writeStrings } from "./strings-file.ts";

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");
const parsed = (bytes: Uint8Array) => Object.fromEntries(parseStrings(bytes));

test("whatever a text holds, it reads back as it was", () => {
  const special = constantFrom('"', "'", "\\", "\n", "\r", "/*", "//", "*/", ";", "=", "\\U", "\ufeff", "0");
  const unit = oneof(
    special,
    integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  const texts = string({ unit, maxLength: 20 });
  assert(
    property(array(tuple(texts, texts), { maxLength: 8 }), (entries) => {
      expect(parseStrings(writeStrings(entries))).toEqual(new Map(entries));
    }),
  );
});

test("the file is UTF-16 little-endian with its mark, a line for each text", () => {
  const bytes = writeStrings([
    ["points", 'Punkte "für" dich'],
    ["terms", "One\nTwo\\Three\u0007"],
  ]);
  expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xfe]);
  expect(bytes.toString("utf16le", 2)).toBe(
    '"points" = "Punkte \\"für\\" dich";\n"terms" = "One\\nTwo\\\\Three\\U0007";\n',
  );
});

test("reads what Xcode and people write: comments, bare words, a key that is its own text", () => {
  const file = [
    "/* No comment provided by engineer. */",
    '"points" = "Points"; // the balance',
    "level = Niveau;",
    '"Gold";',
    "'single' = 'it\\'s \\U00e9 \\101';",
    '"a" = "old"; "a" = "new";',
    "/**/",
  ].join("\r\n");
  expect(parsed(Buffer.from(file, "utf8"))).toEqual({
    points: "Points",
    level: "Niveau",
    Gold: "Gold",
    single: "it's é A",
    a: "new",
  });
});

test("every encoding that is in use is recognised", () => {
  const file = '"é" = "日本";\n';
  const expected = { é: "日本" };
  expect(parsed(Buffer.from(file, "utf8"))).toEqual(expected);
  expect(parsed(Buffer.from(`\ufeff${file}`, "utf8"))).toEqual(expected);
  expect(parsed(utf16(file))).toEqual(expected);
  expect(parsed(utf16(file).swap16())).toEqual(expected);
  expect(parsed(Buffer.from(file, "utf16le"))).toEqual(expected);
  expect(parsed(Buffer.from(file, "utf16le").swap16())).toEqual(expected);
  expect(parsed(Buffer.alloc(0))).toEqual({});
});

test("what is broken is told with its line", () => {
  const broken: readonly (readonly [Uint8Array, string])[] = [
    [Buffer.from('"a" = "b";\n"c" = "d"\n"e" = "f";'), 'line 3: ";" after "c" is missing'],
    [Buffer.from('"a" = "b;\n'), "line 1: a quote is not closed"],
    [Buffer.from('"a" = ;\n'), "line 1: the text is missing"],
    [Buffer.from('\n{"a": "b"}'), "line 2: a key is missing"],
    [Buffer.from([0x22, 0xe9, 0x22]), "is neither UTF-16 nor UTF-8"],
    [Buffer.from([0xff, 0xfe, 0x22]), "is cut off: UTF-16 with an odd number of bytes"],
    [Buffer.from("bplist00…"), 'is a binary property list; turn it into text with "plutil -convert"'],
  ];
  for (const [bytes, message] of broken) expect(() => parseStrings(bytes)).toThrow(message);
});

import { AppError } from "../errors.ts";

/**
 * `pass.strings`: lines of `"key" = "value";` (Apple: "Creating the source for a pass"). UTF-16 little-endian with a
 * byte order mark, which every reader of such files knows.
 */
export function writeStrings(texts: Iterable<readonly [key: string, text: string]>): Buffer {
  const lines = [...texts].map(([key, text]) => `${quote(key)} = ${quote(text)};\n`);
  return Buffer.from(`\ufeff${lines.join("")}`, "utf16le");
}

/**
 * Reads `pass.strings` as Core Foundation does (CFOldStylePList.c): comments, bare words as keys and values, `"key";`
 * for a key that is its own text; the last of two equal keys counts. UTF-16 with or without mark, or UTF-8. Throws
 * `invalid` with the line.
 */
export function parseStrings(bytes: Uint8Array): ReadonlyMap<string, string> {
  const text = decode(bytes);
  const texts = new Map<string, string>();
  let at = 0;

  function fail(what: string): never {
    throw new AppError("invalid", `line ${text.slice(0, at).split(/\r\n|[\r\n]/).length}: ${what}`);
  }
  function take(token: RegExp): string | undefined {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }
  function expect(mark: RegExp, what: string): void {
    take(BLANK);
    if (take(mark) === undefined) fail(`${what} is missing`);
  }
  function word(what: string): string {
    take(BLANK);
    const quoted = take(QUOTED);
    if (quoted !== undefined) return unquote(quoted.slice(1, -1));
    const bare = take(BARE);
    if (bare === undefined) fail(/["']/.test(text[at] ?? "") ? "a quote is not closed" : `${what} is missing`);
    return bare;
  }

  for (take(BLANK); at < text.length; take(BLANK)) {
    const key = word("a key");
    take(BLANK);
    const value = take(EQUALS) === undefined ? key : word("the text");
    expect(SEMICOLON, `";" after ${JSON.stringify(key.slice(0, 40))}`);
    texts.set(key, value);
  }
  return texts;
}

/** White space and comments; an unclosed comment goes to the end. */
const BLANK = /(?:[\s\ufeff]|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
const QUOTED = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'/y;
const BARE = /[A-Za-z0-9_$/:.-]+/y;
const EQUALS = /=/y;
const SEMICOLON = /;/y;

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const unquote = (text: string): string =>
  text.replace(/\\(?:U([0-9A-Fa-f]{1,4})|([0-7]{1,3})|([\s\S]))/g, (_, hex?: string, octal?: string, other = "") => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    // NextStep's encoding above 127 was never seen in a pass; below it is ASCII.
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return ESCAPES[other] ?? other;
  });

function quote(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}]/gu, (char) => {
    const short = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }[char];
    return short ?? `\\U${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first, second] = buffer;
  if (buffer.toString("latin1", 0, 6) === "bplist") {
    throw new AppError("invalid", 'is a binary property list; turn it into text with "plutil -convert"');
  }
  const utf16 = (from: number, swapped: boolean) => {
    if ((buffer.length - from) % 2 !== 0)
      throw new AppError("invalid", "is cut off: UTF-16 with an odd number of bytes");
    const units = Buffer.from(buffer.subarray(from));
    return (swapped ? units.swap16() : units).toString("utf16le");
  };
  if (first === 0xff && second === 0xfe) return utf16(2, false);
  if (first === 0xfe && second === 0xff) return utf16(2, true);
  // Without a mark, ASCII in UTF-16 still has a zero beside each letter, and a file begins with ASCII.
  if (first !== undefined && first !== 0 && second === 0) return utf16(0, false);
  if (first === 0 && second !== undefined && second !== 0) return utf16(0, true);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer);
  } catch {
    throw new AppError("invalid", "is neither UTF-16 nor UTF-8");
  }
}

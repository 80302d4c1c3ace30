import { type JSONPath, type ParseError, parse, printParseErrorCode, visit } from "jsonc-parser";
import type { Problem } from "./finding.ts";
import { show } from "./words.ts";

export interface JsonReading {
  /** What could be made of it; absent when nothing could. */
  readonly value?: unknown;
  readonly problems: readonly Problem[];
}

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Reads a JSON file as strictly as a phone does: no comments, no comma too many, no repeated key. Where it is not
 * strict, what it seems to mean is returned all the same, so that the rest can be looked at too.
 */
export function readJson(bytes: Uint8Array, path: string): JsonReading {
  if (bytes.length > MOST_BYTES) return fault(path, "is larger than 4 MB");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fault(path, "is not UTF-8 text; save it as UTF-8");
  }
  try {
    const value: unknown = JSON.parse(text);
    return { value, problems: repeatedKeys(text, path) };
  } catch {
    return readLeniently(text, path);
  }
}

const fault = (path: string, message: string): JsonReading => ({ problems: [{ path, message }] });

function readLeniently(text: string, path: string): JsonReading {
  try {
    const errors: ParseError[] = [];
    const value: unknown = parse(text, errors, { disallowComments: true, allowTrailingComma: false });
    const [first] = errors;
    const place = first
      ? ` in ${placeOf(text, first.offset)}: ${EXPLAINED[printParseErrorCode(first.error)] ?? "a syntax fault"}`
      : "";
    return { value, problems: [{ path, message: `is not JSON${place}` }] };
  } catch {
    return fault(path, "is nested too deeply");
  }
}

const EXPLAINED: Readonly<Record<string, string>> = {
  InvalidSymbol: "a word that is not in quotes",
  InvalidNumberFormat: "a number that is not written as JSON writes it",
  PropertyNameExpected: "a key in quotes is missing, or there is a comma too many",
  ValueExpected: "a value is missing, or there is a comma too many",
  ColonExpected: "a colon is missing",
  CommaExpected: "a comma is missing",
  CloseBraceExpected: "a } is missing",
  CloseBracketExpected: "a ] is missing",
  EndOfFileExpected: "something follows the end",
  InvalidCommentToken: "a comment, which JSON does not have",
  UnexpectedEndOfComment: "a comment, which JSON does not have",
  UnexpectedEndOfString: "a text that does not end in its line; a quote or \\n is missing",
  InvalidUnicode: "a broken \\u",
  InvalidEscapeCharacter: "a backslash before a character that needs none",
  InvalidCharacter: "a control character within a text, such as a line break; write \\n",
};

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** JSON.parse takes the last of them, another reader the first. */
function repeatedKeys(text: string, root: string): Problem[] {
  const problems: Problem[] = [];
  const open: Set<string>[] = [];
  try {
    visit(text, {
      onObjectBegin: () => void open.push(new Set()),
      onObjectEnd: () => void open.pop(),
      onObjectProperty: (name, _offset, _length, line, _column, pathOf) => {
        const names = open.at(-1);
        if (names?.has(name) && problems.length < 100) {
          problems.push({
            path: dotted(root, [...pathOf(), name]),
            message: `${show(name)} is there twice in one object (again in line ${line + 1}); keep one`,
          });
        }
        names?.add(name);
      },
    });
    return problems;
  } catch {
    return [{ path: root, message: "is nested too deeply" }];
  }
}

const dotted = (root: string, path: JSONPath): string => [root.replace(/\.json$/, ""), ...path].join(".");

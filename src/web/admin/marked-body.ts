import type { Problem } from "../../errors.ts";
import { isObject } from "../../templates/placeholders.ts";

/** A line of a request's body, with what is wrong there. */
export interface MarkedLine {
  readonly text: string;
  readonly problems: readonly string[];
}

/** Deeper than this no field stands. */
const MAX_DEPTH = 20;

/** The body of a refused request as lines, each problem at its line; JSON is laid out, anything else stays as it came. */
export function markedBody(body: string, error: string, problems: readonly Problem[]): MarkedLine[] {
  const parsed = parse(body);
  if (parsed === undefined) return markedText(body, error);
  const lines = [...linesOf(parsed, "", "", 0)];
  const atLine = new Map<number, string[]>();
  for (const { path, message } of problems) {
    const line = lineOfPath(lines, path);
    atLine.set(line, [...(atLine.get(line) ?? []), path === "" ? message : `${path} ${message}`]);
  }
  return lines.map(({ text }, i) => ({ text, problems: atLine.get(i) ?? [] }));
}

/** The body as somebody edits it: JSON in one line is laid out, where that loses nothing of it. */
export function editableBody(body: string): string {
  const parsed = parse(body);
  return JSON.stringify(parsed) === body ? JSON.stringify(parsed, null, 2) : body;
}

/** The line of the character that the error names, such as `The body is not JSON at character 41`. */
function markedText(body: string, error: string): MarkedLine[] {
  const offset = Number(/at character (\d+)/.exec(error)?.[1] ?? 0) - 1;
  let start = 0;
  return body.split("\n").map((text) => {
    const isHere = offset >= start && offset <= start + text.length;
    start += text.length + 1;
    return { text, problems: isHere ? [error] : [] };
  });
}

/** A path that has no line, since it is missing, is marked at what should hold it. */
function lineOfPath(lines: readonly { path: string }[], path: string): number {
  for (let name = path; name !== ""; name = name.replace(/\.?[^.]*$/, "")) {
    const line = lines.findIndex((one) => one.path === name);
    if (line >= 0) return line;
  }
  return 0;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** JSON with two spaces for each level, every line with the path of the value that begins there. */
function* linesOf(
  value: unknown,
  path: string,
  lead: string,
  depth: number,
): Generator<{ text: string; path: string }> {
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = isList
    ? value.map((item, i) => [String(i), item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) {
    yield { path, text: lead + JSON.stringify(value) };
    return;
  }
  const indent = "  ".repeat(depth);
  if (depth >= MAX_DEPTH) {
    yield { path, text: `${lead}…` };
    return;
  }
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  yield { path, text: lead + open };
  for (const [i, [key, item]] of entries.entries()) {
    const name = isList ? "" : `${JSON.stringify(key)}: `;
    const lines = [...linesOf(item, path === "" ? key : `${path}.${key}`, `${indent}  ${name}`, depth + 1)];
    const last = lines.length - 1;
    const comma = i < entries.length - 1 ? "," : "";
    yield* lines.map((line, at) => (at === last ? { ...line, text: line.text + comma } : line));
  }
  yield { path: "", text: indent + close };
}

import { didYouMean } from "../../../did-you-mean.ts";
import { PASS_BUILDER_NAMES } from "../../format/semantics.ts";
import { styles as STYLES } from "../../format/styles.ts";
import { toPassColour } from "../../format/values.ts";
import { packageRule, passRule } from "../rule.ts";
import { expected, mismatch, type ShapeProblem } from "../shape.ts";
import { describeValue, listing, show } from "../words.ts";

/** The files that iOS parses as JSON must be JSON to the letter. */
export const malformedJson = packageRule({
  id: "APL101",
  severity: "error",
  summary: "pass.json is not strict JSON: a comment, a comma too many, a repeated key",
  effect: "pass refused",
  mark: "inferred",
  check: ({ jsonProblems }) => jsonProblems,
});

/** Six keys that every pass has, and keys without which an entry means nothing. */
export const requiredKeys = passRule({
  id: "APL102",
  severity: "error",
  summary: "a required key is missing or empty, or formatVersion is not the number 1",
  effect: "pass refused",
  mark: "documented",
  check: ({ shape }) =>
    (shape.get("APL102") ?? []).map((problem) => ({
      path: problem.path,
      message:
        problem.fault === "missing"
          ? missing(problem)
          : `must be ${requiredForm(problem)}, not ${describeValue(problem.value)}`,
    })),
});

/** The explanation of the key, without what it says to every text. */
const missing = ({ schema, value }: ShapeProblem): string => {
  const meaning = String(schema["description"] ?? expected(schema)).replace(/ Localizable: .*$/, "");
  return `is ${value === "" ? "empty" : "missing"}: ${meaning.replace(/\.$/, "")}`;
};

const requiredForm = ({ schema, path }: ShapeProblem): string =>
  path === "pass.passTypeIdentifier"
    ? "an identifier that begins with pass., such as pass.com.example.card"
    : expected(schema);

/** The style says how the pass looks; Wallet takes one. */
export const oneStyle = passRule({
  id: "APL103",
  severity: "error",
  summary: "no style, or several styles other than posterGeneric and one beside it",
  effect: "pass refused, or shown in another style",
  mark: "documented",
  *check({ pass, styles }) {
    // A style of the wrong type is there, but is reported as such.
    const present = Object.keys(STYLES).filter((name) => pass[name] !== undefined);
    if (present.length === 0) {
      yield { path: "pass", message: `has no style; add one of ${listing(Object.keys(STYLES))} with the fields in it` };
    }
    const older = styles.filter(({ name }) => name !== "posterGeneric").map(({ name }) => name);
    if (older.length > 1) {
      yield { path: "pass", message: `has ${older.length} styles (${listing(older)}); keep the one that is meant` };
    }
  },
});

/** A number in quotes is another type, and one wrong type is enough. */
export const wrongType = passRule({
  id: "APL104",
  severity: "error",
  summary: "a known key has the wrong JSON type, such as a number for serialNumber",
  effect: "pass refused",
  mark: "documented",
  check: ({ shape }) =>
    (shape.get("APL104") ?? []).map((problem) =>
      problem.fault === "type"
        ? { path: problem.path, message: mismatch(problem) }
        : {
            path: problem.path,
            message: `is not an absolute address such as https://example.com: ${show(problem.value)}`,
            // Its type is right, so only what it opens is lost.
            severity: "warning" as const,
          },
    ),
});

/** Wallet ignores what it does not know, without a word. */
export const unknownKey = passRule({
  id: "APL105",
  severity: "warning",
  summary: "unknown key, semantic tag or constant at any level",
  effect: "silently ignored; usually a typing mistake",
  mark: "inferred",
  *check({ shape }) {
    for (const { fault, path, schema, value } of shape.get("APL105") ?? []) {
      if (fault === "value") {
        yield { path, message: `${show(value)} is not known; it is ${expected(schema)}` };
        continue;
      }
      // Where transitType stands on another style, APL201 says more.
      if (/^pass\.\w+\.transitType$/.test(path)) continue;
      yield { path, message: unknown(path, Object.keys(schema["properties"] ?? {})) };
    }
  },
});

function unknown(path: string, known: readonly string[]): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const documented = PASS_BUILDER_NAMES.get(name);
  if (documented && known.includes(documented)) {
    return `is what Pass Builder writes; the documented name is ${documented}`;
  }
  // Measuring the distance of a very long text to every name would take minutes.
  return `is not known here${name.length > 64 ? "" : didYouMean(name, known)}; Wallet ignores it`;
}

/** Wallet reads colours in one notation. */
export const colours = passRule({
  id: "APL107",
  severity: "warning",
  summary: "a colour is not written rgb(r, g, b)",
  effect: "drawn in black or white instead",
  mark: "community",
  check: ({ shape }) =>
    (shape.get("APL107") ?? []).map(({ path, value }) => {
      const meant = typeof value === "string" ? toPassColour(value) : undefined;
      return {
        path,
        message: `${show(value)} is not read by Wallet; write ${meant ?? "rgb(255, 136, 0), with numbers from 0 to 255"}`,
      };
    }),
});

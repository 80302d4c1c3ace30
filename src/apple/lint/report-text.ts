import type { Finding, LintReport } from "./finding.ts";
import { isError } from "./lint-package.ts";
import { RULES } from "./rules.ts";
import { listing } from "./words.ts";

const RULE_BY_ID = new Map(RULES.map((rule) => [rule.id, rule]));

/** What was found in a file, for people: what would happen first, then each finding with what to do about it. */
export function describeReport(file: string, { findings }: LintReport): string {
  if (findings.length === 0) return `${file}: nothing is wrong with this pass.`;
  const errors = findings.filter(isError);
  const warnings = findings.filter((finding) => !isError(finding));
  const counts = [count(errors.length, "error"), count(warnings.length, "warning")].filter((text) => text !== "");
  const verdict =
    errors.length > 0
      ? "An iPhone would refuse this pass, or show it without something essential."
      : "Nothing in it is an error.";
  return [
    `${file}: ${listing(counts)}. ${verdict}`,
    ...section("Errors", errors),
    ...section("Warnings", warnings),
    "",
    "Every rule is explained in docs/lint.md.",
  ].join("\n");
}

const count = (n: number, word: string): string => (n === 0 ? "" : `${n} ${word}${n === 1 ? "" : "s"}`);

const section = (title: string, findings: readonly Finding[]): string[] =>
  findings.length === 0 ? [] : ["", title, ...findings.flatMap(lines)];

function lines({ id, path, message, deviceMessage }: Finding): string[] {
  const effect = RULE_BY_ID.get(id)?.effect ?? "";
  const log = deviceMessage === undefined ? "" : `; the device logs: ${deviceMessage}`;
  // An archive as a whole has no path.
  return [`  ${id}  ${path === "" ? "The file" : path} ${message}.`, `          On the phone: ${effect}${log}`].map(
    printable,
  );
}

/** Names and texts of a foreign file could otherwise move the cursor, or speak for this program. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");

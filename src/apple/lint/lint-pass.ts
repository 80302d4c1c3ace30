import { isObject } from "../../templates/placeholders.ts";
import type { Finding, LintContext, Problem } from "./finding.ts";
import { passInput } from "./pass-input.ts";
import type { PackageRule, PassRule, Rule } from "./rule.ts";
import { RULES } from "./rules.ts";

const PASS_RULES = RULES.filter((rule): rule is PassRule => rule.on === "pass");

/** Nobody reads more of one rule, and a hostile file could bring millions. */
const MOST_OF_A_RULE = 100;
const LONGEST_PATH = 200;

/** What is wrong with a pass, by every rule on pass.json and the files beside it, in the order of the rules. */
export function lintPass(pass: unknown, context: LintContext): Finding[] {
  if (!isObject(pass)) {
    return [{ id: "APL104", severity: "error", path: "pass", message: "must be an object { … }" }];
  }
  const input = passInput(pass, context);
  return PASS_RULES.flatMap((rule) => findingsOf(rule, rule.check(input)));
}

export function findingsOf(rule: PassRule | PackageRule, problems: Iterable<Problem>): Finding[] {
  const findings: Finding[] = [];
  for (const problem of problems) {
    if (findings.length === MOST_OF_A_RULE) {
      findings.push(findingOf(rule, { path: "", message: "there is more of the same; mend these first" }));
      break;
    }
    findings.push(findingOf(rule, problem));
  }
  return findings;
}

function findingOf(rule: Rule, { path, message, severity, deviceMessage }: Problem): Finding {
  // The rule's own text has gaps where it speaks of one file or value; then the problem brings the whole one or none.
  const said = deviceMessage ?? (/…|\bfile X\b/.test(rule.deviceMessage ?? "") ? undefined : rule.deviceMessage);
  return {
    id: rule.id,
    severity: severity ?? rule.severity,
    path: path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path,
    message,
    ...(said === undefined ? {} : { deviceMessage: said }),
  };
}

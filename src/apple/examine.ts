import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import { asProblem } from "../templates/examine-source.ts";
import { keyOf, lintTemplate } from "../templates/lint-template.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import { contentOf } from "./content.ts";
import type { Finding } from "./lint/finding.ts";
import { lintPass } from "./lint/lint-pass.ts";
import type { PassFiles } from "./pass-files.ts";
import { renderPassJson } from "./pass-json.ts";

export interface ExaminerDependencies {
  readonly publicUrl: string;
  readonly files: PassFiles;
  readonly clock: Clock;
}

/** The issuer's part was checked when its certificate was imported; here it stands for itself. */
const FITTING_ISSUER = {
  passTypeIdentifier: "pass.com.example",
  teamIdentifier: "ABCDE12345",
  webServiceURL: "https://passes.example.com/passkit",
  authenticationToken: "0123456789abcdef0123456789abcdef",
};

/**
 * Lints a pass with its values. Throws `invalid` with what a phone would refuse it for; answers warnings. What the
 * template brings with any values was said when it was pushed and is not said again for each pass.
 */
export function createExaminer({ publicUrl, files, clock }: ExaminerDependencies): (whole: WholePass) => string[] {
  const known = new WeakMap<TemplateVersion, ReadonlySet<string>>();

  function foundInTemplate(template: TemplateVersion): ReadonlySet<string> {
    const before = known.get(template);
    if (before) return before;
    const found = new Set(lintTemplate(template, clock.now()).findings.map(keyOf));
    known.set(template, found);
    return found;
  }

  return (whole) => {
    const { template, account } = whole;
    const issuer = { ...FITTING_ISSUER, organizationName: account.name };
    const passJson = renderPassJson(template.definition, contentOf(whole, publicUrl), issuer);
    const findings = lintPass(passJson, { now: clock.now(), ...files.contextOf(template) });
    if (findings.length === 0) return [];
    const before = foundInTemplate(template);
    const own = findings.filter((finding) => !before.has(keyOf(finding)));
    const errors = own.filter(({ severity }) => severity === "error");
    if (errors.length === 0) return own.map(textOf);
    throw new AppError("invalid", `A phone would refuse this pass: ${errors.map(textOf).join("; ")}.`, {
      details: errors.map(asProblem),
    });
  };
}

const textOf = ({ id, path, message }: Finding): string => `${path} ${message} (${id})`;

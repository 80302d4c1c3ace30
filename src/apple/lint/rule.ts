import type { RuleId } from "../format/schema.ts";
import type { Problem, Severity } from "./finding.ts";
import type { PackageInput } from "./package-input.ts";
import type { PassInput } from "./pass-input.ts";

/** How well it is established what a device does (see docs/lint.md). */
export type Confidence = "documented" | "observed" | "community" | "inferred";

interface RuleInfo {
  readonly id: RuleId;
  readonly severity: Severity;
  /** What is wrong, in one line. */
  readonly summary: string;
  /** What a device does about it. */
  readonly effect: string;
  /** What a device writes into its log. */
  readonly deviceMessage?: string;
  readonly mark: Confidence;
}

/** A rule on pass.json and the files beside it. */
export interface PassRule extends RuleInfo {
  readonly on: "pass";
  check(input: PassInput): Iterable<Problem>;
}

/** A rule on a package as it is downloaded. */
export interface PackageRule extends RuleInfo {
  readonly on: "package";
  check(input: PackageInput): Iterable<Problem>;
}

export type Rule = PassRule | PackageRule;

export const passRule = (rule: Omit<PassRule, "on">): PassRule => ({ on: "pass", ...rule });
export const packageRule = (rule: Omit<PackageRule, "on">): PackageRule => ({ on: "package", ...rule });

import type { RuleId } from "../../../src/apple/format/schema.ts";
import type { LintContext } from "../../../src/apple/lint/finding.ts";
import type { JsonObject } from "../../../src/templates/placeholders.ts";

/** A pass that a rule must find something in, and where; or nothing. */
export interface RuleCase {
  readonly pass: JsonObject;
  readonly context?: Partial<LintContext>;
  /** Where the finding must be. */
  readonly at?: string;
  /** What its message must say. */
  readonly says?: string;
  /** Where it differs from the rule's. */
  readonly severity?: "warning";
}

export interface RuleCases {
  readonly id: RuleId;
  readonly bad: readonly RuleCase[];
  readonly good: readonly RuleCase[];
}

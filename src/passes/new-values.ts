import type { Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { TemplateDefinition } from "../templates/definition.ts";
import { type FieldValues, type FillMode, fillFields, type GivenValue, presentValues } from "../templates/fill.ts";
import type { Changes } from "./changes.ts";
import type { Pass } from "./pass.ts";
import type { ResolvedRecipient } from "./recipient-store.ts";
import type { WholePass } from "./whole-pass.ts";

/**
 * The values that a pass has after an input. Throws `invalid` with every problem, all of them also in the message, for
 * the clients that show nothing else.
 */
export function checkedValues(
  verb: "issued" | "updated",
  definition: TemplateDefinition,
  given: ReadonlyMap<string, GivenValue>,
  present?: FieldValues,
  mode?: FillMode,
): FieldValues {
  const { values, problems } = fillFields(definition, given, present, mode);
  if (problems.length === 0) return values;
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new AppError("invalid", `The pass cannot be ${verb}: ${list}.`, { details: problems });
}

/** Names of the fields whose values differ. */
export function changedNames(before: FieldValues, after: FieldValues): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
}

/**
 * Gives a pass new values and what comes with them. Of what changed of the recipient, only what shows on this pass
 * counts. Answers nothing where nothing changes: then nothing is stored, and nobody is told.
 */
export async function giveValues(
  changes: Changes,
  tx: Transaction,
  whole: WholePass,
  next: Partial<Pass> & Pick<Pass, "values">,
  told: Pick<ResolvedRecipient, "changedNames">,
): Promise<WholePass | undefined> {
  const before = presentValues(whole.template.definition, whole.pass.values);
  const changedFields = changedNames(before, next.values);
  if (told.changedNames.length > 0 && changes.shows(whole, next)) changedFields.push(...told.changedNames);
  if (changedFields.length === 0) return undefined;
  return changes.revise(tx, whole, next, { kind: "updated", changedFields });
}

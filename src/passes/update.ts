import type { Database, Queries, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId } from "../ids.ts";
import { fillFields, type GivenValue, presentValues } from "../templates/fill.ts";
import type { Templates } from "../templates/templates.ts";
import type { Change, Changes } from "./changes.ts";
import { changedNames, refusedValues } from "./issue.ts";
import { type WholePass, wholePassOf } from "./whole-pass.ts";

/** Which pass is meant. With a template it must be one of that template. */
export interface PassReference {
  readonly accountId: string;
  readonly serial: string;
  readonly templateId?: string | undefined;
}

export interface FieldUpdate {
  readonly given: ReadonlyMap<string, GivenValue>;
  /** merge: a field that is not given keeps its value. replace: it loses it. */
  readonly mode: "merge" | "replace";
}

export interface UpdaterDependencies {
  readonly db: Database;
  readonly templates: Templates;
  readonly changes: Changes;
}

export type Updater = ReturnType<typeof createUpdater>;

/** Changes passes that were issued. What does not change anything is stored nowhere and told to nobody. */
export function createUpdater({ db, templates, changes }: UpdaterDependencies) {
  /** Throws `not_found`, and `conflict` for a deleted pass. */
  async function livePass(tx: Transaction, reference: PassReference): Promise<WholePass> {
    const whole = await referredPass(tx.query, reference);
    if (whole.pass.state !== "deleted") return whole;
    throw new AppError("conflict", "This pass was deleted; issue a new one.", { reason: "PASS_DELETED" });
  }

  async function referredPass(query: Queries, { accountId, serial, templateId }: PassReference): Promise<WholePass> {
    const whole = await wholePassOf(query, templates, accountId, serial);
    if (templateId === undefined || whole.template.id === canonicalTemplateId(templateId)) return whole;
    throw new AppError("not_found", "There is no such pass.");
  }

  async function end(tx: Transaction, whole: WholePass, urgency: Change["urgency"]): Promise<WholePass> {
    if (whole.pass.state === "deleted") return whole;
    return changes.revise(tx, whole, { state: "deleted" }, { kind: "deleted", changedFields: [], urgency });
  }

  return {
    /** The pass as it is, also a deleted one. Throws `not_found`. */
    find: (reference: PassReference): Promise<WholePass> => referredPass(db.read, reference),

    /** Gives fields new values. Throws `invalid` with every problem. */
    async update(reference: PassReference, { given, mode }: FieldUpdate): Promise<WholePass> {
      return db.transaction(async (tx) => {
        const whole = await livePass(tx, reference);
        const { pass, template } = whole;
        const before = presentValues(template.definition, pass.values);
        const { values, problems } = fillFields(template.definition, given, mode === "merge" ? before : {});
        if (problems.length > 0) throw refusedValues("updated", problems);
        const changedFields = changedNames(before, values);
        if (changedFields.length === 0) return whole;
        return changes.revise(tx, whole, { values }, { kind: "updated", changedFields });
      });
    },

    /** Marks a pass as no longer good, or good again; phones show it so. */
    async setVoided(reference: PassReference, voided: boolean): Promise<WholePass> {
      return db.transaction(async (tx) => {
        const whole = await livePass(tx, reference);
        if (whole.pass.voided === voided) return whole;
        return changes.revise(tx, whole, { voided }, { kind: "updated", changedFields: [] });
      });
    },

    /** Ends a pass for good: phones show it void, its link leads nowhere, its serial number is never used again. */
    async remove(reference: PassReference): Promise<WholePass> {
      return db.transaction(async (tx) => end(tx, await referredPass(tx.query, reference), "single"));
    },

    /** The same for passes of an account that end together, in the caller's transaction. */
    async removeAll(tx: Transaction, accountId: string, serials: readonly string[]): Promise<void> {
      for (const serial of serials) await end(tx, await wholePassOf(tx.query, templates, accountId, serial), "bulk");
    },
  };
}

import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId } from "../ids.ts";
import type { FillMode, GivenValue } from "../templates/fill.ts";
import type { Templates } from "../templates/templates.ts";
import type { Change, Changes } from "./changes.ts";
import { addOnce, findEarlier, KEY_REMEMBERED_MS, type Origin } from "./deliveries.ts";
import { rememberDelivery } from "./delivery-store.ts";
import { checkedValues, giveValues } from "./new-values.ts";
import { createReferences, type PassReference } from "./references.ts";
import { type WholePass, wholePassOf } from "./whole-pass.ts";

/** With a key, the same key and body again changes nothing; without a `bodyHash`, the same key alone. */
export interface FieldUpdate extends Partial<Origin> {
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly mode: FillMode;
}

export interface UpdaterDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
  readonly changes: Changes;
}

export type Updater = ReturnType<typeof createUpdater>;

/** Changes passes that were issued. What does not change anything is stored nowhere and told to nobody. */
export function createUpdater({ db, clock, templates, changes }: UpdaterDependencies) {
  const references = createReferences({ clock, templates });

  /** The pass that the same change was made to before, whatever has become of it since. */
  async function repeated(
    tx: Transaction,
    accountId: string,
    scope: string,
    { idempotencyKey, bodyHash = "" }: FieldUpdate,
  ): Promise<WholePass | undefined> {
    if (!idempotencyKey) return undefined;
    const earlier = await findEarlier(tx.query, accountId, keyOf(scope, idempotencyKey), bodyHash, clock.now());
    return earlier?.isExact ? wholePassOf(tx.query, templates, accountId, earlier.pass.serial) : undefined;
  }

  async function remember(
    tx: Transaction,
    scopes: readonly string[],
    { pass: { accountId, serial } }: WholePass,
    { idempotencyKey, bodyHash = "" }: FieldUpdate,
  ): Promise<void> {
    if (!idempotencyKey) return;
    const expiresAt = clock.now() + KEY_REMEMBERED_MS;
    for (const scope of scopes) {
      const key = keyOf(scope, idempotencyKey);
      await rememberDelivery(tx.query, { accountId, key, bodyHash, serial, expiresAt });
    }
  }

  async function end(tx: Transaction, whole: WholePass, urgency: Change["urgency"]): Promise<WholePass> {
    if (whole.pass.state === "deleted") return whole;
    return changes.revise(tx, whole, { state: "deleted" }, { kind: "deleted", changedFields: [], urgency });
  }

  return {
    /** The pass as it is; by its serial number also a deleted one. Throws `not_found`. */
    find: (reference: PassReference): Promise<WholePass> => references.look(db.read, reference),

    /** Gives fields new values. Throws `not_found`, `conflict` for a deleted pass, `invalid` with every problem. */
    async update(reference: PassReference, change: FieldUpdate): Promise<WholePass> {
      return db.transaction(async (tx) => {
        const { accountId } = reference;
        // The person may have got a newer pass since, which is not the one that was meant then.
        const template = "serial" in reference ? undefined : canonicalTemplateId(reference.templateId);
        const meantThen = template && (await repeated(tx, accountId, template, change));
        if (meantThen) return meantThen;
        const { whole, told, notes } = await references.find(tx, reference, "live");
        await changes.followRecipient(tx, told);
        const { pass } = whole;
        if (await repeated(tx, accountId, pass.serial, change)) return whole;
        assertAlive(whole);
        const given = await addOnce(tx.query, pass, change, clock.now());
        const { definition } = whole.template;
        const next = {
          values: checkedValues("updated", definition, given, pass.values, change.mode),
          flowId: change.flowId ?? pass.flowId,
          repaired: change.repaired ?? false,
          notes: [...new Set([...pass.notes, ...notes])],
        };
        const after = (await giveValues(changes, tx, whole, next, told)) ?? whole;
        await remember(tx, template ? [template, pass.serial] : [pass.serial], after, change);
        return after;
      });
    },

    /** Marks a pass as no longer good, or good again; phones show it so. Throws as `update` does. */
    async setVoided(reference: PassReference, voided: boolean): Promise<WholePass> {
      return db.transaction(async (tx) => {
        const { whole, told } = await references.find(tx, reference, "live");
        await changes.followRecipient(tx, told);
        assertAlive(whole);
        if (whole.pass.voided === voided) return whole;
        return changes.revise(tx, whole, { voided }, { kind: "updated", changedFields: [] });
      });
    },

    /** Makes a pass expire now, whatever date it bears, or gives it back its own; phones show it so. Throws as `update` does. */
    async setExpired(reference: PassReference, expired: boolean): Promise<WholePass> {
      return db.transaction(async (tx) => {
        const { whole, told } = await references.find(tx, reference, "live");
        await changes.followRecipient(tx, told);
        assertAlive(whole);
        if ((whole.pass.expiredAt !== null) === expired) return whole;
        const expiredAt = expired ? clock.now() : null;
        return changes.revise(tx, whole, { expiredAt }, { kind: "updated", changedFields: [] });
      });
    },

    /**
     * Ends a pass for good: phones show it void, its link leads nowhere, its serial number is never used again. Of a
     * person's passes the newest is meant, also when it was deleted: a repeat must not end the one before it.
     */
    async remove(reference: PassReference): Promise<WholePass> {
      return db.transaction(async (tx) => {
        const { whole, told } = await references.find(tx, reference, "any");
        await changes.followRecipient(tx, told);
        return end(tx, whole, "single");
      });
    },

    /** The same for passes of an account that end together, in the caller's transaction. */
    async removeAll(tx: Transaction, accountId: string, serials: readonly string[]): Promise<void> {
      for (const serial of serials) await end(tx, await wholePassOf(tx.query, templates, accountId, serial), "bulk");
    },
  };
}

/** Of one pass, or of a template where the pass is still to be found. */
const keyOf = (scope: string, idempotencyKey: string): string => `update:${scope}:${idempotencyKey}`;

function assertAlive({ pass }: WholePass): void {
  if (pass.state !== "deleted") return;
  throw new AppError("conflict", "This pass was deleted; issue a new one.", { reason: "PASS_DELETED" });
}

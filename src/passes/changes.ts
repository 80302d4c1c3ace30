import { type Clock, toSeconds } from "../clock.ts";
import type { Transaction } from "../db/database.ts";
import type { NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { countEvent } from "./daily-count-store.ts";
import type { LifecycleEventKind, Pass, PassChange } from "./pass.ts";
import { insertPass, insertPassEvent, nextUpdateTag, updatePass } from "./pass-store.ts";
import { IDENTIFIER_KINDS } from "./recipient.ts";
import { recipientJob } from "./recipient-changes.ts";
import type { ResolvedRecipient } from "./recipient-store.ts";
import type { WholePass } from "./whole-pass.ts";

/** Passes that look different now. Many at once (`bulk`) must not hold up a single one. */
export interface PhoneUpdate {
  readonly accountId: string;
  readonly serials: readonly string[];
  readonly updateTag: number;
  readonly urgency: "single" | "bulk";
}

export interface ChangeDependencies {
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  /** Differs where anything that shows differs. */
  readonly appearanceOf: (whole: WholePass) => string;
  /** What will not work on a phone, in plain words. Throws `invalid` for values with which a phone refuses the pass. */
  readonly examine: (whole: WholePass) => readonly string[];
  /** What must follow from a change on the outside. */
  readonly effectsOf: (tx: Transaction, change: PassChange) => Promise<readonly NewJob[]>;
  /** Lets the phones that hold these passes know that they look different now. */
  readonly tellPhones: (tx: Transaction, update: PhoneUpdate) => Promise<void>;
}

export type Changes = ReturnType<typeof createChanges>;

/** What happened to a pass, for its history. */
export interface Change {
  readonly kind: LifecycleEventKind;
  readonly changedFields: readonly string[];
  /** How phones are told; `single` where nothing is said. */
  readonly urgency?: PhoneUpdate["urgency"] | undefined;
}

/**
 * The one way in which passes come to be and change. The pass, its history and everything that must follow are stored
 * in the caller's transaction.
 */
export function createChanges({ clock, outbox, appearanceOf, examine, effectsOf, tellPhones }: ChangeDependencies) {
  async function record(
    tx: Transaction,
    { pass, recipient }: WholePass,
    { kind, changedFields }: Change,
  ): Promise<void> {
    const { serial, version } = pass;
    const at = clock.now();
    const eventId = await insertPassEvent(tx.query, { serial, kind, version, at, changedFields });
    await countEvent(tx.query, pass, kind, at);
    const identified = IDENTIFIER_KINDS.some((identifier) => recipient[identifier] !== null);
    await outbox.enqueue(tx, await effectsOf(tx, { pass, kind, eventId, identified }), at);
  }

  return {
    /** Stores a new pass. */
    async add(tx: Transaction, whole: WholePass): Promise<Pass> {
      const notes = [...whole.pass.notes, ...examine(whole)];
      const pass: Pass = { ...whole.pass, contentHash: appearanceOf(whole), notes };
      await insertPass(tx.query, pass);
      await record(tx, { ...whole, pass }, { kind: "created", changedFields: Object.keys(pass.values) });
      return pass;
    },

    /** Whether the pass would look different on a phone. */
    shows: (whole: WholePass, changed: Partial<Pass>): boolean =>
      appearanceOf({ ...whole, pass: { ...whole.pass, ...changed } }) !== whole.pass.contentHash,

    /**
     * Gives a pass what is in `changed`, and answers it as it is then. Only a change that shows on the pass gives it a new
     * version and is told to phones: one that asks and finds nothing new is soon not asked any more.
     */
    async revise(tx: Transaction, whole: WholePass, changed: Partial<Pass>, change: Change): Promise<WholePass> {
      const now = clock.now();
      const before = whole.pass;
      const next: WholePass = { ...whole, pass: { ...before, ...changed } };
      const contentHash = appearanceOf(next);
      const shows = contentHash !== before.contentHash;
      // Only new values can be refused: what happened on a phone has happened.
      const notes =
        change.changedFields.length > 0 ? [...new Set([...next.pass.notes, ...examine(next)])] : next.pass.notes;
      const pass: Pass = {
        ...next.pass,
        contentHash,
        notes,
        updatedAt: now,
        ...(shows ? await nextVersion(tx, before, next, now) : {}),
      };
      await updatePass(tx.query, pass);
      const after = { ...next, pass };
      await record(tx, after, change);
      if (shows) {
        const { accountId, serial, updateTag } = pass;
        await tellPhones(tx, { accountId, serials: [serial], updateTag, urgency: change.urgency ?? "single" });
      }
      return after;
    },

    /** Has all live passes of a recipient show what changed of them, once the transaction is stored. */
    async followRecipient(tx: Transaction, { recipient, changedNames }: ResolvedRecipient): Promise<void> {
      if (changedNames.length > 0) await outbox.enqueue(tx, [recipientJob(recipient)], clock.now());
    },

    /**
     * Tells the phones of those passes that look different since their template or their recipient changed. What the pass
     * says is the same, so it has no new version and no entry in its history.
     */
    async restyle(
      tx: Transaction,
      accountId: string,
      wholes: readonly WholePass[],
      urgency: PhoneUpdate["urgency"],
    ): Promise<void> {
      const different = wholes
        .map((whole) => ({ whole, contentHash: appearanceOf(whole) }))
        .filter(({ whole, contentHash }) => contentHash !== whole.pass.contentHash);
      if (different.length === 0) return;
      const updateTag = await nextUpdateTag(tx.query);
      for (const { whole, contentHash } of different) {
        const lastModified = Math.max(whole.pass.lastModified + 1, toSeconds(whole.template.createdAt));
        await updatePass(tx.query, { ...whole.pass, contentHash, updateTag, lastModified });
      }
      const serials = different.map(({ whole }) => whole.pass.serial);
      await tellPhones(tx, { accountId, serials, updateTag, urgency });
    },
  };
}

/** `Last-Modified` has whole seconds and must grow; the template's own time counts, since it shows in it too. */
async function nextVersion(tx: Transaction, before: Pass, { template }: WholePass, now: number) {
  const shown = Math.max(before.lastModified, toSeconds(template.createdAt));
  return {
    version: before.version + 1,
    lastModified: Math.max(shown + 1, toSeconds(now)),
    updateTag: await nextUpdateTag(tx.query),
  };
}

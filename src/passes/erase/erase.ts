import { type Clock, toIso } from "../../clock.ts";
import type { Database, Transaction } from "../../db/database.ts";
import { AppError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import { nextTurn } from "../../next-turn.ts";
import type { NewJob } from "../../outbox/job.ts";
import type { OutboxStore } from "../../outbox/outbox-store.ts";
import type { Page, PageRequest } from "../../page.ts";
import type { Vault } from "../../secrets.ts";
import type { Templates } from "../../templates/templates.ts";
import type { Changes } from "../changes.ts";
import { IDENTIFIER_KINDS, type IdentifierKind } from "../recipient.ts";
import { findRecipient, identifiersOf, type Recipient } from "../recipient-store.ts";
import { type RecipientReference, recipientOf } from "../recipients.ts";
import { findWholePass } from "../whole-pass.ts";
import {
  blankRecipients,
  type Erasure,
  insertErasure,
  listErasures,
  NOBODY,
  passesToErase,
  recipientsBearing,
  serialsOf,
} from "./erasure-store.ts";
import { forgetMentions } from "./free-text-store.ts";
import { mentionsOf } from "./mentions.ts";
import { createSecondLook, erasureKeyOf } from "./second-look.ts";

export interface ErasureRequest extends RecipientReference {
  /** Who asks: an API key, or the command line. */
  readonly requestedBy: string;
}

/** What Klaviyo is to forget. */
export interface ErasedPeople {
  readonly erasureId: string;
  readonly accountId: string;
  readonly serials: readonly string[];
  /** One identifier of each that Klaviyo can find a profile by. */
  readonly people: readonly { readonly kind: IdentifierKind; readonly value: string }[];
}

export interface EraserDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly outbox: OutboxStore;
  readonly templates: Templates;
  readonly changes: Changes;
  /** Drops what Klaviyo was still to be told of passes; answers how much. */
  readonly dropWriteBacks: (tx: Transaction, serials: readonly string[]) => Promise<number>;
  /** What makes Klaviyo forget people. */
  readonly klaviyoJobs: (tx: Transaction, erased: ErasedPeople) => Promise<readonly NewJob[]>;
}

export type Eraser = ReturnType<typeof createEraser>;

/** An erasure with what there is to know of Klaviyo's part. */
export interface ErasureView extends Erasure {
  /** Why Klaviyo was not asked yet. */
  readonly klaviyoError: string | null;
}

const PASSES_PER_TURN = 20;
const RECIPIENTS_PER_TURN = 2_000;

/**
 * Erases people on their request. Where something of a person is kept, and what becomes of it:
 *
 * - `recipients`: the row stays without a name and an identifier, since passes refer to it; `recipient_identifiers` go.
 * - `passes`: values and notes go; the pass is deleted, so phones show it void and blank. Serial numbers stay: none is
 *   ever used again. `pass_events` hold names of fields, never values. `registrations` and `devices` stay until the phone
 *   drops the pass: only through them does it hear that the pass is blank now.
 * - `outbox`: write-backs of the passes that were not begun go; none holds more than serial numbers.
 * - `rejected_requests`, `sandbox_requests`, `idempotency_keys`, `bulk_rows`, `webhook_results`, `device_logs`: what
 *   mentions the person. `bulk_rows` that are done hold nothing but serial numbers.
 * - `erasures`, `erased_identifiers`: keyed hashes, so that it can be told later whether somebody was erased.
 *
 * What arrives after the request is new; what was on its way is found by a second look. Backups made before still hold
 * the person.
 */
export function createEraser(deps: EraserDependencies) {
  const { db, clock, vault, outbox, templates, changes, dropWriteBacks, klaviyoJobs } = deps;

  const hashOf = (accountId: string, kind: string, value: string): string =>
    vault.keyedHash(JSON.stringify([accountId, kind, value]));

  const secondLook = createSecondLook({ db, clock, vault, erasePasses });

  /** Whoever the identifier means, and whoever's own row bears it: Klaviyo forgets every match as well. */
  async function peopleMeant(reference: RecipientReference): Promise<Recipient[]> {
    const { accountId, by, value } = reference;
    const known = await recipientOf(db.read, reference);
    if (by === "id") return known ? [known] : [];
    const ids = new Set(known ? [known.id] : []);
    for (let after: string | undefined = ""; after !== undefined; ) {
      const page = await recipientsBearing(db.read, accountId, by, value, after, RECIPIENTS_PER_TURN);
      for (const id of page.ids) ids.add(id);
      after = page.next;
      await nextTurn();
    }
    const people = await Promise.all([...ids].map((id) => findRecipient(db.read, id)));
    return people.filter((one) => one !== undefined);
  }

  /** Blanks and ends some passes. */
  async function erasePasses(tx: Transaction, serials: readonly string[]): Promise<void> {
    for (const serial of serials) {
      const whole = await findWholePass(tx.query, templates, serial);
      if (!whole) continue;
      const { pass } = whole;
      const nobody = { ...whole, recipient: { ...whole.recipient, ...NOBODY } };
      const blank = { values: {}, notes: [], state: "deleted" } as const;
      const kind = pass.state === "deleted" ? "updated" : "deleted";
      await changes.revise(tx, nobody, blank, { kind, changedFields: [] });
    }
  }

  async function view(erasure: Erasure): Promise<ErasureView> {
    const jobs = erasure.klaviyo === "waiting" ? await outbox.ofOrderingKey(erasureKeyOf(erasure.id)) : [];
    return { ...erasure, klaviyoError: jobs.find(({ lastError }) => lastError !== null)?.lastError ?? null };
  }

  async function list(accountId: string, page: PageRequest, of?: RecipientReference): Promise<Page<ErasureView>> {
    const hash = of && hashOf(accountId, of.by, of.value);
    const found = await listErasures(db.read, { accountId, hash }, page);
    return { ...found, items: await Promise.all(found.items.map(view)) };
  }

  return {
    handlers: secondLook.handlers,

    /** The newest first; of one person where they are named. */
    list,

    /**
     * Erases a person. Somebody who was erased before is as good as erased now: the answer is that erasure. Throws
     * `not_found` for somebody who is not known and never was.
     */
    async erase(request: ErasureRequest): Promise<ErasureView> {
      const { accountId, by, value, requestedBy } = request;
      const people = await peopleMeant(request);
      const ids = people.map(({ id }) => id);
      if (people.every(isBlank) && (await passesToErase(db.read, ids, 1)).length === 0) {
        const [before] = (await list(accountId, { limit: 1 }, request)).items;
        if (before) return before;
        throw new AppError("not_found", "Nobody is known by that here.");
      }
      const identifiers = await allIdentifiers(db, people);
      const serials = await serialsOf(db.read, ids);
      const values = [...identifiers.map((one) => one.value), ...ids, ...serials, ...(by === "id" ? [] : [value])];
      // First the texts, then who it was: should the program be ended between, a second request still finds the person.
      const forgotten = await forgetMentions(db, accountId, mentionsOf(values));
      for (;;) {
        const some = await passesToErase(db.read, ids, PASSES_PER_TURN);
        if (some.length < PASSES_PER_TURN) break;
        await db.transaction((tx) => erasePasses(tx, some));
        await nextTurn();
      }
      const id = newId("ers");
      const erasure = await db.transaction(async (tx): Promise<Erasure> => {
        await erasePasses(tx, await passesToErase(tx.query, ids, Number.MAX_SAFE_INTEGER));
        const erased = await serialsOf(tx.query, ids);
        const now = clock.now();
        await blankRecipients(tx.query, ids, now);
        const writeBacks = await dropWriteBacks(tx, erased);
        const found = people.flatMap((person) => klaviyoIdentifier(person, request) ?? []);
        const done: Erasure = {
          ...{ id, accountId, askedBy: by, requestedBy, erasedAt: now },
          counts: { recipients: ids.length, passes: erased.length, writeBacks, ...forgotten },
          klaviyo: found.length > 0 ? "waiting" : "none",
          klaviyoAt: null,
        };
        const names = [...identifiers, ...ids.map((one) => ({ kind: "id", value: one })), { kind: by, value }];
        await insertErasure(
          tx.query,
          done,
          names.map((one) => hashOf(accountId, one.kind, one.value)),
        );
        const again = secondLook.jobFor({ erasureId: id, accountId, erasedAt: now, recipientIds: ids, values });
        const jobs = await klaviyoJobs(tx, { erasureId: id, accountId, serials: erased, people: found });
        await outbox.enqueue(tx, [again, ...jobs], now);
        return done;
      });
      return view(erasure);
    },
  };
}

/** Erased, or never known by anything. */
const isBlank = (recipient: Recipient): boolean =>
  recipient.name === null && IDENTIFIER_KINDS.every((kind) => recipient[kind] === null);

/** Everything that these people are known by, and what their rows bear. */
async function allIdentifiers(db: Database, people: readonly Recipient[]) {
  const known = await Promise.all(people.map(({ id }) => identifiersOf(db.read, id)));
  const borne = people.flatMap((person) =>
    IDENTIFIER_KINDS.flatMap((kind) => (person[kind] === null ? [] : [{ kind, value: person[kind] }])),
  );
  return [...known.flat(), ...borne];
}

/** What Klaviyo is to forget a person by: what was asked for, where it takes that, else the strongest that it takes. */
function klaviyoIdentifier(
  person: Recipient,
  { by, value }: RecipientReference,
): { kind: IdentifierKind; value: string } | undefined {
  if (by !== "id" && by !== "externalId") return { kind: by, value };
  for (const kind of ["klaviyoId", "email", "phone"] as const) {
    if (person[kind] !== null) return { kind, value: person[kind] };
  }
  return undefined;
}

/** An erasure as the API and the command line show it. */
export function erasureObject({ accountId: _, erasedAt, klaviyoAt, ...erasure }: ErasureView) {
  return { ...erasure, erasedAt: toIso(erasedAt), klaviyoAt: klaviyoAt === null ? null : toIso(klaviyoAt) };
}

/** How many kept texts are gone, of whatever kind. */
export function textsForgotten({
  recipients: _,
  passes: _passes,
  writeBacks: _jobs,
  ...texts
}: ErasureView["counts"]): number {
  return Object.values(texts).reduce((sum, count) => sum + count, 0);
}

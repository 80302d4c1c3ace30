import { type Account, findAccount } from "../accounts/account-store.ts";
import { type Clock, toSeconds } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newSerial } from "../ids.ts";
import type { GivenValue } from "../templates/fill.ts";
import { findTemplate, type TemplateVersion } from "../templates/template-store.ts";
import type { Changes } from "./changes.ts";
import { addOnce, BODY_REMEMBERED_MS, findEarlier, KEY_REMEMBERED_MS, type Origin } from "./deliveries.ts";
import { rememberDelivery } from "./delivery-store.ts";
import { checkedValues, giveValues } from "./new-values.ts";
import type { ExternalIdRule, Pass } from "./pass.ts";
import { findReusablePass } from "./pass-store.ts";
import { checkRecipient, IDENTIFIER_KINDS, type RecipientInput } from "./recipient.ts";
import { type Recipient, type ResolvedRecipient, resolveRecipient } from "./recipient-store.ts";

/** A request to issue, read and normalised: what is left to check depends on the template and on what is stored. */
export interface IssueRequest extends Origin {
  readonly accountId: string;
  readonly template: TemplateVersion;
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly recipient: RecipientInput;
}

export interface Issued {
  readonly pass: Pass;
  readonly outcome: "created" | "updated" | "unchanged";
}

interface Parties extends ResolvedRecipient {
  readonly account: Account;
}

export type Issuer = ReturnType<typeof createIssuer>;

export interface IssuerDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly changes: Changes;
}

/**
 * Issues passes. Everything that follows from a request is stored in one transaction: the pass, its history and the
 * jobs. A repeated request changes nothing and gets the same pass.
 */
export function createIssuer({ db, clock, changes }: IssuerDependencies) {
  async function create(
    tx: Transaction,
    request: IssueRequest,
    parties: Parties,
    notes: readonly string[],
  ): Promise<Issued> {
    const now = clock.now();
    const { template } = request;
    const pass: Pass = {
      serial: newSerial(now),
      accountId: parties.account.id,
      templateId: template.id,
      recipientId: parties.recipient.id,
      values: checkedValues("issued", template.definition, request.given),
      state: "active",
      voided: false,
      expiredAt: null,
      installedAt: null,
      version: 1,
      lastModified: toSeconds(now),
      contentHash: "",
      updateTag: 0,
      reusable: template.definition.repeat !== "new",
      externalIdRule: externalIdRule(request, parties.recipient) ?? "account",
      flowId: request.flowId ?? null,
      repaired: request.repaired ?? false,
      notes,
      writtenBackAt: null,
      personalizedAt: null,
      fetchedAt: null,
      createdAt: now,
      updatedAt: now,
    };
    const { account, recipient } = parties;
    const added = await changes.add(tx, { pass, template, account, recipient });
    await addOnce(tx.query, added, request, now);
    return { pass: added, outcome: "created" };
  }

  /** Brings a pass to the values of a repeated request. A field that the request leaves blank keeps its value. */
  async function refresh(
    tx: Transaction,
    request: IssueRequest,
    present: Pass,
    parties: Parties,
    notes: readonly string[],
  ): Promise<Issued> {
    const { template } = request;
    const { account, recipient } = parties;
    const given = await addOnce(tx.query, present, request, clock.now());
    const next = {
      values: checkedValues("issued", template.definition, given, present.values),
      externalIdRule: externalIdRule(request, recipient) ?? present.externalIdRule,
      flowId: request.flowId ?? present.flowId,
      repaired: request.repaired ?? false,
      notes,
    };
    const whole = { pass: present, template, account, recipient };
    const after = await giveValues(changes, tx, whole, next, parties);
    return after ? { pass: after.pass, outcome: "updated" } : { pass: present, outcome: "unchanged" };
  }

  async function remember(tx: Transaction, key: string, request: IssueRequest, pass: Pass): Promise<void> {
    const { accountId, bodyHash, idempotencyKey } = request;
    const expiresAt = clock.now() + (idempotencyKey ? KEY_REMEMBERED_MS : BODY_REMEMBERED_MS);
    await rememberDelivery(tx.query, { accountId, key, bodyHash, serial: pass.serial, expiresAt });
  }

  return {
    /**
     * Stores the pass and everything that must follow, or finds the one that an earlier delivery made. Throws
     * `invalid` with every problem of the values.
     */
    async issue(request: IssueRequest): Promise<Issued> {
      const { recipient: input, notes } = checkRecipient(request.recipient);
      return db.transaction(async (tx) => {
        const key = deliveryKey(request);
        const before = key
          ? await findEarlier(tx.query, request.accountId, key, request.bodyHash, clock.now())
          : undefined;
        if (before?.isExact) return { pass: before.pass, outcome: "unchanged" };
        // It was there when the request was read; its last passes may be on their way out by now.
        if ((await findTemplate(tx.query, request.template.id))?.deletedAt !== null) {
          throw new AppError("not_found", `Template ${request.template.id} was deleted.`);
        }
        const account = await findAccount(tx.query, request.accountId);
        if (!account) throw new AppError("internal", `There is no account ${request.accountId}.`);
        const resolved = await resolveRecipient(tx.query, account.id, input, clock.now());
        await changes.followRecipient(tx, resolved);
        const { recipient } = resolved;
        // A key that a flow gives to everybody must not lead one person to another's pass.
        const known = before && (isNobody(recipient) || before.pass.recipientId === recipient.id) && before.pass;
        if (known && known.state === "deleted") return { pass: known, outcome: "unchanged" };
        const present =
          known ||
          (request.template.definition.repeat === "new"
            ? undefined
            : await findReusablePass(tx.query, request.template.id, recipient.id));
        const issued = present
          ? await refresh(tx, request, present, { account, ...resolved }, notes)
          : await create(tx, request, { account, ...resolved }, notes);
        if (key) await remember(tx, key, request, issued.pass);
        return issued;
      });
    },
  };
}

const isNobody = (recipient: Recipient): boolean => IDENTIFIER_KINDS.every((kind) => recipient[kind] === null);

/**
 * The key that a repeat is known by. A `reuse` template needs none: its recipient is the key. The template is a part of
 * it, since one event may lead to passes of several.
 */
function deliveryKey(request: IssueRequest): string | undefined {
  if (request.idempotencyKey) return `key:${request.template.id}:${request.idempotencyKey}`;
  return request.template.definition.repeat === "new" ? `body:${request.bodyHash}` : undefined;
}

/** Nothing when the request does not say what the profile's `external_id` holds. */
function externalIdRule(request: IssueRequest, recipient: Recipient): ExternalIdRule | undefined {
  if (request.recipient.externalId === undefined) return undefined;
  // A serial of ours was not taken over as the recipient's own id, see `resolveRecipient`.
  return recipient.externalId === null ? "set" : "leave";
}

import { type Account, findAccount } from "../accounts/account-store.ts";
import { type Clock, toSeconds } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError, type Problem } from "../errors.ts";
import { newSerial } from "../ids.ts";
import { type FieldValues, fillFields, type GivenValue, presentValues } from "../templates/fill.ts";
import { findTemplate, type TemplateVersion } from "../templates/template-store.ts";
import type { Changes } from "./changes.ts";
import type { ExternalIdRule, Pass } from "./pass.ts";
import { findDelivery, findPass, findReusablePass, rememberDelivery } from "./pass-store.ts";
import { checkRecipient, IDENTIFIER_KINDS, type RecipientInput } from "./recipient.ts";
import { type Recipient, type ResolvedRecipient, resolveRecipient } from "./recipient-store.ts";

/** A request to issue, read and normalised: what is left to check depends on the template and on what is stored. */
export interface IssueRequest {
  readonly accountId: string;
  readonly template: TemplateVersion;
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly recipient: RecipientInput;
  /** Names this delivery; the same key again is the same delivery. */
  readonly idempotencyKey?: string | undefined;
  /** Hash of the body and its flow: tells an exact repeat where there is no key. */
  readonly bodyHash: string;
  readonly flowId?: string | undefined;
  readonly repaired?: boolean;
}

export interface Issued {
  readonly pass: Pass;
  readonly outcome: "created" | "updated" | "unchanged";
}

interface Parties extends ResolvedRecipient {
  readonly account: Account;
}

export type Issuer = ReturnType<typeof createIssuer>;

const HOUR_MS = 3_600_000;
/** Klaviyo retries for 24 hours (its page "Understanding webhook status codes"); the rest is margin. */
const KEY_REMEMBERED_MS = 7 * 24 * HOUR_MS;
/** Without a key a genuine second request looks like a repeat, so this ends when Klaviyo's retries do. */
const BODY_REMEMBERED_MS = 24 * HOUR_MS;

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
      serial: newSerial(),
      accountId: parties.account.id,
      templateId: template.id,
      recipientId: parties.recipient.id,
      values: checkedValues(request),
      state: "active",
      voided: false,
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
      createdAt: now,
      updatedAt: now,
    };
    const { account, recipient } = parties;
    return { pass: await changes.add(tx, { pass, template, account, recipient }), outcome: "created" };
  }

  /** Brings a pass to the values of a repeated request. A field that the request leaves blank keeps its value. */
  async function refresh(
    tx: Transaction,
    request: IssueRequest,
    present: Pass,
    parties: Parties,
    notes: readonly string[],
  ): Promise<Issued> {
    const before = presentValues(request.template.definition, present.values);
    const values = checkedValues(request, before);
    const changedFields = changedNames(before, values);
    const { account, recipient } = parties;
    const next = {
      values,
      externalIdRule: externalIdRule(request, recipient) ?? present.externalIdRule,
      flowId: request.flowId ?? present.flowId,
      repaired: request.repaired ?? false,
      notes,
    };
    const whole = { pass: present, template: request.template, account, recipient };
    // The recipient's name may stand on the pass, or not.
    if (parties.changedNames.length > 0 && changes.shows(whole, next)) changedFields.push(...parties.changedNames);
    if (changedFields.length === 0) return { pass: present, outcome: "unchanged" };
    const { pass } = await changes.revise(tx, whole, next, { kind: "updated", changedFields });
    return { pass, outcome: "updated" };
  }

  /** The pass that this delivery already made, whatever has become of it since. */
  async function repeated(
    tx: Transaction,
    request: IssueRequest,
  ): Promise<{ pass: Pass; isExact: boolean } | undefined> {
    const key = deliveryKey(request);
    if (!key) return undefined;
    const delivery = await findDelivery(tx.query, request.accountId, key, clock.now());
    const pass = delivery && (await findPass(tx.query, delivery.serial));
    return pass && { pass, isExact: delivery.bodyHash === request.bodyHash };
  }

  async function remember(tx: Transaction, request: IssueRequest, pass: Pass): Promise<void> {
    const key = deliveryKey(request);
    if (!key) return;
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
        const before = await repeated(tx, request);
        if (before?.isExact) return { pass: before.pass, outcome: "unchanged" };
        // It was there when the request was read; its last passes may be on their way out by now.
        if ((await findTemplate(tx.query, request.template.id))?.deletedAt !== null) {
          throw new AppError("not_found", `Template ${request.template.id} was deleted.`);
        }
        const account = await findAccount(tx.query, request.accountId);
        if (!account) throw new AppError("internal", `There is no account ${request.accountId}.`);
        const resolved = await resolveRecipient(tx.query, account.id, input, clock.now());
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
        await remember(tx, request, issued.pass);
        return issued;
      });
    },
  };
}

/** Names of the fields whose values differ. */
export function changedNames(before: FieldValues, after: FieldValues): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
}

function checkedValues(request: IssueRequest, present?: FieldValues): FieldValues {
  const { values, problems } = fillFields(request.template.definition, request.given, present);
  if (problems.length === 0) return values;
  throw refusedValues("issued", problems);
}

/** `error` names every problem, for the clients that show nothing else. */
export function refusedValues(verb: string, problems: readonly Problem[]): AppError {
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  return new AppError("invalid", `The pass cannot be ${verb}: ${list}.`, { details: problems });
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

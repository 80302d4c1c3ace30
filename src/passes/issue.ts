import { type Clock, toSeconds } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { newSerial } from "../ids.ts";
import type { NewJob } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { type FieldValues, fillFields, type GivenValue } from "../templates/fill.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { ExternalIdRule, LifecycleEventKind, Pass, PassChange } from "./pass.ts";
import {
  findDelivery,
  findPass,
  findReusablePass,
  insertPass,
  insertPassEvent,
  rememberDelivery,
  updatePass,
} from "./pass-store.ts";
import { checkRecipient, IDENTIFIER_KINDS, type RecipientInput } from "./recipient.ts";
import { type Recipient, resolveRecipient } from "./recipient-store.ts";

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

export type Issuer = ReturnType<typeof createIssuer>;

const HOUR_MS = 3_600_000;
/** Klaviyo retries for 24 hours (its page "Understanding webhook status codes"); the rest is margin. */
const KEY_REMEMBERED_MS = 7 * 24 * HOUR_MS;
/** Without a key a genuine second request looks like a repeat, so this ends when Klaviyo's retries do. */
const BODY_REMEMBERED_MS = 24 * HOUR_MS;

export interface IssuerDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  /** What must follow from a change on the outside. */
  readonly effectsOf: (change: PassChange) => readonly NewJob[];
}

/**
 * Issues passes. Everything that follows from a request is stored in one transaction: the pass, its history and the
 * jobs. A repeated request changes nothing and gets the same pass.
 */
export function createIssuer({ db, clock, outbox, effectsOf }: IssuerDependencies) {
  async function recordChange(
    tx: Transaction,
    change: { pass: Pass; kind: LifecycleEventKind; changedFields: readonly string[] },
    recipient: Recipient,
  ): Promise<void> {
    const { pass, kind, changedFields } = change;
    const { serial, version, updatedAt: at } = pass;
    const eventId = await insertPassEvent(tx.query, { serial, kind, version, at, changedFields });
    const identified = IDENTIFIER_KINDS.some((identifier) => recipient[identifier] !== null);
    await outbox.enqueue(tx, effectsOf({ pass, kind, eventId, identified }), at);
  }

  async function create(
    tx: Transaction,
    request: IssueRequest,
    recipient: Recipient,
    notes: readonly string[],
  ): Promise<Issued> {
    const now = clock.now();
    const { accountId, template } = request;
    const pass: Pass = {
      serial: newSerial(),
      accountId,
      templateId: template.id,
      recipientId: recipient.id,
      values: checkedValues(request),
      state: "active",
      voided: false,
      installedAt: null,
      version: 1,
      lastModified: toSeconds(now),
      reusable: template.definition.repeat !== "new",
      externalIdRule: externalIdRule(request, recipient) ?? "account",
      flowId: request.flowId ?? null,
      repaired: request.repaired ?? false,
      notes,
      writtenBackAt: null,
      createdAt: now,
      updatedAt: now,
    };
    await insertPass(tx.query, pass);
    await recordChange(tx, { pass, kind: "created", changedFields: Object.keys(pass.values) }, recipient);
    return { pass, outcome: "created" };
  }

  /** Brings a pass to the values of a repeated request. A field that the request leaves blank keeps its value. */
  async function refresh(
    tx: Transaction,
    request: IssueRequest,
    present: Pass,
    recipient: Recipient,
    notes: readonly string[],
  ): Promise<Issued> {
    const values = checkedValues(request, present.values);
    const changedFields = Object.keys(values).filter((name) => values[name] !== present.values[name]);
    if (changedFields.length === 0) return { pass: present, outcome: "unchanged" };
    const now = clock.now();
    const pass: Pass = {
      ...present,
      values,
      version: present.version + 1,
      lastModified: Math.max(present.lastModified + 1, toSeconds(now)),
      externalIdRule: externalIdRule(request, recipient) ?? present.externalIdRule,
      flowId: request.flowId ?? present.flowId,
      repaired: request.repaired ?? false,
      notes,
      updatedAt: now,
    };
    await updatePass(tx.query, pass);
    await recordChange(tx, { pass, kind: "updated", changedFields }, recipient);
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
        if (before && (before.isExact || before.pass.state === "deleted"))
          return { pass: before.pass, outcome: "unchanged" };
        const recipient = await resolveRecipient(tx.query, request.accountId, input, clock.now());
        const present =
          before?.pass ??
          (request.template.definition.repeat === "new"
            ? undefined
            : await findReusablePass(tx.query, request.template.id, recipient.id));
        const issued = present
          ? await refresh(tx, request, present, recipient, notes)
          : await create(tx, request, recipient, notes);
        await remember(tx, request, issued.pass);
        return issued;
      });
    },
  };
}

function checkedValues(request: IssueRequest, present?: FieldValues): FieldValues {
  const { values, problems } = fillFields(request.template.definition, request.given, present);
  if (problems.length === 0) return values;
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  throw new AppError("invalid", `The pass cannot be issued: ${list}.`, { details: problems });
}

/** The key that a repeat is known by. A `reuse` template needs none: its recipient is the key. */
function deliveryKey(request: IssueRequest): string | undefined {
  if (request.idempotencyKey) return `key:${request.idempotencyKey}`;
  return request.template.definition.repeat === "new" ? `body:${request.bodyHash}` : undefined;
}

/** Nothing when the request does not say what the profile's `external_id` holds. */
function externalIdRule(request: IssueRequest, recipient: Recipient): ExternalIdRule | undefined {
  if (request.recipient.externalId === undefined) return undefined;
  // A serial of ours was not taken over as the recipient's own id, see `resolveRecipient`.
  return recipient.externalId === null ? "set" : "leave";
}

import { and, eq } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { passes, recipientIdentifiers, recipients } from "../db/schema.ts";
import { looksLikeSerial, newRecipientId } from "../ids.ts";
import { IDENTIFIER_KINDS, type IdentifierKind, nameKeyOf, type RecipientInput } from "./recipient.ts";

export type Recipient = typeof recipients.$inferSelect;

export interface ResolvedRecipient {
  readonly recipient: Recipient;
  /** Placeholders whose values are not what they were: they may stand on passes. */
  readonly changedNames: readonly string[];
}

/**
 * The recipient that the strongest known identifier names, brought up to date with what is said now; a new one when
 * none is known, or none was given. An external id that is a serial of ours means that pass's recipient, because after
 * the write-back a profile's `external_id` is the serial.
 */
export async function resolveRecipient(
  query: Queries,
  accountId: string,
  input: RecipientInput,
  now: number,
): Promise<ResolvedRecipient> {
  const { known, said } = await findRecipientBy(query, accountId, input);
  if (known) return tellOfRecipient(query, known, said, now);
  const recipient = await insert(query, accountId, said, now);
  await addIdentifiers(query, recipient, said);
  return { recipient, changedNames: [] };
}

/** The recipient that is meant, if there is one, and what the input says of it. */
export async function findRecipientBy(
  query: Queries,
  accountId: string,
  input: RecipientInput,
): Promise<{ known: Recipient | undefined; said: RecipientInput }> {
  const holder = await holderOfSerial(query, accountId, input.externalId);
  const said: RecipientInput = holder ? { ...input, externalId: null } : input;
  return { known: await findByIdentifiers(query, accountId, said, holder), said };
}

/** Brings a recipient up to date with what is said of it; they stay who they are. */
export async function tellOfRecipient(
  query: Queries,
  known: Recipient,
  said: RecipientInput,
  now: number,
): Promise<ResolvedRecipient> {
  const recipient = await update(query, known, said, now);
  await addIdentifiers(query, known, said);
  const changed = (["name", "email"] as const).filter((key) => known[key] !== recipient[key]);
  return { recipient, changedNames: changed.map((key) => `recipient.${key}`) };
}

/** Notes the profile that Klaviyo knows the recipient by. */
export async function learnKlaviyoId(query: Queries, recipient: Recipient, klaviyoId: string): Promise<void> {
  if (recipient.klaviyoId === klaviyoId) return;
  await query.update(recipients).set({ klaviyoId }).where(eq(recipients.id, recipient.id));
  await addIdentifiers(query, recipient, { klaviyoId });
}

const recipientById = prepared((query) =>
  query
    .select()
    .from(recipients)
    .where(eq(recipients.id, given("id")))
    .prepare(),
);

export async function findRecipient(query: Queries, id: string): Promise<Recipient | undefined> {
  return (await recipientById(query).execute({ id }))[0];
}

/** Everything that leads to a recipient. */
export async function identifiersOf(
  query: Queries,
  recipientId: string,
): Promise<{ kind: IdentifierKind; value: string }[]> {
  const { kind, value } = recipientIdentifiers;
  return query
    .select({ kind, value })
    .from(recipientIdentifiers)
    .where(eq(recipientIdentifiers.recipientId, recipientId));
}

/** The id of the recipient whose pass has that serial number, if it is one of this account. */
async function holderOfSerial(
  query: Queries,
  accountId: string,
  externalId: string | null | undefined,
): Promise<string | undefined> {
  if (!externalId || !looksLikeSerial(externalId)) return undefined;
  const rows = await query
    .select({ recipientId: passes.recipientId })
    .from(passes)
    .where(and(eq(passes.serial, externalId), eq(passes.accountId, accountId)));
  return rows[0]?.recipientId;
}

const recipientByIdentifier = prepared((query) =>
  query
    .select()
    .from(recipients)
    .where(
      eq(
        recipients.id,
        query
          .select({ id: recipientIdentifiers.recipientId })
          .from(recipientIdentifiers)
          .where(
            and(
              eq(recipientIdentifiers.accountId, given("accountId")),
              eq(recipientIdentifiers.kind, given("kind")),
              eq(recipientIdentifiers.value, given("value")),
            ),
          ),
      ),
    )
    .prepare(),
);

async function findByIdentifiers(
  query: Queries,
  accountId: string,
  said: RecipientInput,
  holderId: string | undefined,
): Promise<Recipient | undefined> {
  for (const kind of IDENTIFIER_KINDS) {
    if (kind === "externalId" && holderId) return findRecipient(query, holderId);
    const value = said[kind];
    if (!value) continue;
    const [known] = await recipientByIdentifier(query).execute({ accountId, kind, value });
    if (known) return known;
  }
  return undefined;
}

const insertRecipient = prepared((query) => query.insert(recipients).values(givenRow(recipients)).prepare());

async function insert(query: Queries, accountId: string, said: RecipientInput, now: number): Promise<Recipient> {
  const recipient: Recipient = {
    id: newRecipientId(now),
    accountId,
    name: said.name ?? null,
    nameKey: said.name ? nameKeyOf(said.name) : null,
    email: said.email ?? null,
    phone: said.phone ?? null,
    externalId: said.externalId ?? null,
    klaviyoId: said.klaviyoId ?? null,
    createdAt: now,
    updatedAt: now,
  };
  await insertRecipient(query).execute(recipient);
  return recipient;
}

/** The latest word counts; what was not said stays. An email or phone once known is kept when it is blank today. */
async function update(query: Queries, known: Recipient, said: RecipientInput, now: number): Promise<Recipient> {
  const next: Recipient = {
    ...known,
    name: said.name ?? known.name,
    nameKey: said.name ? nameKeyOf(said.name) : known.nameKey,
    email: said.email ?? known.email,
    phone: said.phone ?? known.phone,
    klaviyoId: said.klaviyoId ?? known.klaviyoId,
    externalId: said.externalId === undefined ? known.externalId : said.externalId,
  };
  const changed = (["name", "email", "phone", "klaviyoId", "externalId"] as const).some(
    (key) => next[key] !== known[key],
  );
  if (!changed) return known;
  await query
    .update(recipients)
    .set({ ...next, updatedAt: now })
    .where(eq(recipients.id, known.id));
  return { ...next, updatedAt: now };
}

const insertIdentifier = prepared((query) =>
  query.insert(recipientIdentifiers).values(givenRow(recipientIdentifiers)).onConflictDoNothing().prepare(),
);

/** Makes what was said lead to the recipient; an identifier that already means somebody else stays theirs. */
async function addIdentifiers(query: Queries, { accountId, id }: Recipient, said: RecipientInput): Promise<void> {
  for (const kind of IDENTIFIER_KINDS) {
    const value = said[kind];
    if (value) await insertIdentifier(query).execute({ accountId, kind, value, recipientId: id });
  }
}

import type { Database, Queries } from "../db/database.ts";
import type { IdentifierKind } from "./recipient.ts";
import { findRecipient, findRecipientBy, identifiersOf, type Recipient } from "./recipient-store.ts";
import type { FoundPass } from "./search/pass-query.ts";
import type { PassSearch } from "./search/search.ts";

/** How a call names a person. */
export interface RecipientReference {
  readonly accountId: string;
  readonly by: IdentifierKind | "id";
  /** In canonical form. */
  readonly value: string;
}

/** A person with everything that they are known by, and their newest passes. */
export interface KnownRecipient {
  readonly recipient: Recipient;
  readonly identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[];
  readonly passes: readonly FoundPass[];
}

export type Recipients = ReturnType<typeof createRecipients>;

/** More passes of one person are found by searching for them. */
const MAX_PASSES = 100;

/** Looking people up. */
export function createRecipients({ db, search }: { db: Database; search: PassSearch }) {
  return {
    /** Nothing when nobody is known by that. */
    async find(reference: RecipientReference): Promise<KnownRecipient | undefined> {
      const recipient = await recipientOf(db.read, reference);
      if (!recipient) return undefined;
      const { accountId } = reference;
      const [identifiers, passes] = await Promise.all([
        identifiersOf(db.read, recipient.id),
        search.page({ accountId, recipientId: recipient.id }, { limit: MAX_PASSES }),
      ]);
      return { recipient, identifiers, passes: passes.items };
    },
  };
}

/** Whom a reference names; nothing when nobody is known by that. */
export async function recipientOf(
  query: Queries,
  { accountId, by, value }: RecipientReference,
): Promise<Recipient | undefined> {
  if (by !== "id") return (await findRecipientBy(query, accountId, { [by]: value })).known;
  const recipient = await findRecipient(query, value);
  return recipient?.accountId === accountId ? recipient : undefined;
}

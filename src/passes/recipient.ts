import { isEmail, parsePhone } from "../templates/field-values.ts";

/** Kinds of identifier, the strongest first: the order in which Klaviyo tells people apart. */
export const IDENTIFIER_KINDS = ["klaviyoId", "externalId", "email", "phone"] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** A name as it is searched for: without regard to case, accents and the number of spaces. */
export const nameKeyOf = (name: string): string =>
  name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();

/** What a request says of a person. `undefined`: nothing was said; `null`: it was said that there is none. */
export interface RecipientInput {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly klaviyoId?: string | null | undefined;
}

/** The same in canonical form, and in `notes` what had to be left out. */
export interface CheckedRecipient {
  readonly recipient: RecipientInput;
  readonly notes: readonly string[];
}

/**
 * Email in lower case, phone in E.164. What cannot be either is left out with a note instead of refusing the pass: the
 * customer is not to lose it over a mistyped phone number.
 */
export function checkRecipient(input: RecipientInput): CheckedRecipient {
  const notes: string[] = [];
  const email = input.email?.toLowerCase();
  const phone = typeof input.phone === "string" ? parsePhone(input.phone) : undefined;
  const emailIsBad = email !== undefined && !isEmail(email);
  const phoneIsBad = typeof input.phone === "string" && phone === undefined;
  if (emailIsBad) notes.push(`The email address "${input.email}" is not one and was left out.`);
  if (phoneIsBad) notes.push(`The phone number "${input.phone}" is not one with a country code and was left out.`);
  return {
    recipient: {
      ...input,
      email: emailIsBad ? undefined : (email ?? input.email),
      phone: phone ?? (phoneIsBad ? undefined : input.phone),
    },
    notes,
  };
}

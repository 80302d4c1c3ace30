import type { Problem } from "../errors.ts";
import { checkRecipient, IDENTIFIER_KINDS, type IdentifierKind } from "../passes/recipient.ts";

export type GivenIdentifiers = Readonly<Partial<Record<IdentifierKind, string | undefined>>>;

const HINTS: Partial<Record<IdentifierKind, string>> = {
  email: "must be a whole email address",
  phone: "must be a phone number with its country code, such as +4915112345678",
};

/** Identifiers as they are stored: email in lower case, phone in E.164. Adds what is wrong to `problems`. */
export function readIdentifiers(
  given: GivenIdentifiers,
  problems: Problem[],
): Readonly<Partial<Record<IdentifierKind, string>>> {
  const identifiers: Partial<Record<IdentifierKind, string>> = {};
  for (const kind of IDENTIFIER_KINDS) {
    const value = given[kind]?.trim();
    if (value === undefined) continue;
    const canonical = value && checkRecipient({ [kind]: value }).recipient[kind];
    if (canonical) identifiers[kind] = canonical;
    else problems.push({ path: kind, message: value === "" ? "is empty" : (HINTS[kind] ?? "cannot be read") });
  }
  return identifiers;
}

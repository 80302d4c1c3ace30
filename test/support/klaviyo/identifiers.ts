import { invalid, type Problem } from "./errors.ts";

/** Klaviyo's precedence, highest first; the profile id stands above them all. */
export const IDENTIFIERS = ["external_id", "email", "phone_number", "anonymous_id"] as const;
export type IdentifierField = (typeof IDENTIFIERS)[number];
export type Identifiers = { readonly [Field in IdentifierField]?: string | null };
export interface Identifier {
  readonly field: IdentifierField;
  readonly value: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const EMAIL = /^[^\s@"(),:;<>[\\\]]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]{2,}$/i;

/** Assumption: e-mail addresses are one identifier whatever their case. */
export function normaliseIdentifier(field: IdentifierField, value: string): string {
  return field === "email" ? value.toLowerCase() : value;
}

/** The identifiers a body gives, highest precedence first; null means "clear", so it identifies nobody. */
export function givenIdentifiers(attributes: Identifiers): readonly Identifier[] {
  const given: Identifier[] = [];
  for (const field of IDENTIFIERS) {
    const value = attributes[field];
    if (typeof value === "string") given.push({ field, value: normaliseIdentifier(field, value) });
  }
  return given;
}

export function checkIdentifiers(attributes: Identifiers, pointer: string): void {
  const problems: Problem[] = [];
  const { email, phone_number: phone, external_id: externalId } = attributes;
  if (typeof email === "string" && (email.length > 254 || !EMAIL.test(email))) {
    problems.push({ pointer: `${pointer}/email`, detail: "Invalid email address." });
  }
  if (typeof phone === "string" && !E164.test(phone)) {
    const detail = "Invalid phone number format (Example of a valid format: +12345678901).";
    problems.push({ pointer: `${pointer}/phone_number`, detail });
  }
  if (externalId === "") problems.push({ pointer: `${pointer}/external_id`, detail: "'external_id' is empty." });
  if (problems.length > 0) throw invalid(...problems);
}

export function requireIdentifier(id: string | null | undefined, given: readonly Identifier[], pointer: string): void {
  if (typeof id === "string" || given.length > 0) return;
  throw invalid({ pointer, detail: "One or more identifiers is required" });
}

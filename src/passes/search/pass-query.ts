import { AppError } from "../../errors.ts";
import type { Pass } from "../pass.ts";
import type { IdentifierKind } from "../recipient.ts";
import { type PassStatus, statusOf } from "../status.ts";
import type { WholePass } from "../whole-pass.ts";

/** What a pass must be to be found; every part that is given counts. */
export interface PassQuery {
  readonly accountId: string;
  readonly templateId?: string | undefined;
  readonly statuses?: readonly PassStatus[] | undefined;
  /** Beginning of the serial number. */
  readonly serial?: string | undefined;
  /** Beginning of the recipient's name, as `nameKeyOf` writes it. */
  readonly name?: string | undefined;
  /** Beginning of the recipient's email address, in lower case. */
  readonly emailStart?: string | undefined;
  /** Identifiers of the recipient, in canonical form. */
  readonly identifiers?: Readonly<Partial<Record<IdentifierKind, string>>> | undefined;
  readonly recipientId?: string | undefined;
  /** Issued at or after this time, in milliseconds. */
  readonly since?: number | undefined;
  /** Issued at or before this time. */
  readonly until?: number | undefined;
}

export type FoundPass = Pick<WholePass, "pass" | "recipient" | "template">;

/** Whether a pass is one that was asked for, apart from `identifiers` and `recipientId`, which lead to it. */
export function isMatch(query: PassQuery, found: FoundPass, now: number): boolean {
  const { pass, recipient } = found;
  return (
    (query.templateId === undefined || pass.templateId === query.templateId) &&
    (query.serial === undefined || pass.serial.startsWith(query.serial)) &&
    (query.name === undefined || recipient.nameKey?.startsWith(query.name) === true) &&
    (query.emailStart === undefined || recipient.email?.startsWith(query.emailStart) === true) &&
    (query.statuses === undefined || query.statuses.includes(statusOf(found, now)))
  );
}

/** Where a list goes on: the newest first, and among those of one millisecond the highest serial number. */
export type Position = Pick<Pass, "createdAt" | "serial">;

export const cursorOf = ({ createdAt, serial }: Position): string => `${createdAt}.${serial}`;

/** Throws `invalid` for what no page gave as `next`. */
export function positionOf(cursor: string): Position {
  const [, createdAt, serial] = /^(\d{1,15})\.([0-9a-z]{26})$/.exec(cursor) ?? [];
  if (createdAt !== undefined && serial !== undefined) return { createdAt: Number(createdAt), serial };
  throw new AppError("invalid", `"after" must be what the page before gave as "next".`);
}

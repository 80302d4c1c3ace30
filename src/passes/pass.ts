import type { FieldValues } from "../templates/fill.ts";

/** As in Klaviyo's WalletPass record; whether an active pass sits in a wallet says `installedAt`. */
export type PassState = "active" | "uninstalled" | "deleted";

export type LifecycleEventKind = "created" | "installed" | "updated" | "uninstalled" | "deleted";

/** What becomes of the profile's `external_id`: `account` where the webhook did not say what it holds. */
export type ExternalIdRule = "set" | "leave" | "account";

/** One issued pass. Times in milliseconds, `lastModified` in whole seconds. */
export interface Pass {
  readonly serial: string;
  readonly accountId: string;
  readonly templateId: string;
  readonly recipientId: string;
  readonly values: FieldValues;
  readonly state: PassState;
  readonly voided: boolean;
  /** When it was ended by us before its own time; its `expirationDate` then. */
  readonly expiredAt: number | null;
  readonly installedAt: number | null;
  readonly version: number;
  readonly lastModified: number;
  /** What it looks like, hashed. */
  readonly contentHash: string;
  /** Place in the sequence of visible changes. */
  readonly updateTag: number;
  readonly reusable: boolean;
  readonly externalIdRule: ExternalIdRule;
  readonly flowId: string | null;
  readonly repaired: boolean;
  readonly notes: readonly string[];
  readonly writtenBackAt: number | null;
  /** When the customer signed up on the phone (rewards enrolment). */
  readonly personalizedAt: number | null;
  /** When a person first got the package by its link. */
  readonly fetchedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A change of a pass, as those who must be told of it need it. */
export interface PassChange {
  readonly pass: Pass;
  readonly kind: LifecycleEventKind;
  readonly eventId: number;
  /** Whether the recipient can be told apart from others at all. */
  readonly identified: boolean;
}

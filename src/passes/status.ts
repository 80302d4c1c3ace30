import { jsonValueOrDefault } from "../templates/fill.ts";
import { fillPlaceholders, type Json } from "../templates/placeholders.ts";
import type { WholePass } from "./whole-pass.ts";

/** PassNinja's `status` of a pass. */
export const PASS_STATUSES = ["issued", "installed", "uninstalled", "voided", "expired", "deleted"] as const;
export type PassStatus = (typeof PASS_STATUSES)[number];

/** What it takes to tell how a pass stands. */
export type Dated = Pick<WholePass, "pass" | "template">;

/** How a pass stands now. What became of it in the wallet says more than that it ended, so that goes first. */
export function statusOf(dated: Dated, now: number): PassStatus {
  const { state, voided, installedAt } = dated.pass;
  if (state === "deleted" || state === "uninstalled") return state;
  if (voided) return "voided";
  const endsAt = expiryOf(dated);
  if (endsAt !== undefined && endsAt <= now) return "expired";
  return installedAt === null ? "issued" : "installed";
}

/** When a pass expires, in milliseconds: when it was made to, else its template's `expirationDate` with its values. */
export function expiryOf({ pass, template: { definition } }: Dated): number | undefined {
  if (pass.expiredAt !== null) return pass.expiredAt;
  const date = definition.pass["expirationDate"];
  if (date === undefined) return undefined;
  // The definition was parsed from JSON. A coupon that is valid until the 30th still is on the 30th.
  const filled = fillPlaceholders(date as Json, (name) => jsonValueOrDefault(definition, pass.values, name, true));
  const endsAt = Date.parse(String(filled));
  return Number.isNaN(endsAt) ? undefined : endsAt;
}

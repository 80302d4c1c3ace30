import type { Recipient } from "../passes/recipient-store.ts";
import type { FoundPass } from "../passes/search/pass-query.ts";
import { passObject } from "./pass-object.ts";
import type { RecipientObject } from "./schemas/recipient.ts";

export function recipientObject({ id, name, email, phone, externalId, klaviyoId }: Recipient): RecipientObject {
  return { id, name, email, phone, externalId, klaviyoId };
}

/** A pass with whom it is for. `now` tells whether it has expired. */
export function foundPassObject({ pass, template, recipient }: FoundPass, publicUrl: string, now: number) {
  return { ...passObject(pass, template, publicUrl, now), recipient: recipientObject(recipient) };
}

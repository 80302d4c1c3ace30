import type { Page, PageRequest } from "../../page.ts";
import { parsePhone } from "../../templates/field-values.ts";
import { nameKeyOf } from "../recipient.ts";
import type { FoundPass, PassQuery } from "./pass-query.ts";
import type { PassSearch } from "./search.ts";

type Reading = Pick<PassQuery, "serial" | "name" | "emailStart" | "identifiers">;

/**
 * One page of what somebody may mean who types into one box: the beginning of a name, of an email address or of a serial
 * number, or a whole phone number, customer id or Klaviyo id. The first reading that finds anything counts.
 */
export async function findByText(
  search: PassSearch,
  query: PassQuery,
  text: string,
  request: PageRequest,
): Promise<Page<FoundPass>> {
  for (const reading of readingsOf(text.trim())) {
    const narrowed = { ...query, ...reading };
    const { items, next } = await search.page(narrowed, { limit: 1 });
    if (items.length > 0 || next !== null) return search.page(narrowed, request);
  }
  return { items: [], next: null };
}

function readingsOf(text: string): Reading[] {
  const lower = text.toLowerCase();
  const phone = /^[+\d][\d\s()/.-]+$/.test(text) ? parsePhone(text) : undefined;
  const name = nameKeyOf(text);
  const isWord = !/\s/.test(text);
  return [
    ...(phone ? [{ identifiers: { phone } }] : []),
    ...(text.includes("@") || isWord ? [{ emailStart: lower }] : []),
    // Serial numbers have digits, as hardly a name has.
    ...(/^[0-9a-z]{4,26}$/.test(lower) && /\d/.test(lower) ? [{ serial: lower }] : []),
    ...(name !== "" && !text.includes("@") ? [{ name }] : []),
    ...(isWord ? [{ identifiers: { externalId: text } }, { identifiers: { klaviyoId: text } }] : []),
  ];
}

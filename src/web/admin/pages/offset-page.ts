import type { Page, PageRequest } from "../../../page.ts";
import type { Listed, ListPart } from "../../../webhooks/webhook-store.ts";

/** The part of a list that is counted from its beginning: the cursor is how many rows come before. */
export const offsetPart = ({ limit, after }: PageRequest): ListPart => ({
  limit,
  offset: /^\d{1,9}$/.test(after ?? "") ? Number(after) : 0,
});

export function offsetPage<T>({ rows, total }: Listed<T>, { offset, limit }: ListPart): Page<T> {
  const end = offset + limit;
  return { items: [...rows], next: end < total ? String(end) : null };
}

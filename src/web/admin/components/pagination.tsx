/** @jsxImportSource preact */
import type { Page } from "../../../page.ts";
import type { Visit } from "../visit.ts";
import { LinkButton } from "./button.tsx";

/** How many rows a list shows. */
export const PAGE_SIZE = 50;

/** The page of a list that the visitor asked for. */
export const pageRequest = ({ query }: Pick<Visit, "query">) => ({
  limit: PAGE_SIZE,
  after: query.get("after") || undefined,
});

export interface PaginationProps {
  readonly visit: Visit;
  /** Of the list, without the account. */
  readonly path: string;
  readonly next: Page<unknown>["next"];
  /** What the links say: lists that show the newest first lead to older ones. */
  readonly words?: { readonly first: string; readonly next: string };
}

/** Further rows, by cursor: the same whatever is added meanwhile. Keeps the filters of the address. */
export function Pagination({ visit, path, next, words = { first: "Newest", next: "Older" } }: PaginationProps) {
  const { after, ...filters } = Object.fromEntries(visit.query);
  if (!next && !after) return null;
  return (
    <nav class="pagination" aria-label="Pages">
      {after && <LinkButton href={visit.to(path, filters)}>{words.first}</LinkButton>}
      {next && <LinkButton href={visit.to(path, { ...filters, after: next })}>{words.next}</LinkButton>}
    </nav>
  );
}

import type { Queries } from "../db/database.ts";
import { nextTurn } from "../next-turn.ts";
import type { Pass } from "./pass.ts";
import { listPassesOfTemplate } from "./pass-store.ts";

/** Read in one turn of the event loop; there may be a million, and others wait for theirs. */
const TURN = 100;

/**
 * A template's passes but the deleted ones, in the order of their serial numbers, some at a time: only those are in
 * memory.
 */
export async function* livePasses(
  query: Queries,
  template: { readonly id: string; readonly accountId: string },
  after = "",
): AsyncGenerator<readonly Pass[]> {
  for (let cursor: string | undefined = after; cursor !== undefined; ) {
    const passes: Pass[] = await listPassesOfTemplate(query, template, cursor, TURN);
    yield passes.filter(({ state }) => state !== "deleted");
    cursor = passes.length < TURN ? undefined : passes.at(-1)?.serial;
    await nextTurn();
  }
}

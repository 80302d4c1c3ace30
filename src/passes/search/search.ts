import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import { AppError } from "../../errors.ts";
import { nextTurn } from "../../next-turn.ts";
import type { Page, PageRequest } from "../../page.ts";
import { findTemplate, type TemplateVersion } from "../../templates/template-store.ts";
import type { Templates } from "../../templates/templates.ts";
import { IDENTIFIER_KINDS } from "../recipient.ts";
import { findRecipientBy } from "../recipient-store.ts";
import { cursorOf, type FoundPass, isMatch, type PassQuery, type Position, positionOf } from "./pass-query.ts";
import { preparePages, recipientsStartingWith, type Way } from "./pass-search-store.ts";

export interface PassSearchDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
}

export type PassSearch = ReturnType<typeof createPassSearch>;

/** So many people may begin alike and still be the way to their passes; of more, passes are looked through instead. */
const MAX_PEOPLE = 1_000;
/** Passes that are read in one turn of the event loop: about two milliseconds. */
const ROWS_PER_TURN = 100;
/** Passes that are looked at for one page: about a quarter of a second. */
const MAX_EXAMINED = 5_000;

/** Finds passes, the newest first. */
export function createPassSearch({ db, clock, templates }: PassSearchDependencies) {
  /** The template that is asked for, also one that was deleted. Throws `not_found`. */
  async function templateOf({ accountId, templateId }: PassQuery): Promise<TemplateVersion | undefined> {
    if (templateId === undefined) return undefined;
    const row = await findTemplate(db.read, templateId);
    if (row?.accountId === accountId) return templates.ofPass({ templateId });
    throw new AppError("not_found", `There is no template ${JSON.stringify(templateId)}.`);
  }

  /** The shortest way to what is asked for; nothing when there is none such. Throws `not_found` for the template. */
  async function wayTo(query: PassQuery): Promise<Way | undefined> {
    const { accountId, templateId, statuses, serial, recipientId, identifiers = {} } = query;
    await templateOf(query);
    const named = recipientId === undefined ? [] : [recipientId];
    for (const kind of IDENTIFIER_KINDS) {
      const value = identifiers[kind];
      if (value === undefined) continue;
      const { known } = await findRecipientBy(db.read, accountId, { [kind]: value });
      if (!known) return undefined;
      named.push(known.id);
    }
    const [person] = named;
    if (person !== undefined) {
      return named.every((id) => id === person) ? { by: "recipients", ids: [person] } : undefined;
    }
    if (serial !== undefined) return { by: "serial", start: serial };
    const starts = [["nameKey", query.name] as const, ["email", query.emailStart] as const];
    for (const [column, start] of starts) {
      if (start === undefined) continue;
      const ids = await recipientsStartingWith(db.read, accountId, column, start, MAX_PEOPLE + 1);
      if (ids.length <= MAX_PEOPLE) return { by: "recipients", ids };
    }
    const ended = statuses?.every((status) => status !== "issued" && status !== "installed" && status !== "expired");
    if (ended) return { by: "ended" };
    return templateId === undefined ? { by: "account" } : { by: "template", templateId };
  }

  /** Everything that is asked for, batch by batch; `position` is how far it has looked, null at the end. */
  async function* walk(
    query: PassQuery,
    after?: Position,
    batch = ROWS_PER_TURN,
  ): AsyncGenerator<{ matching: FoundPass[]; position: Position | null }> {
    const way = await wayTo(query);
    if (!way) return;
    const { until = Number.MAX_SAFE_INTEGER - 1 } = query;
    const pageAfter = preparePages(db.read, way, query, batch);
    for (let position: Position | null = after ?? { createdAt: until + 1, serial: "" }; position; ) {
      const rows = await pageAfter(position);
      const found = await withTemplates(rows);
      const now = clock.now();
      position = rows.length < batch ? null : (rows.at(-1)?.pass ?? null);
      yield { matching: found.filter((one) => isMatch(query, one, now)), position };
      await nextTurn();
    }
  }

  async function withTemplates(rows: readonly Omit<FoundPass, "template">[]): Promise<FoundPass[]> {
    const known = new Map<string, TemplateVersion>();
    for (const id of new Set(rows.map(({ pass }) => pass.templateId))) {
      known.set(id, await templates.ofPass({ templateId: id }));
    }
    return rows.flatMap((row) => {
      const template = known.get(row.pass.templateId);
      return template ? [{ ...row, template }] : [];
    });
  }

  return {
    templateOf,

    /**
     * One page. It looks at no more than `maxExamined` passes, so where few match it may be short, or even empty, and
     * still have a `next`. Throws `invalid` for a cursor that no page gave.
     */
    async page(query: PassQuery, request: PageRequest, maxExamined = MAX_EXAMINED): Promise<Page<FoundPass>> {
      const { limit, after } = request;
      const items: FoundPass[] = [];
      const batch = Math.max(limit + 1, ROWS_PER_TURN);
      let examined = 0;
      for await (const { matching, position } of walk(query, after ? positionOf(after) : undefined, batch)) {
        items.push(...matching);
        const last = items[limit - 1];
        if (items.length > limit && last) return { items: items.slice(0, limit), next: cursorOf(last.pass) };
        examined += batch;
        if (position && examined >= maxExamined) return { items, next: cursorOf(position) };
      }
      return { items, next: null };
    },

    /** Everything that is asked for, some at a time: as slowly as it is taken. */
    async *all(query: PassQuery): AsyncGenerator<readonly FoundPass[]> {
      for await (const { matching } of walk(query)) if (matching.length > 0) yield matching;
    },
  };
}

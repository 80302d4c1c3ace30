import { and, desc, eq, gte, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Database, Queries } from "../db/database.ts";
import { passes, recipientIdentifiers, recipients } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import type { Templates } from "../templates/templates.ts";
import type { Pass, PassStatus } from "./pass.ts";
import type { WholePass } from "./whole-pass.ts";

/** What is looked for; every part that is given counts. */
export interface PassQuestion {
  readonly accountId: string;
  /** The beginning of a serial number, or of an identifier of the recipient. */
  readonly text?: string | undefined;
  readonly templateId?: string | undefined;
  readonly status?: PassStatus | undefined;
}

export type FoundPass = Pick<WholePass, "pass" | "recipient" | "template">;
export type FindPasses = (question: PassQuestion, page: PageRequest) => Promise<Page<FoundPass>>;

/** People whose identifiers begin alike and whose passes are shown. */
const MAX_PEOPLE = 100;
/** Tables that are not WITHOUT ROWID number their rows as they come: the newest first without an index of its own. */
const rowid = sql<number>`passes.rowid`;

/** Finds passes, the newest first. */
export function createPassFinder({ db, templates }: { db: Database; templates: Templates }): FindPasses {
  return async ({ accountId, text, templateId, status }, { limit, after }) => {
    const rows = await db.read
      .select({ pass: passes, recipient: recipients, place: rowid })
      .from(passes)
      .innerJoin(recipients, eq(recipients.id, passes.recipientId))
      .where(
        and(
          eq(passes.accountId, accountId),
          templateId ? eq(passes.templateId, templateId) : undefined,
          status ? hasStatus(status) : undefined,
          text ? await beginsLike(db.read, accountId, text) : undefined,
          after ? lt(rowid, Number(after)) : undefined,
        ),
      )
      .orderBy(desc(rowid))
      .limit(limit + 1);
    const page = pageOf(rows, limit, ({ place }) => String(place));
    const items = await Promise.all(
      page.items.map(async ({ pass: { fields, notes, ...row }, recipient }) => {
        const pass: Pass = { ...row, values: JSON.parse(fields), notes: JSON.parse(notes) };
        return { pass, recipient, template: await templates.current(accountId, pass.templateId) };
      }),
    );
    return { items, next: page.next };
  };
}

async function beginsLike(query: Queries, accountId: string, text: string): Promise<SQL | undefined> {
  const start = text.toLowerCase();
  const people = await query
    .selectDistinct({ id: recipientIdentifiers.recipientId })
    .from(recipientIdentifiers)
    .where(
      and(
        eq(recipientIdentifiers.accountId, accountId),
        // Each kind by itself is a range of the primary key.
        or(
          ...(["email", "phone", "externalId", "klaviyoId"] as const).map((kind) =>
            and(
              eq(recipientIdentifiers.kind, kind),
              gte(recipientIdentifiers.value, kind === "email" ? start : text),
              lt(recipientIdentifiers.value, endOfRange(kind === "email" ? start : text)),
            ),
          ),
        ),
      ),
    )
    .limit(MAX_PEOPLE);
  return or(
    inArray(
      passes.recipientId,
      people.map(({ id }) => id),
    ),
    and(gte(passes.serial, start), lt(passes.serial, endOfRange(start))),
  );
}

function hasStatus(status: PassStatus): SQL | undefined {
  const alive = and(eq(passes.state, "active"), eq(passes.voided, status === "voided"));
  switch (status) {
    case "uninstalled":
    case "deleted":
      return eq(passes.state, status);
    case "voided":
      return alive;
    case "issued":
      return and(alive, sql`${passes.installedAt} is null`);
    case "installed":
      return and(alive, sql`${passes.installedAt} is not null`);
    default:
      return status satisfies never;
  }
}

/** Above every text that begins with `start`: text is compared by code point. */
const endOfRange = (start: string): string => `${start}\u{10ffff}`;

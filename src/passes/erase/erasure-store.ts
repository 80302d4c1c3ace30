import { and, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Queries } from "../../db/database.ts";
import { erasedIdentifiers, erasures, passes, recipientIdentifiers, recipients } from "../../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../../page.ts";
import type { IdentifierKind } from "../recipient.ts";
import type { Recipient } from "../recipient-store.ts";
import type { Forgotten } from "./free-text-store.ts";

type ErasureRow = typeof erasures.$inferSelect;

export interface ErasureCounts extends Forgotten {
  readonly recipients: number;
  readonly passes: number;
  /** Write-backs that were still to be made. */
  readonly writeBacks: number;
}

/** That somebody was erased, and nothing of who it was. */
export interface Erasure extends Omit<ErasureRow, "counts"> {
  readonly counts: ErasureCounts;
}

/**
 * One page of recipients whose own row bears an identifier, though it may mean somebody else; `next` is where the next
 * page begins, nothing at the end.
 */
export async function recipientsBearing(
  query: Queries,
  accountId: string,
  kind: IdentifierKind,
  value: string,
  after: string,
  limit: number,
): Promise<{ ids: string[]; next: string | undefined }> {
  const [end] = await query
    .select({ last: sql<string | null>`max(id)` })
    .from(sql`(select id from recipients where id > ${after} order by id limit ${limit})`);
  const last = end?.last ?? undefined;
  if (last === undefined) return { ids: [], next: undefined };
  const rows = await query
    .select({ id: recipients.id })
    .from(recipients)
    .where(
      and(
        gt(recipients.id, after),
        sql`${recipients.id} <= ${last}`,
        sql`+${recipients.accountId} = ${accountId}`,
        sql`+${recipients[kind]} = ${value}`,
      ),
    );
  return { ids: rows.map(({ id }) => id), next: last };
}

/** Serial numbers of passes of these recipients that still say something, some of them. */
export async function passesToErase(query: Queries, recipientIds: readonly string[], limit: number): Promise<string[]> {
  const rows = await query
    .select({ serial: passes.serial })
    .from(passes)
    .where(
      and(
        inArray(passes.recipientId, [...recipientIds]),
        sql`(${passes.state} <> 'deleted' or ${passes.fields} <> '{}' or ${passes.notes} <> '[]')`,
      ),
    )
    .limit(limit);
  return rows.map(({ serial }) => serial);
}

export async function serialsOf(query: Queries, recipientIds: readonly string[]): Promise<string[]> {
  const rows = await query
    .select({ serial: passes.serial })
    .from(passes)
    .where(inArray(passes.recipientId, [...recipientIds]));
  return rows.map(({ serial }) => serial);
}

/** Those to whom no pass was issued after that time: who came back is somebody new. */
export async function recipientsWithoutNewPasses(
  query: Queries,
  ids: readonly string[],
  time: number,
): Promise<string[]> {
  const rows = await query
    .selectDistinct({ id: passes.recipientId })
    .from(passes)
    .where(and(inArray(passes.recipientId, [...ids]), gt(passes.createdAt, time)));
  const back = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !back.has(id));
}

/** What is left of a recipient: the row that passes refer to. */
export const NOBODY = {
  ...{ name: null, nameKey: null, email: null, phone: null, externalId: null, klaviyoId: null },
} as const satisfies Partial<Recipient>;

export async function blankRecipients(query: Queries, ids: readonly string[], now: number): Promise<void> {
  await query.delete(recipientIdentifiers).where(inArray(recipientIdentifiers.recipientId, [...ids]));
  await query
    .update(recipients)
    .set({ ...NOBODY, updatedAt: now })
    .where(inArray(recipients.id, [...ids]));
}

export async function insertErasure(query: Queries, erasure: Erasure, hashes: readonly string[]): Promise<void> {
  const { id, accountId, counts } = erasure;
  await query.insert(erasures).values({ ...erasure, counts: JSON.stringify(counts) });
  for (const hash of hashes) {
    await query.insert(erasedIdentifiers).values({ accountId, hash, erasureId: id }).onConflictDoNothing();
  }
}

/** Notes what became of the request to Klaviyo. */
export async function noteKlaviyo(
  query: Queries,
  id: string,
  klaviyo: "requested" | "recorded",
  klaviyoAt: number,
): Promise<void> {
  await query.update(erasures).set({ klaviyo, klaviyoAt }).where(eq(erasures.id, id));
}

/** The newest first; of one person where the hash of an identifier is given. */
export async function listErasures(
  query: Queries,
  { accountId, hash }: { accountId: string; hash?: string | undefined },
  page: PageRequest,
): Promise<Page<Erasure>> {
  const after = page.after === undefined ? undefined : /^(\d+)\.(.+)$/.exec(page.after);
  const rows = await query
    .select()
    .from(erasures)
    .where(
      and(
        eq(erasures.accountId, accountId),
        hash === undefined
          ? undefined
          : inArray(
              erasures.id,
              query
                .select({ id: erasedIdentifiers.erasureId })
                .from(erasedIdentifiers)
                .where(and(eq(erasedIdentifiers.accountId, accountId), eq(erasedIdentifiers.hash, hash))),
            ),
        after ? sql`(${erasures.erasedAt}, ${erasures.id}) < (${Number(after[1])}, ${after[2] ?? ""})` : undefined,
      ),
    )
    .orderBy(desc(erasures.erasedAt), desc(erasures.id))
    .limit(page.limit + 1);
  const items = rows.map((row): Erasure => ({ ...row, counts: JSON.parse(row.counts) }));
  return pageOf(items, page.limit, ({ erasedAt, id }) => `${erasedAt}.${id}`);
}

import { and, asc, desc, eq, lt, sql } from "drizzle-orm";
import type { Queries } from "../../db/database.ts";
import { templateDraftImages, templateDrafts } from "../../db/schema.ts";

export type DraftRow = typeof templateDrafts.$inferSelect;
export type DraftImage = Pick<typeof templateDraftImages.$inferSelect, "name" | "bytes" | "made">;

/** Whose draft of what: everybody has their own. */
export type DraftKey = Pick<DraftRow, "accountId" | "templateId" | "adminId">;

const isOf = ({ accountId, templateId, adminId }: DraftKey) =>
  and(
    eq(templateDrafts.accountId, accountId),
    eq(templateDrafts.templateId, templateId),
    eq(templateDrafts.adminId, adminId),
  );

const imagesOf = ({ templateId, adminId }: Omit<DraftKey, "accountId">) =>
  and(eq(templateDraftImages.templateId, templateId), eq(templateDraftImages.adminId, adminId));

export async function findDraft(query: Queries, key: DraftKey): Promise<DraftRow | undefined> {
  return (await query.select().from(templateDrafts).where(isOf(key)))[0];
}

export async function draftImages(query: Queries, { templateId, adminId }: DraftRow): Promise<DraftImage[]> {
  const { name, bytes, made } = templateDraftImages;
  return query
    .select({ name, bytes, made })
    .from(templateDraftImages)
    .where(imagesOf({ templateId, adminId }))
    .orderBy(asc(name));
}

/** A draft in a list. */
export interface DraftFacts extends Pick<DraftRow, "templateId" | "basedOn" | "updatedAt"> {
  readonly name: string | null;
}

/** Of one person, the newest first. */
export async function listDrafts(query: Queries, accountId: string, adminId: string): Promise<DraftFacts[]> {
  const { templateId, basedOn, updatedAt } = templateDrafts;
  const name = sql<string | null>`json_extract(${templateDrafts.design}, '$.texts.name')`;
  return query
    .select({ templateId, basedOn, updatedAt, name })
    .from(templateDrafts)
    .where(and(eq(templateDrafts.accountId, accountId), eq(templateDrafts.adminId, adminId)))
    .orderBy(desc(updatedAt))
    .limit(MAX_DRAFTS);
}

const MAX_DRAFTS = 50;

/** Stores a draft, or what is in it now; what it is based on stays. */
export async function storeDraft(query: Queries, draft: DraftRow): Promise<void> {
  const { design, updatedAt } = draft;
  await query
    .insert(templateDrafts)
    .values(draft)
    .onConflictDoUpdate({
      target: [templateDrafts.templateId, templateDrafts.adminId],
      set: { design, updatedAt },
    });
}

export async function rebaseDraft(query: Queries, key: DraftKey, basedOn: number): Promise<void> {
  await query.update(templateDrafts).set({ basedOn }).where(isOf(key));
}

export async function addDraftImages(query: Queries, key: DraftKey, images: readonly DraftImage[]): Promise<void> {
  const { templateId, adminId } = key;
  for (const image of images) await query.insert(templateDraftImages).values({ templateId, adminId, ...image });
}

export async function removeDraftImages(query: Queries, key: DraftKey, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await query.delete(templateDraftImages).where(and(imagesOf(key), eq(templateDraftImages.name, name)));
  }
}

export async function removeDraft(query: Queries, key: DraftKey): Promise<void> {
  await query.delete(templateDrafts).where(isOf(key));
}

export async function removeDraftsBefore(query: Queries, before: number): Promise<void> {
  await query.delete(templateDrafts).where(lt(templateDrafts.updatedAt, before));
}

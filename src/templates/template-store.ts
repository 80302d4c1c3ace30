import { createHash } from "node:crypto";
import { and, asc, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, prepared } from "../db/prepared.ts";
import { images, templateImages, templates, templateVersions } from "../db/schema.ts";
import { type Page, type PageRequest, pageOf } from "../page.ts";
import type { PassStyle, TemplateDefinition } from "./definition.ts";
import type { Locales } from "./locales.ts";

export type TemplateRow = typeof templates.$inferSelect;

/** One immutable version, with everything a pass of it needs. */
export interface TemplateVersion {
  readonly id: string;
  readonly accountId: string;
  readonly version: number;
  readonly createdAt: number;
  /** Who pushed it, in words; null where that was not noted. */
  readonly author: string | null;
  readonly definition: TemplateDefinition;
  readonly locales: Locales;
  /** File name → bytes, sorted by name. */
  readonly images: ReadonlyMap<string, Buffer>;
  /** Which of them were not given but made from a larger one. */
  readonly madeImages: readonly string[];
}

const templateById = prepared((query) =>
  query
    .select()
    .from(templates)
    .where(eq(templates.id, given("id")))
    .prepare(),
);

/** Also a deleted one. */
export async function findTemplate(query: Queries, id: string): Promise<TemplateRow | undefined> {
  return (await templateById(query).execute({ id }))[0];
}

export async function listTemplates(query: Queries, accountId: string, page: PageRequest): Promise<Page<TemplateRow>> {
  const rows = await query
    .select()
    .from(templates)
    .where(
      and(
        eq(templates.accountId, accountId),
        isNull(templates.deletedAt),
        page.after ? gt(templates.id, page.after) : undefined,
      ),
    )
    .orderBy(asc(templates.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => row.id);
}

/** What a list shows of a template. */
export interface TemplateSummary {
  readonly id: string;
  readonly name: string;
  readonly style: PassStyle;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** All of an account's, the oldest first. */
export async function templateSummaries(query: Queries, accountId: string): Promise<TemplateSummary[]> {
  const { id, name, createdAt, updatedAt } = templates;
  const style = sql<PassStyle>`json_extract(${templateVersions.definition}, '$.style')`;
  return query
    .select({ id, name, style, createdAt, updatedAt })
    .from(templates)
    .innerJoin(templateVersions, isCurrentVersion)
    .where(and(eq(templates.accountId, accountId), isNull(templates.deletedAt)))
    .orderBy(asc(createdAt), asc(id));
}

export async function markTemplateDeleted(query: Queries, id: string, now: number): Promise<void> {
  await query.update(templates).set({ deletedAt: now }).where(eq(templates.id, id));
}

const isCurrentVersion = and(
  eq(templateVersions.templateId, templates.id),
  eq(templateVersions.version, templates.currentVersion),
);

/** The pass types that current versions name, per account; null stands for templates that leave it to the account. */
export async function passTypesInUse(
  query: Queries,
): Promise<{ accountId: string; passTypeIdentifier: string | null }[]> {
  const named = sql<string | null>`json_extract(${templateVersions.definition}, '$.passTypeIdentifier')`;
  return query
    .selectDistinct({ accountId: templates.accountId, passTypeIdentifier: named })
    .from(templates)
    .innerJoin(templateVersions, isCurrentVersion)
    .where(isNull(templates.deletedAt));
}

/** A version in a list. */
export type VersionFacts = Pick<TemplateVersion, "version" | "createdAt" | "author">;

/** The newest first. */
export async function listVersions(query: Queries, templateId: string, page: PageRequest): Promise<Page<VersionFacts>> {
  const { version, createdAt, author } = templateVersions;
  const rows = await query
    .select({ version, createdAt, author })
    .from(templateVersions)
    .where(and(eq(templateVersions.templateId, templateId), page.after ? lt(version, Number(page.after)) : undefined))
    .orderBy(desc(version))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => String(row.version));
}

export async function loadVersion(
  query: Queries,
  template: TemplateRow,
  version: number,
): Promise<TemplateVersion | undefined> {
  const row = (
    await query
      .select()
      .from(templateVersions)
      .where(and(eq(templateVersions.templateId, template.id), eq(templateVersions.version, version)))
  )[0];
  if (!row) return undefined;
  const files = await query
    .select({ name: templateImages.name, bytes: images.bytes })
    .from(templateImages)
    .innerJoin(images, eq(images.sha256, templateImages.sha256))
    .where(and(eq(templateImages.templateId, template.id), eq(templateImages.version, version)))
    .orderBy(asc(templateImages.name));
  // Written by `insertVersion` below from a checked template.
  const { locales = {}, madeImages = [], ...definition } = JSON.parse(row.definition) as StoredDefinition;
  return {
    id: template.id,
    accountId: template.accountId,
    version,
    createdAt: row.createdAt,
    author: row.author,
    definition,
    locales,
    madeImages,
    images: new Map(files.map(({ name, bytes }) => [name, bytes])),
  };
}

/** The column `definition`: template.json and what of the rest of the folder is text. */
type StoredDefinition = TemplateDefinition & Partial<Pick<TemplateVersion, "locales" | "madeImages">>;

/** Adds a version and makes it the current one; the template itself is made where it does not exist. */
export async function insertVersion(query: Queries, next: TemplateVersion): Promise<void> {
  const { id, accountId, version, createdAt, author, definition } = next;
  const current = { name: definition.name, currentVersion: version, updatedAt: createdAt };
  await query
    .insert(templates)
    .values({ id, accountId, createdAt, ...current })
    .onConflictDoUpdate({ target: templates.id, set: current });
  const stored: StoredDefinition = {
    ...definition,
    ...(Object.keys(next.locales).length > 0 ? { locales: next.locales } : {}),
    ...(next.madeImages.length > 0 ? { madeImages: next.madeImages } : {}),
  };
  await query
    .insert(templateVersions)
    .values({ templateId: id, version, definition: JSON.stringify(stored), createdAt, author });
  for (const [name, bytes] of next.images) {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await query.insert(images).values({ sha256, bytes }).onConflictDoNothing();
    await query.insert(templateImages).values({ templateId: id, version, name, sha256 });
  }
}

import type { CertificateFacts, Finding } from "../apple/lint/finding.ts";
import type { Clock } from "../clock.ts";
import type { Database, Queries, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId, newTemplateId } from "../ids.ts";
import type { Page, PageRequest } from "../page.ts";
import { examineSource } from "./examine-source.ts";
import { isObject } from "./placeholders.ts";
import { sourceOf, type TemplateSource } from "./template-source.ts";
import {
  findTemplate,
  insertVersion,
  listTemplates,
  listVersions,
  loadVersion,
  markTemplateDeleted,
  type TemplateRow,
  type TemplateVersion,
  type VersionFacts,
} from "./template-store.ts";

export interface PushedTemplate {
  readonly id: string;
  readonly version: number;
  /** What will not show, or not everywhere. */
  readonly warnings: readonly Finding[];
}

export interface PushOptions {
  /** The version that the source was made from, where it matters whether there is another by now. */
  readonly basedOn?: number | undefined;
  /** Who does it, in words. */
  readonly author?: string | undefined;
}

export type Templates = ReturnType<typeof createTemplates>;

/** Versions that are kept in memory; they never change. */
const MAX_CACHED = 256;

export interface TemplateDependencies {
  readonly db: Database;
  readonly clock: Clock;
  /** What the certificate says that signs passes of that type; nothing while there is none of Apple's. */
  readonly certificateOf: (
    accountId: string,
    passTypeIdentifier: string | undefined,
  ) => Promise<CertificateFacts | undefined>;
  /** Jobs that must follow from a further version. */
  readonly afterPush: (tx: Transaction, template: { accountId: string; id: string; version: number }) => Promise<void>;
  /** Jobs that must follow from its end. */
  readonly afterDelete: (tx: Transaction, template: { accountId: string; id: string }) => Promise<void>;
}

/** A template that is there, with its current version. */
export interface LiveTemplate {
  readonly row: TemplateRow;
  readonly version: TemplateVersion;
}

/** Templates: pushing versions, and the current version of one. */
export function createTemplates({ db, clock, certificateOf, afterPush, afterDelete }: TemplateDependencies) {
  const cache = new Map<string, TemplateVersion>();

  async function findVersion(row: TemplateRow, version: number): Promise<TemplateVersion | undefined> {
    const key = `${row.id}@${version}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const found = await loadVersion(db.read, row, version);
    if (found && cache.size >= MAX_CACHED) cache.clear();
    if (found) cache.set(key, found);
    return found;
  }

  async function versionOf(row: TemplateRow): Promise<TemplateVersion> {
    const version = await findVersion(row, row.currentVersion);
    if (version) return version;
    throw new AppError("internal", `Version ${row.currentVersion} of template ${row.id} is missing.`);
  }

  async function versionNumbered(row: TemplateRow, version: number): Promise<TemplateVersion> {
    const found = Number.isSafeInteger(version) ? await findVersion(row, version) : undefined;
    if (found) return found;
    throw new AppError("not_found", `Template ${row.id} has no such version.`);
  }

  function signedBy(accountId: string, definition: unknown): Promise<CertificateFacts | undefined> {
    const named = isObject(definition) ? definition["passTypeIdentifier"] : undefined;
    return certificateOf(accountId, typeof named === "string" ? named : undefined);
  }

  async function liveRow(query: Queries, accountId: string, id: string): Promise<TemplateRow> {
    const row = await findTemplate(query, canonicalTemplateId(id));
    if (row?.accountId === accountId && row.deletedAt === null) return row;
    throw new AppError("not_found", `There is no template ${JSON.stringify(id)}.`);
  }

  /**
   * Stores a checked template as a new version, which all its passes move to. A template whose id is not known here
   * is made with that id, so that a folder means the same template on every server. Throws `invalid` with every problem, `conflict` when the id belongs to
   * another account, was deleted, or has another version by now.
   */
  async function push(
    accountId: string,
    source: TemplateSource,
    { basedOn, author }: PushOptions = {},
  ): Promise<PushedTemplate> {
    const { content, warnings } = await examineSource(
      source,
      clock.now(),
      await signedBy(accountId, source.definition),
    );
    const id = source.id === undefined ? newTemplateId() : canonicalTemplateId(source.id);
    if (!/^ptk_0x[0-9a-f]{1,16}$/.test(id)) {
      throw new AppError("invalid", "The template has problems:", {
        details: [
          {
            path: "id",
            message: `"${source.id}" is not a template id (ptk_0x and hex digits); leave it out for a new template`,
          },
        ],
      });
    }
    return db.transaction(async (tx) => {
      const row = await findTemplate(tx.query, id);
      if (row && row.accountId !== accountId) {
        throw new AppError("conflict", `The id ${id} is taken; leave "id" out of template.json for a new template.`);
      }
      if (row && row.deletedAt !== null) {
        throw new AppError(
          "conflict",
          `Template ${id} was deleted; leave "id" out of template.json for a new template.`,
        );
      }
      if (basedOn !== undefined && basedOn !== row?.currentVersion) {
        throw new AppError("conflict", `Template ${id} was changed by somebody else meanwhile; try again.`);
      }
      const version = (row?.currentVersion ?? 0) + 1;
      // A second later than the one before: `Last-Modified` of its passes has no finer grain.
      const createdAt = row ? Math.max(clock.now(), row.updatedAt + 1_000) : clock.now();
      await insertVersion(tx.query, { id, accountId, version, createdAt, author: author ?? null, ...content });
      if (row) await afterPush(tx, { id, accountId, version });
      return { id, version, warnings };
    });
  }

  return {
    list: (accountId: string, page: PageRequest) => listTemplates(db.read, accountId, page),

    /** Throws `not_found`, also for a template that was deleted or is another account's. */
    async find(accountId: string, id: string): Promise<LiveTemplate> {
      const row = await liveRow(db.read, accountId, id);
      return { row, version: await versionOf(row) };
    },

    /** The current version. Throws `not_found`, also for a template that was deleted or is another account's. */
    current: async (accountId: string, id: string): Promise<TemplateVersion> =>
      versionOf(await liveRow(db.read, accountId, id)),

    /** The version that a pass shows, also one of a template that was deleted. */
    async ofPass({ templateId }: { readonly templateId: string }): Promise<TemplateVersion> {
      const row = await findTemplate(db.read, templateId);
      if (row) return versionOf(row);
      throw new AppError("internal", `Template ${templateId} is missing.`);
    },

    /** Ends a template: it is gone at once, its passes follow. Throws `not_found`. */
    async remove(accountId: string, id: string): Promise<void> {
      await db.transaction(async (tx) => {
        const row = await liveRow(tx.query, accountId, id);
        await markTemplateDeleted(tx.query, row.id, clock.now());
        await afterDelete(tx, row);
      });
    },

    push,

    /** What the certificate says that will sign passes of a definition; nothing while there is none of Apple's. */
    signedBy,

    /** The newest first. Throws `not_found` as `find` does. */
    async versions(accountId: string, id: string, page: PageRequest): Promise<Page<VersionFacts>> {
      return listVersions(db.read, (await liveRow(db.read, accountId, id)).id, page);
    },

    /** Throws `not_found` where the template or that version of it is not there. */
    version: async (accountId: string, id: string, version: number): Promise<TemplateVersion> =>
      versionNumbered(await liveRow(db.read, accountId, id), version),

    /** Makes a new version with the content of an old one. Throws `not_found`, and what `push` throws. */
    async restore(accountId: string, id: string, version: number, author: string): Promise<PushedTemplate> {
      const row = await liveRow(db.read, accountId, id);
      const old = await versionNumbered(row, version);
      return push(accountId, sourceOf(old), { basedOn: row.currentVersion, author });
    },
  };
}

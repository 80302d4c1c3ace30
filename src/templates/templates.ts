import type { CertificateFacts, Finding } from "../apple/lint/finding.ts";
import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId, newTemplateId } from "../ids.ts";
import type { PageRequest } from "../page.ts";
import { examineSource } from "./examine-source.ts";
import { isObject } from "./placeholders.ts";
import type { TemplateSource } from "./template-source.ts";
import {
  findTemplate,
  insertVersion,
  listTemplates,
  loadVersion,
  type TemplateRow,
  type TemplateVersion,
} from "./template-store.ts";

export interface PushedTemplate {
  readonly id: string;
  readonly version: number;
  /** What will not show, or not everywhere. */
  readonly warnings: readonly Finding[];
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
}

/** Templates: pushing versions, and the current version of one. */
export function createTemplates({ db, clock, certificateOf, afterPush }: TemplateDependencies) {
  const cache = new Map<string, TemplateVersion>();

  async function versionOf(row: TemplateRow): Promise<TemplateVersion> {
    const key = `${row.id}@${row.currentVersion}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const version = await loadVersion(db.read, row);
    if (!version) throw new AppError("internal", `Version ${row.currentVersion} of template ${row.id} is missing.`);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, version);
    return version;
  }

  function signedBy(accountId: string, { definition }: TemplateSource): Promise<CertificateFacts | undefined> {
    const named = isObject(definition) ? definition["passTypeIdentifier"] : undefined;
    return certificateOf(accountId, typeof named === "string" ? named : undefined);
  }

  return {
    list: (accountId: string, page: PageRequest) => listTemplates(db.read, accountId, page),

    /** The current version. Throws `not_found`, also for another account's template. */
    async current(accountId: string, id: string): Promise<TemplateVersion> {
      const row = await findTemplate(db.read, canonicalTemplateId(id));
      if (row?.accountId === accountId) return versionOf(row);
      throw new AppError("not_found", `There is no template ${JSON.stringify(id)}.`);
    },

    /**
     * Stores a checked template as a new version, which all its passes move to. A template whose id is not known here
     * is made with that id, so that a folder means the same template on every server. Throws `invalid` with every
     * problem, `conflict` when the id belongs to another account.
     */
    async push(accountId: string, source: TemplateSource): Promise<PushedTemplate> {
      const { content, warnings } = await examineSource(source, clock.now(), await signedBy(accountId, source));
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
        const version = (row?.currentVersion ?? 0) + 1;
        // A second later than the one before: `Last-Modified` of its passes has no finer grain.
        const createdAt = row ? Math.max(clock.now(), row.updatedAt + 1_000) : clock.now();
        await insertVersion(tx.query, { id, accountId, version, createdAt, ...content });
        if (row) await afterPush(tx, { id, accountId, version });
        return { id, version, warnings };
      });
    },
  };
}

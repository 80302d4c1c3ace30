import { isDeepStrictEqual } from "node:util";
import type { ImageName } from "../../apple/image-sizes.ts";
import type { Clock } from "../../clock.ts";
import type { Database } from "../../db/database.ts";
import { AppError } from "../../errors.ts";
import { canonicalTemplateId, newTemplateId } from "../../ids.ts";
import type { Design } from "../design/design.ts";
import { type DesignedContent, readDesign } from "../design/read-design.ts";
import { withTranslations } from "../design/translatable.ts";
import { filesOf, type ImageSet } from "../design/uploaded-image.ts";
import { writeDesign } from "../design/write-design.ts";
import { sourceOf } from "../template-source.ts";
import type { PushedTemplate, Templates } from "../templates.ts";
import {
  addDraftImages,
  type DraftKey,
  draftImages,
  findDraft,
  listDrafts,
  rebaseDraft,
  removeDraft,
  removeDraftImages,
  removeDraftsBefore,
  storeDraft,
} from "./draft-store.ts";

/** What somebody is writing, with its images. */
export interface Draft extends ImageSet {
  readonly templateId: string;
  /** The version that it was made from; 0 for a template that is not there yet. */
  readonly basedOn: number;
  readonly design: Design;
  /** When it was stored; null while it is what the version says. */
  readonly storedAt: number | null;
}

export interface DraftDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
}

export type Drafts = ReturnType<typeof createDrafts>;

/** Long after anybody remembers what they were about to change. */
const KEPT_MS = 90 * 86_400_000;

/**
 * What people write in the designer before they save it. It is stored with every change, so that nothing is lost by a
 * reload, a closed window or a colleague who was faster; each person has their own.
 */
export function createDrafts({ db, clock, templates }: DraftDependencies) {
  /** The person's draft, or the version of the template that they begin with: the one they saw, else the current one. */
  async function open(key: DraftKey, seen?: number): Promise<Draft> {
    const templateId = canonicalTemplateId(key.templateId);
    const row = await findDraft(db.read, { ...key, templateId });
    if (row) {
      const images = await draftImages(db.read, row);
      return {
        templateId,
        basedOn: row.basedOn,
        // Written by `store` below.
        design: JSON.parse(row.design) as Design,
        images: new Map(images.map(({ name, bytes }) => [name, bytes])),
        made: images.filter(({ made }) => made).map(({ name }) => name),
        storedAt: row.updatedAt,
      };
    }
    const version = seen
      ? await templates.version(key.accountId, templateId, seen)
      : await templates.current(key.accountId, templateId);
    const { images, madeImages } = version;
    const design = withTranslations(readDesign(version));
    return { templateId: version.id, basedOn: version.version, design, images, made: madeImages, storedAt: null };
  }

  /** Stores what is in a draft now; the images of one that was not stored before go along. */
  async function store(key: DraftKey, draft: Draft, change: Partial<Pick<Draft, "design" | "images" | "made">>) {
    const { templateId, basedOn } = draft;
    const own = { ...key, templateId };
    const { images = draft.images, made = draft.made, design = draft.design } = change;
    const isNew = draft.storedAt === null;
    const gone = isNew ? [] : [...draft.images.keys()].filter((name) => draft.images.get(name) !== images.get(name));
    const added = [...images].filter(([name, bytes]) => isNew || draft.images.get(name) !== bytes);
    const row = { ...own, basedOn, design: JSON.stringify(design), updatedAt: clock.now() };
    await db.transaction(async ({ query }) => {
      // Another window of the same person may have stored it first, with its images.
      const isFirst = isNew && !(await findDraft(query, own));
      await storeDraft(query, row);
      await removeDraftsBefore(query, row.updatedAt - KEPT_MS);
      if (isNew && !isFirst) return;
      await removeDraftImages(query, own, gone);
      await addDraftImages(
        query,
        own,
        added.map(([name, bytes]) => ({ name, bytes, made: made.includes(name) })),
      );
    });
  }

  return {
    open,

    list: (accountId: string, adminId: string) => listDrafts(db.read, accountId, adminId),

    /** Begins a template that is not there yet. Answers the id that it will have. */
    async begin(owner: Omit<DraftKey, "templateId">, content: DesignedContent, images: ImageSet): Promise<string> {
      const templateId = newTemplateId();
      const draft: Draft = { templateId, basedOn: 0, design: readDesign(content), ...images, storedAt: null };
      await store({ ...owner, templateId }, draft, {});
      return templateId;
    },

    async write(key: DraftKey, draft: Draft, design: Design): Promise<void> {
      await store(key, draft, { design: withTranslations(design) });
    },

    /** Puts an image in the place of the one that was there, in all densities; none takes it away. */
    async setImage(key: DraftKey, draft: Draft, name: ImageName, taken: ImageSet | undefined): Promise<Draft> {
      const former = filesOf(draft.images, name);
      const others = [...draft.images].filter(([file]) => !former.includes(file));
      const images = new Map([...others, ...(taken?.images ?? [])]);
      const made = [...draft.made.filter((file) => !former.includes(file)), ...(taken?.made ?? [])];
      await store(key, draft, { images, made });
      return { ...draft, images, made, storedAt: draft.storedAt ?? clock.now() };
    },

    /**
     * Saves a draft as the next version of its template, where it differs from the present one, and forgets it. Throws `conflict` where somebody saved another
     * version meanwhile, and `invalid` with every problem.
     */
    async publish(key: DraftKey, author: string): Promise<PushedTemplate> {
      const draft = await open(key);
      const { definition, locales, problems } = writeDesign(draft.design);
      if (problems.length > 0) throw new AppError("invalid", "The template has problems:", { details: problems });
      const { templateId, basedOn, images, made } = draft;
      const given = new Map([...images].filter(([name]) => !made.includes(name)));
      const source = { id: templateId, definition, locales: new Map(Object.entries(locales)), images: given };
      const isSame =
        basedOn > 0 && isDeepStrictEqual(source, sourceOf(await templates.current(key.accountId, templateId)));
      const pushed = isSame
        ? { id: templateId, version: basedOn, warnings: [] }
        : await templates.push(key.accountId, source, { basedOn: basedOn || undefined, author });
      await db.transaction(({ query }) => removeDraft(query, { ...key, templateId }));
      return pushed;
    },

    /** Takes the version that is there now as what the draft was made from: saving it takes that one's place. */
    async rebase(key: DraftKey): Promise<void> {
      const { version } = await templates.current(key.accountId, key.templateId);
      await db.transaction(({ query }) => rebaseDraft(query, key, version));
    },

    discard: (key: DraftKey): Promise<void> => db.transaction(({ query }) => removeDraft(query, key)),
  };
}

import type { LocaleSource } from "./locales.ts";
import type { TemplateVersion } from "./template-store.ts";

/** A template as it was read from a folder or an upload, not yet checked. */
export interface TemplateSource {
  /** The id that `template.json` names, where it names one. */
  readonly id?: string | undefined;
  readonly definition: unknown;
  readonly images: ReadonlyMap<string, Buffer>;
  readonly locales?: LocaleSource | undefined;
}

/** What a version was pushed from: images that were made stay out, for they are made again. */
export const sourceOf = ({ id, definition, locales, images, madeImages }: TemplateVersion): TemplateSource => ({
  id,
  definition,
  locales: new Map(Object.entries(locales)),
  images: new Map([...images].filter(([name]) => !madeImages.includes(name))),
});

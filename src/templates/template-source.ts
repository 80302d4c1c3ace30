import type { LocaleSource } from "./locales.ts";

/** A template as it was read from a folder or an upload, not yet checked. */
export interface TemplateSource {
  /** The id that `template.json` names, where it names one. */
  readonly id?: string | undefined;
  readonly definition: unknown;
  readonly images: ReadonlyMap<string, Buffer>;
  readonly locales?: LocaleSource | undefined;
}

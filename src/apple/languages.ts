/** What `fr.lproj` is called by: language, then script, then region (Apple: "Localizing a pass"; `fr`, `zh-Hans`, `pt-BR`). */
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/;

/** Without a fallback, so that a language that does not exist has no name. */
const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** Whether a phone can be set to this language. `jp` and `uk-ua` are not languages; `ja` and `uk-UA` are. */
export function isLanguage(code: string): boolean {
  return LANGUAGE.test(code) && names.of(code.split("-")[0] ?? "") !== undefined;
}

export const NOT_A_LANGUAGE = "is not a language code such as fr, pt-BR or zh-Hans";

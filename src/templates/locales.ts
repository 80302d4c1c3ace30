import { isLanguage, NOT_A_LANGUAGE } from "../apple/languages.ts";
import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../errors.ts";
import { isObject, type Json, placeholdersIn } from "./placeholders.ts";

/** Language → text of the pass → how that language says it. Both texts may hold placeholders. */
export type Locales = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Languages as they were read: `fr` → what `locales/fr.json` holds. */
export type LocaleSource = ReadonlyMap<string, unknown>;

/**
 * Checks the languages of a template; `known` are the names that placeholders may have. Apple refuses a pass whose
 * languages have different keys, so each one that is missing is a problem of its own.
 */
export function checkLocales(source: LocaleSource, known: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const keysOf = new Map<string, ReadonlySet<string>>();
  for (const [language, texts] of source) {
    const path = localePath(language);
    if (!isLanguage(language)) problems.push({ path, message: NOT_A_LANGUAGE });
    if (!isObject(texts as Json)) {
      problems.push({ path, message: 'must be an object such as {"Points": "Punkte"}' });
      continue;
    }
    const entries = Object.entries(texts as Readonly<Record<string, unknown>>);
    keysOf.set(language, new Set(entries.map(([key]) => key)));
    for (const [key, text] of entries) {
      if (key === "") problems.push({ path, message: "has a key that is empty" });
      if (typeof text === "string") problems.push(...checkPlaceholders(key, text, path, known));
      else problems.push({ path, message: `${JSON.stringify(key)} must be text` });
    }
  }
  return [...problems, ...missingKeys(keysOf)];
}

/** What `checkLocales` found nothing wrong with. */
export const checkedLocales = (source: LocaleSource): Locales => Object.fromEntries(source) as Locales;

const localePath = (language: string): string => `locales/${language}.json`;

function checkPlaceholders(key: string, text: string, path: string, known: readonly string[]): Problem[] {
  return [...placeholdersIn(key, path), ...placeholdersIn(text, path)]
    .filter(({ name }) => !known.includes(name))
    .map(({ name }) => ({
      path,
      message: `${JSON.stringify(key)}: {{${name}}} is neither a field of this template nor built in${didYouMean(name, known)}`,
    }));
}

function missingKeys(keysOf: ReadonlyMap<string, ReadonlySet<string>>): Problem[] {
  const every = new Set([...keysOf.values()].flatMap((keys) => [...keys]));
  const problems: Problem[] = [];
  for (const [language, keys] of keysOf) {
    for (const key of every) {
      if (keys.has(key)) continue;
      const other = [...keysOf].find(([, others]) => others.has(key))?.[0] ?? "";
      problems.push({
        path: localePath(language),
        message: `${JSON.stringify(key)} is missing: ${localePath(other)} has it, and every language needs the same keys`,
      });
    }
  }
  return problems;
}

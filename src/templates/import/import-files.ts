import { parseImageName } from "../../apple/images.ts";
import { isLanguage } from "../../apple/languages.ts";
import { parseStrings } from "../../apple/strings-file.ts";
import { messageOf } from "../../errors.ts";
import type { Locales } from "../locales.ts";

/** Made anew for each pass, from the rest of the template. */
const MADE_ANEW = ["pass.json", "personalization.json", "manifest.json", "signature"];

/** The images and languages of a pass; what a template has no place for is left out with a note. */
export function importFiles(
  files: ReadonlyMap<string, Buffer>,
  notes: string[],
): { images: ReadonlyMap<string, Buffer>; locales: Locales } {
  const images = new Map<string, Buffer>();
  const texts = new Map<string, ReadonlyMap<string, string>>();
  for (const [file, bytes] of files) {
    if (MADE_ANEW.includes(file)) continue;
    const name = withLanguageCode(file);
    const language = /^([^/]+)\.lproj\//.exec(name)?.[1];
    if (language !== undefined && !isLanguage(language)) {
      notes.push(`${file} was left out: ${language} is not a language code.`);
    } else if (name === `${language}.lproj/pass.strings`) {
      readTexts(file, bytes, language ?? "", texts, notes);
    } else if (parseImageName(name)) {
      images.set(name, bytes);
    } else {
      notes.push(`${file} was left out: a template has no place for it.`);
    }
  }
  return { images, locales: withEveryKey(texts, notes) };
}

/** `fr_FR.lproj`, as iOS named folders once, is `fr-FR.lproj` today. */
const withLanguageCode = (file: string): string => file.replace(/^([a-z]{2,3})_([A-Za-z]+\.lproj\/)/, "$1-$2");

function readTexts(
  file: string,
  bytes: Buffer,
  language: string,
  texts: Map<string, ReadonlyMap<string, string>>,
  notes: string[],
): void {
  try {
    texts.set(language, parseStrings(bytes));
  } catch (error) {
    notes.push(`${file} was left out: ${messageOf(error)}`);
  }
}

/** Where a language lacks a text, phones show the key: so that is its text. */
function withEveryKey(texts: ReadonlyMap<string, ReadonlyMap<string, string>>, notes: string[]): Locales {
  const keys = new Set([...texts.values()].flatMap((own) => [...own.keys()]));
  const locales: Record<string, Record<string, string>> = {};
  for (const [language, own] of texts) {
    const missing = [...keys].filter((key) => !own.has(key));
    if (missing.length > 0) {
      notes.push(
        `${language} lacked ${missing.map((key) => JSON.stringify(key)).join(", ")}: each is its own text now.`,
      );
    }
    locales[language] = Object.fromEntries([...own, ...missing.map((key) => [key, key] as const)]);
  }
  return locales;
}

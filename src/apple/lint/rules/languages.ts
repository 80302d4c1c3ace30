import { isLanguage, NOT_A_LANGUAGE } from "../../languages.ts";
import type { Problem } from "../finding.ts";
import type { PassInput } from "../pass-input.ts";
import { passRule } from "../rule.ts";
import { listing, show } from "../words.ts";

/** Apple lists unequal languages among the reasons for a pass that does not load. */
export const equalLanguages = passRule({
  id: "APL406",
  severity: "error",
  summary: "languages with unequal sets of keys, or of image densities",
  effect: "missing text; on Apple's list of failures",
  mark: "documented",
  *check(input) {
    yield* unequalKeys(input);
    yield* unequalImages(input);
  },
});

function* unequalKeys({ context, images }: PassInput): Iterable<Problem> {
  const { locales, brokenStrings } = context;
  const all = new Set([...locales.values()].flatMap((strings) => [...(strings?.keys() ?? [])]));
  if (all.size === 0) return;
  for (const [language, strings] of locales) {
    if (!strings || strings.size === all.size) continue;
    const lacking = someOf(all, all.size - strings.size, (key) => !strings.has(key));
    yield { path: `${language}.lproj/pass.strings`, message: `lacks ${lacking}, which other languages have` };
  }
  const languages = new Set(images.flatMap(({ language }) => language ?? []));
  for (const language of languages) {
    if (locales.has(language) || brokenStrings?.has(language)) continue;
    yield {
      path: `${language}.lproj/pass.strings`,
      message: `is missing, and other languages have texts for ${someOf(all, all.size)}`,
    };
  }
}

function* unequalImages({ context, images }: PassInput): Iterable<Problem> {
  const localized = images.filter(({ language }) => language !== undefined);
  const languages = new Set([...localized.map(({ language }) => language), ...context.locales.keys()]);
  const variants = new Set(localized.map(({ name, scale }) => `${name}${scale === 1 ? "" : `@${scale}x`}.png`));
  for (const variant of variants) {
    for (const language of languages) {
      const file = `${language}.lproj/${variant}`;
      if (!context.images.has(file)) yield { path: file, message: `is missing: another language has ${variant}` };
    }
  }
}

/** The first three and how many more; never the whole of a long list. */
function someOf(keys: Iterable<string>, count: number, counts: (key: string) => boolean = () => true): string {
  const shown: string[] = [];
  for (const key of keys) {
    if (counts(key)) shown.push(show(key));
    if (shown.length === 3) break;
  }
  return count > 3 ? `${shown.join(", ")} and ${count - 3} more` : listing(shown);
}

/** A phone looks for the folder of its language by name. */
export const languageFolders = passRule({
  id: "APL407",
  severity: "error",
  summary: "pass.strings with a syntax fault, or a folder with a wrong language code",
  effect: "language ignored, or pass refused",
  mark: "documented",
  *check({ context, images }) {
    const { locales, brokenStrings } = context;
    for (const [language, fault] of brokenStrings ?? [])
      yield { path: `${language}.lproj/pass.strings`, message: fault };
    const languages = new Set([
      ...locales.keys(),
      ...(brokenStrings?.keys() ?? []),
      ...images.flatMap(({ language }) => language ?? []),
    ]);
    for (const language of languages) {
      if (!isLanguage(language)) {
        yield {
          path: `${language}.lproj`,
          message: `${NOT_A_LANGUAGE}; no phone looks for this folder`,
        };
      }
    }
  },
});

import type { TemplateDefinition } from "../templates/definition.ts";
import type { Locales } from "../templates/locales.ts";
import { fillPlaceholders, isObject, type Json, type Lookup } from "../templates/placeholders.ts";
import { writeStrings } from "./strings-file.ts";

/** The `pass.strings` files of a template version. */
export interface LocalisedTexts {
  /** The ones that every pass has alike; file name → bytes. */
  readonly constant: ReadonlyMap<string, Buffer>;
  /** The ones that hold values of a pass; absent where there are none. */
  readonly ofPass?: (lookUp: Lookup) => ReadonlyMap<string, Buffer>;
}

type Texts = readonly (readonly [key: string, text: string])[];

export function prepareTexts(definition: TemplateDefinition, locales: Locales): LocalisedTexts {
  const languages = Object.entries(locales).map(([language, texts]) => ({
    file: `${language}.lproj/pass.strings`,
    texts: Object.entries(texts),
  }));
  const filled = languages.filter(({ texts }) => texts.flat().some((text) => text.includes("{{")));
  const constant = new Map(
    languages.filter((language) => !filled.includes(language)).map(({ file, texts }) => [file, writeStrings(texts)]),
  );
  if (filled.length === 0) return { constant };
  // The definition was parsed from JSON.
  const markup = textsOfMarkup(definition.pass as Record<string, Json>);
  return {
    constant,
    ofPass: (lookUp) => new Map(filled.map(({ file, texts }) => [file, writeStrings(fill(texts, markup, lookUp))])),
  };
}

/** What one language says on a pass: text of pass.json → text that is shown in its place. */
export function textsOfPass(
  definition: TemplateDefinition,
  texts: Locales[string],
  lookUp: Lookup,
): ReadonlyMap<string, string> {
  // The definition was parsed from JSON.
  return fill(Object.entries(texts), textsOfMarkup(definition.pass as Record<string, Json>), lookUp);
}

/**
 * The lines with the values of a pass. A key is what stands in pass.json, so it is filled as that is; a text that
 * becomes markup has its values escaped as there.
 */
function fill(texts: Texts, markup: ReadonlySet<string>, lookUp: Lookup): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [key, text] of texts) {
    const place = markup.has(key) ? "attributedValue" : "";
    const filledKey = fillText(key, lookUp, place);
    // Without values nothing of that text stands in pass.json. Two keys that became one cannot both be meant.
    if (filledKey !== "" && !lines.has(filledKey)) lines.set(filledKey, fillText(text, lookUp, place));
  }
  return lines;
}

const fillText = (text: string, lookUp: Lookup, place: string): string =>
  String(fillPlaceholders(text, lookUp, place) ?? "");

/** Texts that stand at `attributedValue`, the one key that is markup. */
function textsOfMarkup(tree: Json, key = ""): ReadonlySet<string> {
  if (typeof tree === "string") return new Set(key === "attributedValue" ? [tree] : []);
  const children = Array.isArray(tree)
    ? tree.map((item) => textsOfMarkup(item, key))
    : isObject(tree)
      ? Object.entries(tree).map(([name, value]) => textsOfMarkup(value, name))
      : [];
  return new Set(children.flatMap((texts) => [...texts]));
}

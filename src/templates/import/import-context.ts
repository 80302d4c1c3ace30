import { isObject, type Json } from "../placeholders.ts";
import type { GuessedFields } from "./guess-field.ts";

/** What is known while a pass is imported. */
export interface ImportContext {
  readonly fields: GuessedFields;
  /** Texts that the pass translates: they are no values of anybody. */
  readonly translated: ReadonlySet<string>;
  /** Makes placeholders of the pass's own serial number and link in a text. */
  readonly ownTexts: (text: string) => string;
  /** What a person should know, in plain words. */
  readonly notes: string[];
}

/** A tree with each of its texts changed; `path` is where the tree stands. */
export function mapTexts(tree: Json, path: string, change: (text: string, path: string) => string): Json {
  if (typeof tree === "string") return change(tree, path);
  if (Array.isArray(tree)) return tree.map((item, i) => mapTexts(item, `${path}.${i}`, change));
  if (!isObject(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, mapTexts(item, `${path}.${key}`, change)]));
}

/** Semantics and dates of relevance repeat what the pass shows; where they do, they follow that field. */
export function followFields(tree: Json, path: string, { fields, ownTexts, notes }: ImportContext): Json {
  return mapTexts(tree, path, (text, at) => {
    const field = fields.withValue(text, at.startsWith("relevant") ? "date" : undefined);
    if (!field) return ownTexts(text);
    notes.push(`${at} is the same as ${field.from} and follows the field ${field.name}.`);
    return `{{${field.name}}}`;
  });
}

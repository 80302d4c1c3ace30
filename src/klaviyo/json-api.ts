import { isObject, type Json } from "../templates/placeholders.ts";

/** Reading the answers of a JSON:API without believing in their shape. */

/** A value inside of an answer; nothing where the way does not exist. */
export function at(value: Json | undefined, ...way: readonly string[]): Json | undefined {
  return way.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

export function listAt(value: Json | undefined, ...way: readonly string[]): readonly Json[] {
  const list = at(value, ...way);
  return Array.isArray(list) ? list : [];
}

export const textAt = (value: Json | undefined, ...way: readonly string[]): string | undefined => {
  const text = at(value, ...way);
  return typeof text === "string" ? text : undefined;
};

/** The cursor of the next page. The address itself is not followed: a key goes to one host only. */
export function nextCursor(body: Json): string | undefined {
  const next = textAt(body, "links", "next");
  return next && URL.canParse(next) ? (new URL(next).searchParams.get("page[cursor]") ?? undefined) : undefined;
}

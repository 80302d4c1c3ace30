/** Any JSON value, as `JSON.parse` gives it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Names that every template can use besides its own fields. */
export const BUILT_IN_NAMES = ["serial", "url", "recipient.name", "recipient.email", "issued-at"] as const;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;
const WHOLE = /^\s*\{\{\s*([^{}]*?)\s*\}\}\s*$/;

/** Every placeholder of a tree, with the path it stands at. */
export function placeholdersIn(tree: Json, path: string): { name: string; path: string }[] {
  if (typeof tree === "string") return [...tree.matchAll(PLACEHOLDER)].map((match) => ({ name: match[1] ?? "", path }));
  if (Array.isArray(tree)) return tree.flatMap((item, i) => placeholdersIn(item, `${path}.${i}`));
  if (isObject(tree)) return Object.entries(tree).flatMap(([key, value]) => placeholdersIn(value, `${path}.${key}`));
  return [];
}

/** The same tree with other names in its placeholders. */
export function renamePlaceholders<Tree extends Json>(tree: Tree, names: ReadonlyMap<string, string>): Tree {
  // In JSON, two opening braces stand next to each other in texts only.
  const text = JSON.stringify(tree).replace(PLACEHOLDER, (placeholder, name: string) => {
    const other = names.get(name);
    return other === undefined ? placeholder : placeholder.replace(name, other);
  });
  return JSON.parse(text);
}

/** The value of a name at a key of the tree; `key` is the object key that the text stands at. */
export type Lookup = (name: string, key: string) => string | number | boolean | undefined;

/**
 * Puts values into a tree. A string that is one whole placeholder becomes the value in its own type; elsewhere values
 * are text. Where a placeholder has no value, its key or list entry is left out, and so is text that is empty without.
 */
export function fillPlaceholders(tree: Json, lookUp: Lookup, key = ""): Json | undefined {
  if (typeof tree === "string") {
    if (!tree.includes("{{")) return tree;
    const whole = WHOLE.exec(tree);
    if (whole) return lookUp(whole[1] ?? "", key);
    const text = tree.replace(PLACEHOLDER, (_, name: string) => String(lookUp(name, key) ?? ""));
    return text.trim() === "" ? undefined : text;
  }
  if (Array.isArray(tree)) {
    return tree.map((item) => fillPlaceholders(item, lookUp, key)).filter((item) => item !== undefined);
  }
  if (isObject(tree)) {
    const filled: Record<string, Json> = {};
    for (const name in tree) {
      const value = fillPlaceholders(tree[name] ?? null, lookUp, name);
      if (value !== undefined) filled[name] = value;
    }
    return filled;
  }
  return tree;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

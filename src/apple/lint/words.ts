const LONGEST = 60;

/** A value as a message shows it: short, and never able to fill a screen. */
export function show(value: unknown): string {
  if (typeof value === "string") return `"${value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value}"`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** `the text "5"`, `the number 5`, `a list`. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return `the text ${show(value)}`;
  if (typeof value === "number") return `the number ${value}`;
  return show(value);
}

/** `a, b and c`. */
export const listing = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

/** A number that Klaviyo keeps as a float even when it is whole. */
export class Float {
  constructor(readonly value: number) {}
}

/** A value as a Django template prints it; undefined is a variable that does not exist. */
export function printed(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  // Documented: floats "with just one decimal place".
  if (value instanceof Float) return value.value.toFixed(1);
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(1);
  return repr(value);
}

/** Python's `repr`, in which objects and lists are printed. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return quoted(value);
  if (value instanceof Float) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${quoted(key)}: ${repr(inner)}`)
    .join(", ")}}`;
}

function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  if (!text.includes("'")) return `'${escaped}'`;
  return text.includes('"') ? `'${escaped.replaceAll("'", "\\'")}'` : `"${escaped}"`;
}

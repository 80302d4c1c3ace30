/** Reads a value of a record; undefined where the path leads nowhere. */
export type ReadPath = (record: unknown) => unknown;

const STEP = /\[(?:'([^']*)'|"([^"]*)"|(\d+))\]|\.([A-Za-z_][\w-]*)/y;

/**
 * Compiles a path such as `$['decision']['id']` or `$.decision.id`; undefined for what is no path, and for wildcards,
 * which are not modelled.
 */
export function compilePath(path: string): ReadPath | undefined {
  if (!path.startsWith("$")) return undefined;
  const keys: string[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const step = STEP.exec(path);
    if (step === null) return undefined;
    keys.push(step[1] ?? step[2] ?? step[3] ?? step[4] ?? "");
  }
  if (keys.length === 0) return undefined;
  return (record) => {
    let value = record;
    for (const key of keys) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[key];
    }
    return value;
  };
}

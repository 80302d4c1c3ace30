import { invalidParameter } from "./errors.ts";

type Operator = "equals" | "any" | "greater-than" | "greater-or-equal" | "less-than" | "less-or-equal";

/** Fields that an operation can filter by, with their operators, as its OpenAPI document lists them. */
export type FilterRules = Readonly<Record<string, readonly Operator[]>>;

export interface Condition {
  readonly operator: Operator;
  readonly field: string;
  /** One, but for `any`. */
  readonly values: readonly string[];
}

const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/.source;
const BARE = /[^,()[\]"']+/.source;
const VALUE = `${TEXT}|${BARE}`;
const CONDITION = new RegExp(
  `\\s*(?<operator>[a-z-]+)\\((?<field>[\\w.]+),(?:\\[(?<list>(?:${VALUE})(?:,(?:${VALUE}))*)\\]|(?<value>${VALUE}))\\)\\s*`,
  "y",
);

/** Reads `equals(a,"x"),greater-than(b,2026-01-01T00:00:00Z)`, also wrapped in `and(…)`. */
export function parseFilter(filter: string | null, rules: FilterRules): readonly Condition[] {
  if (filter === null) return [];
  const text = /^and\((.*)\)$/s.exec(filter)?.[1] ?? filter;
  const conditions: Condition[] = [];
  CONDITION.lastIndex = 0;
  for (;;) {
    const groups = CONDITION.exec(text)?.groups;
    const operator = rules[groups?.["field"] ?? ""]?.find((name) => name === groups?.["operator"]);
    if (groups === undefined || operator === undefined || (groups["list"] === undefined) === (operator === "any")) {
      throw invalidParameter("filter", `Invalid filter provided: ${filter}`);
    }
    const values = [...(groups["list"] ?? groups["value"] ?? "").matchAll(new RegExp(VALUE, "g"))];
    conditions.push({
      operator,
      field: groups["field"] ?? "",
      values: values.map(([value]) => unquoted(value.trim())),
    });
    if (CONDITION.lastIndex === text.length) return conditions;
    if (text[CONDITION.lastIndex] !== ",") throw invalidParameter("filter", `Invalid filter provided: ${filter}`);
    CONDITION.lastIndex += 1;
  }
}

function unquoted(value: string): string {
  return /^["']/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
}

/** Whether an item fulfils every condition; times are compared as numbers, given as seconds or as date-times. */
export function fulfils(conditions: readonly Condition[], read: (field: string) => string | number | null): boolean {
  return conditions.every(({ operator, field, values }) => {
    const actual = read(field);
    const wanted = values[0] ?? "";
    switch (operator) {
      case "equals":
      case "any":
        return actual !== null && values.includes(String(actual));
      case "greater-than":
        return quantity(actual) > quantity(wanted);
      case "greater-or-equal":
        return quantity(actual) >= quantity(wanted);
      case "less-than":
        return quantity(actual) < quantity(wanted);
      case "less-or-equal":
        return quantity(actual) <= quantity(wanted);
      default:
        return operator satisfies never;
    }
  });
}

function quantity(value: string | number | null): number {
  if (typeof value === "number") return value;
  const text = value ?? "";
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1_000;
}

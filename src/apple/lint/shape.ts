import { KindGuard, type TSchema } from "@sinclair/typebox";
import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors";
import { Value } from "@sinclair/typebox/value";
import { kindOf, marksOf, type RuleId } from "../format/schema.ts";
import { describeValue } from "./words.ts";

/** One place where a value does not fit its schema. */
export interface ShapeProblem {
  readonly rule: RuleId;
  readonly fault: "missing" | "type" | "value" | "unknown";
  /** `pass.storeCard.primaryFields.0.key`. */
  readonly path: string;
  readonly value: unknown;
  /** Of the value; of the object where the key is unknown. */
  readonly schema: TSchema;
}

export type Shape = ReadonlyMap<RuleId, readonly ShapeProblem[]>;

/** Nobody reads more, and a hostile file could bring millions. */
const MOST = 200;

const FITS: Shape = new Map();

/**
 * Holds a value against a schema; problems come grouped by the rule they break. What fits costs microseconds, and only
 * what does not is walked through for its problems. The schema is interpreted: compiled, pass.json is a megabyte of code
 * that takes longer to make than it saves over ten thousand passes.
 */
export function shapeOf(schema: TSchema, root: string, value: unknown): Shape {
  if (Value.Check(schema, value)) return FITS;
  const byRule = new Map<RuleId, ShapeProblem[]>();
  const seen = new Set<string>();
  for (const error of Value.Errors(schema, value)) {
    // The first error at a path says it all: a missing key is also no text, an empty text also too short.
    if (seen.has(error.path)) continue;
    seen.add(error.path);
    const problem = problemOf(error, root);
    byRule.set(problem.rule, [...(byRule.get(problem.rule) ?? []), problem]);
    if (seen.size >= MOST) break;
  }
  return byRule;
}

function problemOf(error: ValueError, root: string): ShapeProblem {
  const { schema, value } = error;
  const path = root + error.path.replace(/\/([^/]*)/g, (_, key: string) => `.${unescapePointer(key)}`);
  const fault = faultOf(error);
  return { rule: ruleOf(fault, schema, path), fault, path, value, schema };
}

/** RFC 6901, section 4. */
const unescapePointer = (key: string): string => key.replaceAll("~1", "/").replaceAll("~0", "~");

function faultOf({ type, schema, value }: ValueError): ShapeProblem["fault"] {
  switch (type) {
    case ValueErrorType.ObjectRequiredProperty:
      return "missing";
    case ValueErrorType.ObjectAdditionalProperties:
      return "unknown";
    case ValueErrorType.StringMinLength:
      return value === "" ? "missing" : "value";
    case ValueErrorType.Literal:
      return typeof value === typeof schema["const"] ? "value" : "type";
    case ValueErrorType.Union:
      return constantsOf(schema)?.some((constant) => typeof constant === typeof value) ? "value" : "type";
    case ValueErrorType.Integer:
      return typeof value === "number" ? "value" : "type";
    case ValueErrorType.String:
    case ValueErrorType.Number:
    case ValueErrorType.Boolean:
    case ValueErrorType.Object:
    case ValueErrorType.Array:
      return "type";
    default:
      return "value";
  }
}

function ruleOf(fault: ShapeProblem["fault"], schema: TSchema, path: string): RuleId {
  if (fault === "unknown") return "APL105";
  const marked = marksOf(schema)[fault];
  if (marked) return marked;
  if (fault === "missing") return "APL102";
  return fault === "type" && path.includes(".semantics") ? "APL501" : "APL104";
}

/** The values of a union of constants. */
export function constantsOf(schema: TSchema): readonly unknown[] | undefined {
  if (KindGuard.IsLiteral(schema)) return [schema.const];
  if (!KindGuard.IsUnion(schema) || !schema.anyOf.every(KindGuard.IsLiteral)) return undefined;
  return schema.anyOf.map((choice) => choice["const"]);
}

/** What a schema asks for, in words. */
export function expected(schema: TSchema): string {
  const constants = constantsOf(schema);
  if (constants?.length === 1) return JSON.stringify(constants[0]);
  if (constants) return `one of ${constants.join(", ")}`;
  if (kindOf(schema) === "date") return "a date with time and zone, such as 2026-11-21T18:30+01:00";
  if (kindOf(schema) === "colour") return "a colour, such as rgb(255, 136, 0)";
  if (KindGuard.IsString(schema)) return "text in quotes";
  if (KindGuard.IsInteger(schema)) return `a whole number${range(schema)}`;
  if (KindGuard.IsNumber(schema)) return `a number${range(schema)}`;
  if (KindGuard.IsBoolean(schema)) return "true or false";
  if (KindGuard.IsArray(schema)) return "a list [ … ]";
  if (KindGuard.IsObject(schema)) return "an object { … }";
  return "text or a number";
}

const range = ({ minimum, maximum }: { minimum?: number; maximum?: number }): string =>
  minimum === undefined || maximum === undefined ? "" : ` from ${minimum} to ${maximum}`;

/** `must be a number, not the text "5"; write it without quotes`. */
export function mismatch({ schema, value }: ShapeProblem): string {
  const quoted =
    typeof value === "string" && !KindGuard.IsString(schema) && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(value.trim());
  const literal = quoted && value.trim() === expected(schema);
  const fits =
    literal || (quoted && (KindGuard.IsNumber(schema) || KindGuard.IsInteger(schema) || KindGuard.IsBoolean(schema)));
  return `must be ${expected(schema)}, not ${describeValue(value)}${fits ? "; write it without quotes" : ""}`;
}

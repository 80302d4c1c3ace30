import { formatSecond, parseInstant } from "../instants.ts";
import type { SchemaProperty } from "./bodies.ts";
import type { RecordProblem } from "./ingestion-log.ts";
import { compilePath, type ReadPath } from "./json-path.ts";
import type { FakeObjectSchema, FakeSourceMapping } from "./object-model.ts";

const MAX_PROPERTY_BYTES = 2_000;
const MAX_RECORD_BYTES = 8_000;

type RecordProperties = Readonly<Record<string, unknown>>;

export interface Judged {
  readonly recordId: string | undefined;
  /** By the schema's names; complete, so that what is not sent is lost. */
  readonly properties: RecordProperties;
  readonly problems: readonly RecordProblem[];
}

const paths = new Map<string, ReadPath>();

/** Mappings with paths that cannot be compiled are refused when they are made. */
export function readPath(record: unknown, path: string): unknown {
  const read = paths.get(path) ?? compilePath(path) ?? (() => undefined);
  paths.set(path, read);
  return read(record);
}

/** The value at an id path, as the text that record ids are. */
export function readId(record: unknown, path: string): string | undefined {
  const value = readPath(record, path);
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A value in the form that its property's type has, undefined when it is of another type. */
function converted(type: SchemaProperty["type"], value: unknown): unknown {
  switch (type) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "float":
      return typeof value === "number" ? value : undefined;
    case "int":
      return Number.isInteger(value) ? value : undefined;
    case "timestamp": {
      const instant = typeof value === "string" ? parseInstant(value) : undefined;
      return instant === undefined ? undefined : formatSecond(instant / 1_000);
    }
    default:
      return type satisfies never;
  }
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** What is wrong with one value. The codes are the fake's own: Klaviyo publishes none. */
function problemOf({ name, type }: SchemaProperty, isRequired: boolean, value: unknown): RecordProblem | undefined {
  const problem = (code: string, message: string) => ({
    code,
    message,
    property: name,
    invalid_value: value === undefined || value === null ? null : shown(value),
  });
  if (value === undefined || value === null) {
    return isRequired ? problem("missing_required_property", `'${name}' is required.`) : undefined;
  }
  if (converted(type, value) === undefined) return problem("invalid_type", `'${name}' is not a ${type}.`);
  if (typeof value === "string" && Buffer.byteLength(value) > MAX_PROPERTY_BYTES) {
    return problem("property_too_large", `'${name}' is larger than 2 KB.`);
  }
  return undefined;
}

/** Judges a data source record by a type's schema and the part of its mapping that is about the source. */
export function judgeRecord(
  record: unknown,
  sourceId: string,
  schema: FakeObjectSchema,
  mapping: FakeSourceMapping,
): Judged {
  const problems: RecordProblem[] = [];
  const properties: Record<string, unknown> = {};
  let idPath: string | undefined;
  for (const property of schema.properties) {
    let value: unknown;
    for (const one of mapping.propertyMappings) {
      if (one.id !== property.id) continue;
      if (one.type === "constant") value = one.value;
      else if (one.source.source_id === sourceId) {
        idPath ??= one.source.id_path;
        value = readPath(record, one.source.data_path);
      }
    }
    const problem = problemOf(property, schema.required.includes(property.name), value);
    if (problem !== undefined) problems.push(problem);
    properties[property.name] =
      value === undefined || value === null ? null : (converted(property.type, value) ?? null);
  }
  const recordId = idPath === undefined ? undefined : readId(record, idPath);
  if (recordId === undefined) {
    const message = "The record has no id.";
    problems.push({ code: "missing_record_id", message, property: idPath ?? "$", invalid_value: null });
  }
  if (Buffer.byteLength(JSON.stringify(properties)) > MAX_RECORD_BYTES) {
    problems.push({
      code: "record_too_large",
      message: "The record is larger than 8 KB.",
      property: "$",
      invalid_value: null,
    });
  }
  return { recordId, properties, problems };
}

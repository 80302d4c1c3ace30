import type { TSchema } from "@sinclair/typebox";

/** JSON Schema 2020-12, as far as the document uses it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly contentMediaType?: string;
  readonly contentSchema?: JsonSchema;
}

export const SCHEMAS = "#/components/schemas/";

/** A schema as TypeBox has it when it is written as JSON. */
interface PlainSchema extends JsonSchema {
  readonly $id?: string;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
}

/**
 * Writes TypeBox schemas as the document has them. Those with an `$id` are written once, in `components`; two of one name
 * throw.
 */
export function createSchemaWriter() {
  const components = new Map<string, JsonSchema>();
  const sources = new Map<string, string>();

  function write(schema: PlainSchema): JsonSchema {
    const { $id } = schema;
    if ($id === undefined) return inPlace(schema);
    const source = JSON.stringify(schema);
    if ((sources.get($id) ?? source) !== source) throw new Error(`Two schemas are called ${$id}.`);
    if (!sources.has($id)) {
      sources.set($id, source);
      components.set($id, inPlace(schema));
    }
    return { $ref: SCHEMAS + $id };
  }

  function inPlace({ $id: _, patternProperties, anyOf, ...schema }: PlainSchema): JsonSchema {
    const { allOf, items, properties, additionalProperties, contentSchema } = schema;
    // What TypeBox makes of a record: every name matches its pattern.
    const [record] = Object.values(patternProperties ?? {});
    return {
      ...schema,
      ...(items && { items: write(items) }),
      ...(contentSchema && { contentSchema: write(contentSchema) }),
      ...(allOf && { allOf: allOf.map(write) }),
      ...(properties && {
        properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, write(one)])),
      }),
      ...(typeof additionalProperties === "object" && { additionalProperties: write(additionalProperties) }),
      ...(record && { additionalProperties: write(record) }),
      ...(anyOf && union(anyOf.map(write))),
    };
  }

  return { write: (schema: TSchema) => write(plain(schema)), components };
}

/** What is TypeBox's own stands under symbols. */
const plain = (schema: TSchema) => JSON.parse(JSON.stringify(schema)) as PlainSchema;

/** Alternatives in the shortest form: a list of texts, a type that may be null. */
function union(choices: readonly JsonSchema[]): JsonSchema {
  if (choices.every((choice) => typeof choice.const === "string")) {
    return { type: "string", enum: choices.map((choice) => choice.const) };
  }
  const [first, second, third] = choices;
  const isNullable = second?.type === "null" && third === undefined;
  if (isNullable && typeof first?.type === "string" && first.enum === undefined) {
    return { ...first, type: [first.type, "null"] };
  }
  return { anyOf: choices };
}

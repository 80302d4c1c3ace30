import { notFound } from "../errors.ts";
import type { FakeObjectSchema, FakeObjectType, FakeSourceMapping } from "./object-model.ts";

/** A type with the schema and the mapping that its records are judged by. */
export interface ActiveType {
  readonly type: FakeObjectType;
  readonly schema: FakeObjectSchema;
  readonly mapping: FakeSourceMapping;
}

/** The object types of one account, with their schemas and source mappings. */
export class ObjectTypeStore {
  readonly #types = new Map<string, FakeObjectType>();
  readonly #schemas = new Map<string, FakeObjectSchema>();
  readonly #mappings = new Map<string, FakeSourceMapping>();

  get all(): ReadonlyMap<string, FakeObjectType> {
    return this.#types;
  }

  get schemas(): ReadonlyMap<string, FakeObjectSchema> {
    return this.#schemas;
  }

  get mappings(): ReadonlyMap<string, FakeSourceMapping> {
    return this.#mappings;
  }

  getType(id: string): FakeObjectType {
    return this.#types.get(id) ?? absent("object-type", id);
  }

  getSchema(id: string): FakeObjectSchema {
    return this.#schemas.get(id) ?? absent("object-schema", id);
  }

  getMapping(id: string): FakeSourceMapping {
    return this.#mappings.get(id) ?? absent("source-mapping", id);
  }

  putType(type: FakeObjectType): FakeObjectType {
    this.#types.set(type.id, type);
    return type;
  }

  putSchema(schema: FakeObjectSchema): FakeObjectSchema {
    this.#schemas.set(schema.id, schema);
    return schema;
  }

  putMapping(mapping: FakeSourceMapping): FakeSourceMapping {
    this.#mappings.set(mapping.id, mapping);
    return mapping;
  }

  active(typeId: string): ActiveType | undefined {
    const type = this.#types.get(typeId);
    if (type?.currentSchemaId === undefined) return undefined;
    const schema = this.getSchema(type.currentSchemaId);
    return { type, schema, mapping: this.getMapping(schema.mappingId) };
  }

  /** The active types that take records of a data source. */
  activeFrom(sourceId: string): readonly ActiveType[] {
    return [...this.#types.keys()]
      .map((id) => this.active(id))
      .filter((active) => active !== undefined)
      .filter(({ mapping }) =>
        mapping.propertyMappings.some((one) => one.type === "simple" && one.source.source_id === sourceId),
      );
  }
}

/** Wording recorded. */
function absent(resource: string, id: string): never {
  throw notFound(`${resource} with id \`${id}\` does not exist.`);
}

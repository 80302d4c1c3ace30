import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { closed, document, identifier, nullable, open, optionalText, resource } from "../closed-schema.ts";

const oneOf = <T extends string>(...values: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
const optional = <T extends TSchema>(schema: T) => Type.Optional(nullable(schema));

const visibility = () => optional(oneOf("private", "shared"));
const status = () => optional(oneOf("active", "draft"));

const schemaProperty = closed({
  id: Type.Integer(),
  name: Type.String(),
  type: oneOf("boolean", "float", "int", "string", "timestamp"),
  description: optionalText(),
});

const propertyMapping = Type.Union([
  closed({
    id: Type.Integer(),
    type: Type.Literal("constant"),
    value: Type.Union([Type.Number(), Type.String(), Type.Boolean()]),
  }),
  closed({
    id: Type.Integer(),
    type: Type.Literal("simple"),
    source: closed({ source_id: Type.String(), id_path: Type.String(), data_path: Type.String() }),
  }),
]);

const updateStrategy = () => optional(oneOf("additive", "replace_from_origin"));

const relationshipMapping = closed({
  relationship_id: Type.String(),
  type: Type.Literal("simple"),
  source: Type.Union([
    closed({
      source_id: Type.String(),
      type: Type.Literal("custom-object"),
      id_path: Type.String(),
      related_id_path: Type.String(),
      update_strategy: updateStrategy(),
    }),
    closed({
      source_id: Type.String(),
      type: Type.Literal("profile"),
      id_path: Type.String(),
      related_id_paths: Type.Array(
        closed({
          identifier_type: oneOf("anonymous", "email", "external-id", "klaviyo-id", "phone"),
          path: Type.String(),
        }),
      ),
      update_strategy: updateStrategy(),
    }),
  ]),
});

const mappingAttributes = closed({
  property_mappings: optional(Type.Array(propertyMapping)),
  relationship_mappings: optional(Type.Array(relationshipMapping)),
});
const embeddedMapping = () => optional(resource("source-mapping", mappingAttributes));

/** POST /api/data-sources */
export const DataSourceCreateQuery = resource(
  "data-source",
  closed({
    title: Type.String(),
    visibility: visibility(),
    description: optionalText(),
    namespace: optionalText(),
  }),
);

/** POST /api/object-types */
export const ObjectTypeCreateQuery = resource(
  "object-type",
  closed({
    title: Type.String(),
    description: optionalText(),
    visibility: visibility(),
    namespace: optionalText(),
    "object-schema": optional(
      resource(
        "object-schema",
        closed({
          properties: optional(Type.Array(schemaProperty)),
          status: status(),
          required: optional(Type.Array(Type.String())),
          "source-mapping": embeddedMapping(),
        }),
      ),
    ),
  }),
);

/** POST /api/object-schemas */
export const ObjectSchemaCreateQuery = document(
  closed({
    type: Type.Literal("object-schema"),
    attributes: closed({
      title: Type.String(),
      properties: Type.Array(schemaProperty),
      description: optionalText(),
      status: status(),
      required: optional(Type.Array(Type.String())),
      "source-mapping": embeddedMapping(),
    }),
    relationships: Type.Optional(
      closed({ "object-type": Type.Optional(closed({ data: Type.Optional(identifier("object-type")) })) }),
    ),
  }),
);

/** PATCH /api/object-schemas/{id} */
export const ObjectSchemaPartialUpdateQuery = document(
  closed({
    type: Type.Literal("object-schema"),
    id: Type.String(),
    attributes: closed({
      title: optionalText(),
      properties: optional(Type.Array(schemaProperty)),
      description: optionalText(),
      status: status(),
      required: optional(Type.Array(Type.String())),
    }),
  }),
);

/** POST /api/object-schemas/{id}/relationships/profile-object-schemas */
export const ProfileObjectSchemaRelationshipCreateQuery = document(
  Type.Array(
    closed({
      type: Type.Literal("profile-object-schema"),
      id: Type.String(),
      meta: Type.Optional(closed({ name: Type.String(), description: optionalText() })),
    }),
  ),
);

/** PATCH /api/source-mappings/{id} */
export const SourceMappingPartialUpdateQuery = document(
  closed({ type: Type.Literal("source-mapping"), id: Type.String(), attributes: mappingAttributes }),
);

const dataSourceRecord = closed({
  type: Type.Literal("data-source-record"),
  attributes: closed({ record: open() }),
});
const intoDataSource = Type.Optional(
  closed({ "data-source": Type.Optional(closed({ data: Type.Optional(identifier("data-source")) })) }),
);

/** POST /api/data-source-record-create-jobs */
export const DataSourceRecordCreateJobCreateQuery = document(
  closed({
    type: Type.Literal("data-source-record-create-job"),
    attributes: closed({ "data-source-record": document(dataSourceRecord) }),
    relationships: intoDataSource,
  }),
);

/** POST /api/data-source-record-bulk-create-jobs */
export const DataSourceRecordBulkCreateJobCreateQuery = document(
  closed({
    type: Type.Literal("data-source-record-bulk-create-job"),
    attributes: closed({ "data-source-records": optional(document(Type.Array(dataSourceRecord))) }),
    relationships: intoDataSource,
  }),
);

/** POST /api/object-record-bulk-delete-jobs */
export const ObjectRecordDeleteJobCreateQuery = document(
  closed({
    type: Type.Literal("object-record-bulk-delete-job"),
    relationships: closed({
      "object-records": closed({ data: Type.Optional(Type.Array(identifier("object-record"))) }),
    }),
  }),
);

export type SchemaProperty = Static<typeof schemaProperty>;
export type PropertyMapping = Static<typeof propertyMapping>;
export type RelationshipMapping = Static<typeof relationshipMapping>;
export type SourceMappingAttributes = Static<typeof mappingAttributes>;
export type IntoDataSource = Static<typeof intoDataSource>;

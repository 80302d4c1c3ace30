import type { Account } from "../account.ts";
import { formatInstant } from "../instants.ts";
import { type Attributes, relationship, sparse } from "../json-api.ts";
import type { Call } from "../operation.ts";
import type { FakeObjectSchema, FakeObjectType, FakeSourceMapping, ProfileRelationship } from "./object-model.ts";
import type { FakeObjectRecord } from "./object-record-store.ts";

const schemaIdentifier = (id: string) => ({ type: "object-schema", id });

export function typeResource(type: FakeObjectType, call: Call, { objectTypes }: Account): Attributes {
  const self = `${call.origin}/api/object-types/${type.id}/`;
  const schemas = [...objectTypes.schemas.values()].filter(({ typeId }) => typeId === type.id);
  const shown = type.currentSchemaId ?? type.draftSchemaId;
  const attributes = {
    title: type.title,
    description: type.description,
    status: shown === undefined ? "undefined" : objectTypes.getSchema(shown).status,
    namespace: type.namespace,
    created_at: formatInstant(type.createdAt),
    updated_at: formatInstant(type.updatedAt),
  };
  const one = (name: string, id: string | undefined) =>
    relationship(self, name, id === undefined ? null : schemaIdentifier(id));
  return {
    type: "object-type",
    id: type.id,
    attributes: sparse("object-type", attributes, call.query),
    relationships: {
      "current-schema": one("current-schema", type.currentSchemaId),
      "draft-schema": one("draft-schema", type.draftSchemaId),
      "schema-versions": relationship(
        self,
        "schema-versions",
        schemas.map(({ id }) => schemaIdentifier(id)),
      ),
    },
    links: { self },
  };
}

export function schemaResource(schema: FakeObjectSchema, call: Call): Attributes {
  const self = `${call.origin}/api/object-schemas/${schema.id}/`;
  const attributes = {
    title: schema.title,
    description: schema.description,
    status: schema.status,
    properties: schema.properties.map((property) => ({ description: "", ...property })),
    required: schema.required,
    published_at: schema.publishedAt === undefined ? null : formatInstant(schema.publishedAt),
    visibility: schema.visibility,
  };
  return {
    type: "object-schema",
    id: schema.id,
    attributes: sparse("object-schema", attributes, call.query),
    relationships: {
      "source-mapping": relationship(self, "source-mapping", { type: "source-mapping", id: schema.mappingId }),
      "object-schemas": relationship(self, "object-schemas", []),
      "profile-object-schemas": relationship(
        self,
        "profile-object-schemas",
        schema.profileRelationships.map(profileIdentifier),
      ),
    },
    links: { self },
  };
}

const metaOf = ({ relationshipId, name, description }: ProfileRelationship) => ({
  relationship_id: relationshipId,
  name,
  description,
});

/** `meta` is not in the document; a public SDK reads it. */
export function profileIdentifier(one: ProfileRelationship): Attributes {
  return { type: "profile-object-schema", id: "profile", meta: metaOf(one) };
}

export function profileSchemaResource(schema: FakeObjectSchema, one: ProfileRelationship, call: Call): Attributes {
  return {
    type: "profile-object-schema",
    id: "profile",
    attributes: sparse("profile-object-schema", { meta: metaOf(one) }, call.query),
    links: { self: `${call.origin}/api/object-schemas/${schema.id}/relationships/profile-object-schemas/` },
  };
}

export function mappingResource(mapping: FakeSourceMapping, call: Call): Attributes {
  const attributes = {
    property_mappings: mapping.propertyMappings,
    relationship_mappings: mapping.relationshipMappings,
  };
  return {
    type: "source-mapping",
    id: mapping.id,
    attributes: sparse("source-mapping", attributes, call.query),
    links: { self: `${call.origin}/api/source-mappings/${mapping.id}/` },
  };
}

export function recordResource(record: FakeObjectRecord, call: Call): Attributes {
  return {
    type: "object-record",
    id: record.id,
    attributes: sparse("object-record", { record_properties: record.properties }, call.query),
    links: { self: `${call.origin}/api/object-records/${encodeURIComponent(record.id)}/` },
  };
}

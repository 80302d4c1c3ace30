import { checkPathId } from "../check-body.ts";
import { invalid, serverError } from "../errors.ts";
import { documentOf } from "../json-api.ts";
import { ProfileObjectSchemaRelationshipCreateQuery, SourceMappingPartialUpdateQuery } from "../objects/bodies.ts";
import type { FakeObjectSchema } from "../objects/object-model.ts";
import { mappingResource, profileIdentifier } from "../objects/object-resources.ts";
import type { ObjectTypeStore } from "../objects/object-type-store.ts";
import { requireDraft } from "../objects/schema-life.ts";
import { checkMapping } from "../objects/schema-rules.ts";
import { type Operation, operation } from "../operation.ts";

const LIMITS = { burst: 3, steady: 60 };
const RELATIONSHIPS = "/api/object-schemas/{id}/relationships/profile-object-schemas";

/** The relationship endpoints answer 500 for a schema that does not exist (recorded). */
function schemaOr500(id: string | undefined, { schemas }: ObjectTypeStore): FakeObjectSchema {
  const schema = schemas.get(id ?? "");
  if (schema === undefined) throw serverError();
  return schema;
}

export const createProfileSchemaRelationship = operation({
  operationId: "create_profile_schema_relationship",
  method: "POST",
  path: RELATIONSHIPS,
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  body: ProfileObjectSchemaRelationshipCreateQuery,
  handle({ params, body }, { objectTypes, ids }) {
    const schema = schemaOr500(params["id"], objectTypes);
    requireDraft(schema);
    const stranger = body.data.findIndex(({ id }) => id !== "profile");
    if (stranger >= 0) {
      throw invalid({ pointer: `/data/${stranger}/id`, detail: "The id of a profile relationship is 'profile'." });
    }
    const added = body.data.map(({ meta }) => ({
      relationshipId: ids.ulid(),
      name: meta?.name ?? "profile",
      description: meta?.description ?? "",
    }));
    objectTypes.putSchema({ ...schema, profileRelationships: [...schema.profileRelationships, ...added] });
    return { status: 204 };
  },
});

export const getProfileSchemaRelationships: Operation = {
  operationId: "get_profile_schema_relationships",
  method: "GET",
  path: RELATIONSHIPS,
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  handle(call, { objectTypes }) {
    const schema = schemaOr500(call.params["id"], objectTypes);
    return { status: 200, body: documentOf(call, schema.profileRelationships.map(profileIdentifier)) };
  },
};

export const getSourceMappingForObjectSchema: Operation = {
  operationId: "get_source_mapping_for_object_schema",
  method: "GET",
  path: "/api/object-schemas/{id}/source-mapping",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[source-mapping]"],
  handle(call, { objectTypes }) {
    const { mappingId } = objectTypes.getSchema(call.params["id"] ?? "");
    return { status: 200, body: documentOf(call, mappingResource(objectTypes.getMapping(mappingId), call)) };
  },
};

/** A list that is left out is emptied: whether Klaviyo keeps it is unknown, and a client must send both. */
export const updateSourceMapping = operation({
  operationId: "update_source_mapping",
  method: "PATCH",
  path: "/api/source-mappings/{id}",
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  query: ["fields[source-mapping]"],
  body: SourceMappingPartialUpdateQuery,
  handle(call, { objectTypes, dataSources }) {
    const { attributes } = call.body.data;
    const mapping = objectTypes.getMapping(call.params["id"] ?? "");
    checkPathId(call);
    const schema = objectTypes.getSchema(mapping.schemaId);
    requireDraft(schema);
    const content = {
      propertyMappings: attributes.property_mappings ?? [],
      relationshipMappings: attributes.relationship_mappings ?? [],
    };
    checkMapping(content, schema, dataSources, "/data/attributes");
    const changed = objectTypes.putMapping({ ...mapping, ...content });
    return { status: 200, body: documentOf(call, mappingResource(changed, call)) };
  },
});

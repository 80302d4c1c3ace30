import { checkPathId } from "../check-body.ts";
import { invalid, notFound } from "../errors.ts";
import { type Attributes, documentOf, included } from "../json-api.ts";
import { ObjectSchemaCreateQuery, ObjectSchemaPartialUpdateQuery } from "../objects/bodies.ts";
import { mappingResource, profileSchemaResource, schemaResource } from "../objects/object-resources.ts";
import { draftSchema, publish, requireDraft } from "../objects/schema-life.ts";
import { checkProperties } from "../objects/schema-rules.ts";
import { type Operation, operation } from "../operation.ts";

const LIMITS = { burst: 3, steady: 60 };
const ATTRIBUTES = "/data/attributes";

export const createObjectSchema = operation({
  operationId: "create_object_schema",
  method: "POST",
  path: "/api/object-schemas",
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  query: ["fields[object-schema]"],
  body: ObjectSchemaCreateQuery,
  handle(call, account) {
    const { attributes, relationships } = call.body.data;
    const typeId = relationships?.["object-type"]?.data?.id;
    const pointer = "/data/relationships/object-type";
    if (typeId === undefined) throw invalid({ pointer, detail: "'object-type' is a required relationship." });
    const type = account.objectTypes.all.get(typeId);
    // Recorded without the full stop that the other texts have.
    if (type === undefined) throw notFound(`object-type with id \`${typeId}\` does not exist`);
    if (type.draftSchemaId !== undefined)
      throw invalid({ pointer, detail: "The object type has a draft schema already." });
    const schema = draftSchema(account, type, attributes, ATTRIBUTES);
    return { status: 201, body: documentOf(call, schemaResource(schema, call)) };
  },
});

export const getObjectSchema: Operation = {
  operationId: "get_object_schema",
  method: "GET",
  path: "/api/object-schemas/{id}",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[object-schema]", "fields[profile-object-schema]", "fields[source-mapping]", "include"],
  handle(call, { objectTypes }) {
    const schema = objectTypes.getSchema(call.params["id"] ?? "");
    const names = included(call.query, ["object-schemas", "profile-object-schemas", "source-mapping"]);
    const more: Attributes[] = [];
    if (names.has("profile-object-schemas")) {
      more.push(...schema.profileRelationships.map((one) => profileSchemaResource(schema, one, call)));
    }
    if (names.has("source-mapping")) more.push(mappingResource(objectTypes.getMapping(schema.mappingId), call));
    return {
      status: 200,
      body: documentOf(call, schemaResource(schema, call), call.query.has("include") ? more : undefined),
    };
  },
};

export const updateObjectSchema = operation({
  operationId: "update_object_schema",
  method: "PATCH",
  path: "/api/object-schemas/{id}",
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  query: ["fields[object-schema]"],
  body: ObjectSchemaPartialUpdateQuery,
  handle(call, account) {
    const { objectTypes } = account;
    const { id, attributes } = call.body.data;
    const schema = objectTypes.getSchema(call.params["id"] ?? "");
    checkPathId(call);
    requireDraft(schema);
    const properties = attributes.properties ?? schema.properties;
    const required = attributes.required ?? schema.required;
    checkProperties(properties, required, ATTRIBUTES);
    const changed = objectTypes.putSchema({
      ...objectTypes.getSchema(id),
      title: attributes.title ?? schema.title,
      description: attributes.description ?? schema.description,
      properties,
      required,
    });
    const result = attributes.status === "active" ? publish(account, changed) : changed;
    return { status: 200, body: documentOf(call, schemaResource(result, call)) };
  },
});

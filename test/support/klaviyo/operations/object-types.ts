import type { Account } from "../account.ts";
import { invalid, noEntitlement } from "../errors.ts";
import { type FilterRules, fulfils, parseFilter } from "../filter.ts";
import { type Attributes, documentOf, included } from "../json-api.ts";
import { ObjectTypeCreateQuery } from "../objects/bodies.ts";
import type { FakeObjectType } from "../objects/object-model.ts";
import { schemaResource, typeResource } from "../objects/object-resources.ts";
import { draftSchema } from "../objects/schema-life.ts";
import { type Call, type Operation, operation } from "../operation.ts";

const LIMITS = { burst: 3, steady: 60 };
const FILTERS: FilterRules = { namespace: ["equals"] };
const READ_QUERY = ["fields[object-type]", "fields[object-schema]", "include"];

export const createObjectType = operation({
  operationId: "create_object_type",
  method: "POST",
  path: "/api/object-types",
  limits: LIMITS,
  scopes: ["custom-objects:write"],
  query: ["fields[object-type]"],
  body: ObjectTypeCreateQuery,
  handle(call, account) {
    const { objectTypes, ids, now, switches } = account;
    if (!switches.customObjects) throw noEntitlement();
    const { title, description, visibility, namespace, "object-schema": schema } = call.body.data.attributes;
    if (title.trim() === "") throw invalid({ pointer: "/data/attributes/title", detail: "'title' is empty." });
    const type: FakeObjectType = {
      id: ids.ulid(),
      title,
      description: description ?? "",
      namespace: namespace ?? "custom-objects",
      createdAt: now(),
      updatedAt: now(),
      currentSchemaId: undefined,
      draftSchemaId: undefined,
    };
    const given = { ...schema?.data.attributes, title, visibility };
    draftSchema(account, type, given, "/data/attributes/object-schema/data/attributes");
    return { status: 201, body: documentOf(call, typeResource(objectTypes.getType(type.id), call, account)) };
  },
});

function includedWith(types: readonly FakeObjectType[], call: Call, { objectTypes }: Account): readonly Attributes[] {
  const names = included(call.query, ["current-schema", "draft-schema"]);
  const schemaIds = types.flatMap(({ currentSchemaId, draftSchemaId }) => [
    ...(names.has("current-schema") ? [currentSchemaId] : []),
    ...(names.has("draft-schema") ? [draftSchemaId] : []),
  ]);
  return schemaIds.flatMap((id) => (id === undefined ? [] : [schemaResource(objectTypes.getSchema(id), call)]));
}

/** Not paged (recorded). */
export const getObjectTypes: Operation = {
  operationId: "get_object_types",
  method: "GET",
  path: "/api/object-types",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["filter", ...READ_QUERY],
  handle(call, account) {
    const conditions = parseFilter(call.query.get("filter"), FILTERS);
    const types = [...account.objectTypes.all.values()].filter(({ namespace }) => fulfils(conditions, () => namespace));
    const data = types.map((type) => typeResource(type, call, account));
    const more = call.query.has("include") ? includedWith(types, call, account) : undefined;
    return { status: 200, body: documentOf(call, data, more) };
  },
};

export const getObjectType: Operation = {
  operationId: "get_object_type",
  method: "GET",
  path: "/api/object-types/{id}",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: READ_QUERY,
  handle(call, account) {
    const type = account.objectTypes.getType(call.params["id"] ?? "");
    const more = call.query.has("include") ? includedWith([type], call, account) : undefined;
    return { status: 200, body: documentOf(call, typeResource(type, call, account), more) };
  },
};

export const getDraftSchemaForObjectType: Operation = {
  operationId: "get_draft_schema_for_object_type",
  method: "GET",
  path: "/api/object-types/{id}/draft-schema",
  limits: LIMITS,
  scopes: ["custom-objects:read"],
  query: ["fields[object-schema]"],
  handle(call, { objectTypes }) {
    const { draftSchemaId } = objectTypes.getType(call.params["id"] ?? "");
    const data = draftSchemaId === undefined ? null : schemaResource(objectTypes.getSchema(draftSchemaId), call);
    return { status: 200, body: documentOf(call, data) };
  },
};

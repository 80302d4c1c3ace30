import type { Account } from "../account.ts";
import { invalid, serverError } from "../errors.ts";
import type { SchemaProperty, SourceMappingAttributes } from "./bodies.ts";
import type { FakeObjectSchema, FakeObjectType } from "./object-model.ts";
import { checkMapping, checkProperties } from "./schema-rules.ts";

export interface NewSchema {
  readonly title: string;
  readonly description?: string | null | undefined;
  readonly visibility?: "private" | "shared" | null | undefined;
  readonly properties?: readonly SchemaProperty[] | null | undefined;
  readonly required?: readonly string[] | null | undefined;
  readonly status?: "active" | "draft" | null | undefined;
  readonly "source-mapping"?: { readonly data: { readonly attributes: SourceMappingAttributes } } | null | undefined;
}

/** Stores a type, new or known, with a draft and the draft's mapping, which is empty unless one is given. */
export function draftSchema(
  account: Account,
  type: FakeObjectType,
  given: NewSchema,
  pointer: string,
): FakeObjectSchema {
  const { objectTypes, dataSources, ids } = account;
  const properties = given.properties ?? [];
  const required = given.required ?? [];
  checkProperties(properties, required, pointer);
  const mappings = given["source-mapping"]?.data.attributes;
  const content = {
    propertyMappings: mappings?.property_mappings ?? [],
    relationshipMappings: mappings?.relationship_mappings ?? [],
  };
  checkMapping(
    content,
    { properties, profileRelationships: [] },
    dataSources,
    `${pointer}/source-mapping/data/attributes`,
  );
  const schemaId = ids.ulid();
  const mapping = objectTypes.putMapping({ id: ids.ulid(), schemaId, ...content });
  const schema = objectTypes.putSchema({
    id: schemaId,
    typeId: type.id,
    title: given.title,
    description: given.description ?? "",
    visibility: given.visibility ?? "private",
    status: "draft",
    properties,
    required,
    publishedAt: undefined,
    profileRelationships: [],
    mappingId: mapping.id,
  });
  objectTypes.putType({ ...type, draftSchemaId: schema.id, updatedAt: account.now() });
  return given.status === "active" ? publish(account, schema) : schema;
}

/** Documented: a schema can be changed only as a draft. */
export function requireDraft(schema: FakeObjectSchema): void {
  if (schema.status === "draft") return;
  throw invalid({
    pointer: "/data/attributes/status",
    detail: `The schema is ${schema.status}; only a draft can be changed.`,
  });
}

/** Makes a draft the schema of its type, after a while in which reads say `publishing`. */
export function publish(account: Account, draft: FakeObjectSchema): FakeObjectSchema {
  const { objectTypes, timeline, delays, switches } = account;
  const { currentSchemaId } = objectTypes.getType(draft.typeId);
  if (currentSchemaId !== undefined && switches.failSecondActivation) throw serverError();
  timeline.after(delays.publishMs, () => {
    const schema = objectTypes.getSchema(draft.id);
    const type = objectTypes.getType(draft.typeId);
    const publishedAt = timeline.now();
    objectTypes.putSchema({ ...schema, status: "active", publishedAt });
    objectTypes.putType({ ...type, currentSchemaId: schema.id, draftSchemaId: undefined, updatedAt: publishedAt });
  });
  return objectTypes.putSchema({ ...draft, status: "publishing" });
}

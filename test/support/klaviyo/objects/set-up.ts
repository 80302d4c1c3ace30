import type { FakeKlaviyo } from "../fake-klaviyo.ts";
import { createTestClient } from "../test-client.ts";

/** Ids of an object type that is ready for records. */
export interface ReadyType {
  readonly sourceId: string;
  readonly typeId: string;
  readonly schemaId: string;
  readonly relationshipId: string;
}

export const PROPERTIES = [
  { id: 1, name: "serial", type: "string" },
  { id: 2, name: "points", type: "int" },
  { id: 3, name: "balance", type: "float" },
  { id: 4, name: "installed", type: "boolean" },
  { id: 5, name: "issued_at", type: "timestamp" },
  { id: 6, name: "origin", type: "string" },
] as const;

export const mappingsFrom = (sourceId: string) => [
  ...PROPERTIES.slice(0, 5).map(({ id, name }) => ({
    id,
    type: "simple",
    source: { source_id: sourceId, id_path: "$['serial']", data_path: `$['${name}']` },
  })),
  { id: 6, type: "constant", value: "passes" },
];

export const profileMapping = (sourceId: string, relationshipId: string, strategy?: string) => ({
  relationship_id: relationshipId,
  type: "simple",
  source: {
    source_id: sourceId,
    type: "profile",
    id_path: "$['serial']",
    related_id_paths: [
      { identifier_type: "klaviyo-id", path: "$['klaviyo_id']" },
      { identifier_type: "external-id", path: "$['external_id']" },
      { identifier_type: "email", path: "$.contact.email" },
      { identifier_type: "phone", path: "$.contact.phone" },
    ],
    ...(strategy === undefined ? {} : { update_strategy: strategy }),
  },
});

interface Answered {
  readonly data: {
    readonly id: string;
    readonly relationships: { readonly "draft-schema": { readonly data: { readonly id: string } } };
  };
}
interface WithIncluded {
  readonly included: readonly {
    readonly type: string;
    readonly id: string;
    readonly attributes: { readonly meta?: { readonly relationship_id: string } };
  }[];
}

/** The five steps of Klaviyo's guide; the schema is being published when this resolves. */
export async function setUpObjectType(fake: FakeKlaviyo, strategy?: string): Promise<ReadyType> {
  const client = createTestClient(fake);
  const source = await client.post("/api/data-sources", {
    data: { type: "data-source", attributes: { title: "Passes" } },
  });
  const sourceId = (source.body as Answered).data.id;
  const mapping = { data: { type: "source-mapping", attributes: { property_mappings: mappingsFrom(sourceId) } } };
  const type = await client.post("/api/object-types", {
    data: {
      type: "object-type",
      attributes: {
        title: "Pass",
        "object-schema": {
          data: {
            type: "object-schema",
            attributes: {
              status: "draft",
              required: ["serial", "points"],
              properties: PROPERTIES,
              "source-mapping": mapping,
            },
          },
        },
      },
    },
  });
  const typeId = (type.body as Answered).data.id;
  const schemaId = (type.body as Answered).data.relationships["draft-schema"].data.id;
  await client.post(`/api/object-schemas/${schemaId}/relationships/profile-object-schemas`, {
    data: [{ type: "profile-object-schema", id: "profile", meta: { name: "holder" } }],
  });
  const read = await client.call(`/api/object-schemas/${schemaId}?include=profile-object-schemas,source-mapping`);
  const { included } = read.body as WithIncluded;
  const mappingId = included.find((one) => one.type === "source-mapping")?.id ?? "";
  const relationshipId =
    included.find((one) => one.type === "profile-object-schema")?.attributes.meta?.relationship_id ?? "";
  await client.patch(`/api/source-mappings/${mappingId}`, {
    data: {
      type: "source-mapping",
      id: mappingId,
      attributes: {
        property_mappings: mappingsFrom(sourceId),
        relationship_mappings: [profileMapping(sourceId, relationshipId, strategy)],
      },
    },
  });
  await client.patch(`/api/object-schemas/${schemaId}`, {
    data: { type: "object-schema", id: schemaId, attributes: { status: "active" } },
  });
  return { sourceId, typeId, schemaId, relationshipId };
}

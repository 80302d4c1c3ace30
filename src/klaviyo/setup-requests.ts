import type { Json } from "../templates/placeholders.ts";
import type { KlaviyoRequest } from "./client.ts";
import { at, listAt } from "./json-api.ts";
import { RECORD_ID, WALLET_PASS_IDENTIFIERS, WALLET_PASS_PROPERTIES } from "./wallet-pass-record.ts";

/** What the set-up makes in Klaviyo; it is found again by these titles. */
export const DATA_SOURCE_TITLE = "Passhook wallet passes";
export const OBJECT_TYPE_TITLE = "WalletPass";
const NAMESPACE = "custom-objects";

const get = (path: string, query: Readonly<Record<string, string>> = {}): KlaviyoRequest => {
  const search = new URLSearchParams(query).toString();
  return { method: "GET", path: search === "" ? path : `${path}?${search}` };
};
const afterCursor = (cursor: string | undefined) => (cursor === undefined ? {} : { "page[cursor]": cursor });

export const listDataSources = (cursor?: string): KlaviyoRequest =>
  get("/api/data-sources", { "page[size]": "100", ...afterCursor(cursor) });

export const createDataSource = (): KlaviyoRequest => ({
  method: "POST",
  path: "/api/data-sources",
  body: {
    data: {
      type: "data-source",
      attributes: {
        title: DATA_SOURCE_TITLE,
        visibility: "private",
        description: "A record of each wallet pass, written by Passhook.",
        namespace: NAMESPACE,
      },
    },
  },
});

export const listObjectTypes = (cursor?: string): KlaviyoRequest =>
  get("/api/object-types", { filter: `equals(namespace,"${NAMESPACE}")`, ...afterCursor(cursor) });

const NEW_PROPERTIES = WALLET_PASS_PROPERTIES.map((property, i) => ({ id: i + 1, ...property }));

/** With the mapping of its properties: a type that is made without one may have none to be completed. */
export const createObjectType = (dataSourceId: string): KlaviyoRequest => ({
  method: "POST",
  path: "/api/object-types",
  body: {
    data: {
      type: "object-type",
      attributes: {
        title: OBJECT_TYPE_TITLE,
        description: "A wallet pass that was issued to the profile.",
        namespace: NAMESPACE,
        "object-schema": {
          data: {
            type: "object-schema",
            attributes: {
              status: "draft",
              required: [RECORD_ID],
              properties: NEW_PROPERTIES,
              "source-mapping": {
                data: {
                  type: "source-mapping",
                  attributes: {
                    property_mappings: propertyMappings(dataSourceId, NEW_PROPERTIES),
                  },
                },
              },
            },
          },
        },
      },
    },
  },
});

export const getObjectType = (id: string): KlaviyoRequest =>
  get(`/api/object-types/${encodeURIComponent(id)}`, { include: "current-schema,draft-schema" });

export const getSchema = (id: string): KlaviyoRequest =>
  get(`/api/object-schemas/${encodeURIComponent(id)}`, { include: "profile-object-schemas" });

const relationshipsPath = (schemaId: string) =>
  `/api/object-schemas/${encodeURIComponent(schemaId)}/relationships/profile-object-schemas`;

export const getProfileRelationships = (schemaId: string): KlaviyoRequest => get(relationshipsPath(schemaId));

export const createProfileRelationship = (schemaId: string): KlaviyoRequest => ({
  method: "POST",
  path: relationshipsPath(schemaId),
  body: {
    data: [
      {
        type: "profile-object-schema",
        id: "profile",
        meta: { name: "profile", description: "Whose pass it is." },
      },
    ],
  },
});

export const getMapping = (schemaId: string): KlaviyoRequest =>
  get(`/api/object-schemas/${encodeURIComponent(schemaId)}/source-mapping`);

/** Both lists together: whether Klaviyo keeps one that is left out is not known. */
export const updateMapping = (id: string, mapping: WalletPassMapping): KlaviyoRequest => ({
  method: "PATCH",
  path: `/api/source-mappings/${encodeURIComponent(id)}`,
  body: { data: { type: "source-mapping", id, attributes: mappingAttributes(mapping) } },
});

export const activateSchema = (id: string): KlaviyoRequest => ({
  method: "PATCH",
  path: `/api/object-schemas/${encodeURIComponent(id)}`,
  body: { data: { type: "object-schema", id, attributes: { status: "active" } } },
});

export interface WalletPassMapping {
  readonly dataSourceId: string;
  readonly relationshipId: string;
  readonly properties: readonly SchemaProperty[];
}

/** A property and its id in the schema. */
export interface SchemaProperty {
  readonly id: number;
  readonly name: string;
}

const jsonPath = (name: string) => `$['${name}']`;

const propertyMappings = (dataSourceId: string, properties: readonly SchemaProperty[]) =>
  properties.map(({ id, name }) => ({
    id,
    type: "simple",
    source: { source_id: dataSourceId, id_path: jsonPath(RECORD_ID), data_path: jsonPath(name) },
  }));

const mappingAttributes = ({ dataSourceId, relationshipId, properties }: WalletPassMapping) => ({
  property_mappings: propertyMappings(dataSourceId, properties),
  relationship_mappings: [
    {
      relationship_id: relationshipId,
      type: "simple",
      source: {
        source_id: dataSourceId,
        type: "profile",
        id_path: jsonPath(RECORD_ID),
        related_id_paths: WALLET_PASS_IDENTIFIERS.map(({ name, type }) => ({
          identifier_type: type,
          path: jsonPath(name),
        })),
        // A pass belongs to one person: where it moves to another profile, it leaves the one before.
        update_strategy: "replace_from_origin",
      },
    },
  ],
});

/** Whether a mapping already does what ours would. */
export function isMapped(present: Json | undefined, { dataSourceId, relationshipId, properties }: WalletPassMapping) {
  const fromOurs = (one: Json) => at(one, "source", "source_id") === dataSourceId;
  const related = listAt(present, "relationship_mappings").filter(fromOurs);
  const mapped = listAt(present, "property_mappings").filter(fromOurs);
  return (
    related.some((one) => at(one, "relationship_id") === relationshipId) &&
    properties.every(({ id }) => mapped.some((one) => at(one, "id") === id))
  );
}

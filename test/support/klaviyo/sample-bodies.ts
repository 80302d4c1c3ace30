/** For each operation with a body, bodies that Klaviyo's guides show or that use every field. */

const PROFILE_ID = "01GDDKASAP8TKDDA2GRZDSVP4H";
const SOURCE_ID = "01J7C23V8XWMRG13FMD7VZN6GW";

const fullProfile = {
  email: "sarah@example.com",
  phone_number: "+15005550006",
  external_id: "cust_42",
  first_name: "Sarah",
  last_name: null,
  organization: "Example",
  locale: "en-US",
  title: "Dr",
  image: "https://www.example.com/sarah.png",
  location: {
    city: "Boston",
    country: "US",
    latitude: "42.3",
    longitude: -71.06,
    timezone: "America/New_York",
    zip: null,
  },
  properties: { next_action: "offer_A", next_action_score: 0.82, gone: null },
};
const meta = {
  patch_properties: { append: { tags: "vip" }, unappend: { tags: ["old"] }, unset: ["obsolete_key"] },
};
const metric = { data: { type: "metric", attributes: { name: "Next Best Action Chosen", service: null } } };
const event = {
  properties: { decision_id: "dec_123", action: "offer_A", score: 0.82 },
  time: "2026-07-15T12:00:00+00:00",
  value: 9.99,
  value_currency: "USD",
  unique_id: "dec_123",
  backfill: false,
  metric,
};

const simple = (id: number, name: string) => ({
  id,
  type: "simple",
  source: { source_id: SOURCE_ID, id_path: "$['decision_id']", data_path: `$['${name}']` },
});
const propertyMappings = [simple(1, "decision_id"), simple(2, "score"), { id: 9, type: "constant", value: "x" }];
const relationshipMappings = [
  {
    relationship_id: "01K97SE7GH4TE57FVNQY310QAK",
    type: "simple",
    source: {
      source_id: SOURCE_ID,
      type: "profile",
      id_path: "$['decision_id']",
      related_id_paths: [{ identifier_type: "klaviyo-id", path: "$['klaviyo_id']" }],
      update_strategy: "replace_from_origin",
    },
  },
  {
    relationship_id: "01K97SE7GH4TE57FVNQY310QAM",
    type: "simple",
    source: {
      source_id: SOURCE_ID,
      type: "custom-object",
      id_path: "$['decision_id']",
      related_id_path: "$['other']",
    },
  },
];
const schemaAttributes = {
  status: "draft",
  required: ["decision_id"],
  properties: [
    { id: 1, name: "decision_id", type: "string", description: null },
    { id: 2, name: "score", type: "float" },
  ],
  "source-mapping": { data: { type: "source-mapping", attributes: { property_mappings: propertyMappings } } },
};
const record = { type: "data-source-record", attributes: { record: { decision_id: "dec_123", score: 0.82 } } };
const intoSource = { "data-source": { data: { type: "data-source", id: SOURCE_ID } } };

export const SAMPLE_BODIES: Readonly<Record<string, readonly object[]>> = {
  create_or_update_profile: [
    { data: { type: "profile", id: PROFILE_ID, attributes: { properties: { next_action: "offer_A" } }, meta } },
    { data: { type: "profile", attributes: fullProfile } },
  ],
  update_profile: [{ data: { type: "profile", id: PROFILE_ID, attributes: fullProfile, meta } }],
  merge_profiles: [
    {
      data: {
        type: "profile-merge",
        id: PROFILE_ID,
        relationships: { profiles: { data: [{ type: "profile", id: "01GDDKASAP8TKDDA2GRZDSVP4J" }] } },
      },
    },
  ],
  request_profile_deletion: [
    {
      data: {
        type: "data-privacy-deletion-job",
        attributes: { profile: { data: { type: "profile", attributes: { email: "sarah@example.com" } } } },
      },
    },
  ],
  bulk_import_profiles: [
    {
      data: {
        type: "profile-bulk-import-job",
        attributes: {
          profiles: {
            data: [
              { type: "profile", id: PROFILE_ID, attributes: { properties: { next_action: "offer_A" } }, meta },
              { type: "profile", attributes: fullProfile },
            ],
          },
        },
        relationships: { lists: { data: [{ type: "list", id: "YafG4m" }] } },
      },
    },
  ],
  create_event: [
    {
      data: {
        type: "event",
        attributes: {
          ...event,
          profile: { data: { type: "profile", id: PROFILE_ID, attributes: { anonymous_id: "anon", meta } } },
        },
      },
    },
  ],
  bulk_create_events: [
    {
      data: {
        type: "event-bulk-create-job",
        attributes: {
          "events-bulk-create": {
            data: [
              {
                type: "event-bulk-create",
                attributes: {
                  backfill: true,
                  profile: { data: { type: "profile", id: PROFILE_ID, attributes: {}, meta } },
                  events: { data: [{ type: "event", attributes: event }] },
                },
              },
            ],
          },
        },
      },
    },
  ],
  create_data_source: [
    {
      data: {
        type: "data-source",
        attributes: { title: "Decision log", visibility: "private", description: "", namespace: "custom-objects" },
      },
    },
  ],
  create_object_type: [
    {
      data: {
        type: "object-type",
        attributes: {
          title: "Decision",
          description: null,
          visibility: "shared",
          namespace: "custom-objects",
          "object-schema": { data: { type: "object-schema", attributes: schemaAttributes } },
        },
      },
    },
  ],
  create_object_schema: [
    {
      data: {
        type: "object-schema",
        attributes: { title: "Decision", ...schemaAttributes },
        relationships: { "object-type": { data: { type: "object-type", id: "01K61DKJ7EKJ0ES9VE456XF5JG" } } },
      },
    },
  ],
  update_object_schema: [
    {
      data: {
        type: "object-schema",
        id: "01K61DKJ7EKJ0ES9VE456XF5JG",
        attributes: { status: "active", title: "Decision", properties: schemaAttributes.properties, required: [] },
      },
    },
  ],
  create_profile_schema_relationship: [
    { data: [{ type: "profile-object-schema", id: "profile", meta: { name: "profile", description: "" } }] },
  ],
  update_source_mapping: [
    {
      data: {
        type: "source-mapping",
        id: "01K5HQC66PGHV35SYJC5ZV3DZA",
        attributes: { property_mappings: propertyMappings, relationship_mappings: relationshipMappings },
      },
    },
  ],
  create_data_source_record: [
    {
      data: {
        type: "data-source-record-create-job",
        attributes: { "data-source-record": { data: record } },
        relationships: intoSource,
      },
    },
  ],
  bulk_create_data_source_records: [
    {
      data: {
        type: "data-source-record-bulk-create-job",
        attributes: { "data-source-records": { data: [record, record] } },
        relationships: intoSource,
      },
    },
  ],
  bulk_delete_object_records: [
    {
      data: {
        type: "object-record-bulk-delete-job",
        relationships: {
          "object-records": { data: [{ type: "object-record", id: "01K8XV2MM6RFVZT8W61K6CR3ER:::dec_123" }] },
        },
      },
    },
  ],
};

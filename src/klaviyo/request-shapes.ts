import { type TProperties, type TSchema, Type } from "@sinclair/typebox";

/*
 * The requests that Passhook sends, closed: Klaviyo refuses names that it does not know, although its OpenAPI document
 * (revision 2026-07-15) leaves the objects open. Only `properties` and `record` take any name.
 */

const closed = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });
const data = <T extends TSchema>(schema: T) => closed({ data: schema });
const resource = <Name extends string, T extends TProperties>(type: Name, attributes: T) => ({
  type: Type.Literal(type),
  attributes: closed(attributes),
});

const values = Type.Record(Type.String(), Type.Unknown());
const record = closed(resource("data-source-record", { record: values }));

const profileAttributes = {
  email: Type.Optional(Type.String()),
  phone_number: Type.Optional(Type.String()),
  external_id: Type.Optional(Type.String()),
  first_name: Type.Optional(Type.String()),
  last_name: Type.Optional(Type.String()),
  properties: Type.Optional(values),
};
/** A profile is named by its id or by identifiers among its attributes. */
const profile = closed({ id: Type.Optional(Type.String()), ...resource("profile", profileAttributes) });

const eventAttributes = {
  metric: data(closed(resource("metric", { name: Type.String() }))),
  properties: values,
  time: Type.String(),
  unique_id: Type.String(),
  value: Type.Optional(Type.Number()),
  value_currency: Type.Optional(Type.String()),
  backfill: Type.Optional(Type.Boolean()),
};

/** Klaviyo's document leaves it optional, but a record without it goes nowhere. */
const toDataSource = closed({ "data-source": data(closed({ type: Type.Literal("data-source"), id: Type.String() })) });

export const ProfileImport = data(profile);
export const EventCreate = data(closed(resource("event", { ...eventAttributes, profile: data(profile) })));
export const RecordCreate = data(
  closed({
    ...resource("data-source-record-create-job", { "data-source-record": data(record) }),
    relationships: toDataSource,
  }),
);
export const ProfileBulkImport = data(
  closed(resource("profile-bulk-import-job", { profiles: data(Type.Array(profile, { minItems: 1 })) })),
);
export const EventBulkCreate = data(
  closed(
    resource("event-bulk-create-job", {
      "events-bulk-create": data(
        Type.Array(
          closed(
            resource("event-bulk-create", {
              profile: data(profile),
              events: data(Type.Array(closed(resource("event", eventAttributes)), { minItems: 1 })),
              backfill: Type.Optional(Type.Boolean()),
            }),
          ),
          { minItems: 1 },
        ),
      ),
    }),
  ),
);
export const RecordBulkCreate = data(
  closed({
    ...resource("data-source-record-bulk-create-job", {
      "data-source-records": data(Type.Array(record, { minItems: 1 })),
    }),
    relationships: toDataSource,
  }),
);

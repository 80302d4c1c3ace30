import { type Static, type TProperties, type TSchema, Type } from "@sinclair/typebox";

/*
 * The request bodies of Klaviyo's OpenAPI document, revision 2026-07-15, with every object closed: the document leaves
 * them open, yet the API refuses unknown fields. Only `properties` and the operands of `patch_properties` stay open.
 *
 * Two official names are missing on purpose. `_kx` can be resolved by Klaviyo alone, and `patch_identifiers` is not
 * modelled; refusing them is louder than ignoring them.
 */
const closed = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const optionalText = () => Type.Optional(nullable(Type.String()));
const open = () => Type.Unsafe<Readonly<Record<string, unknown>>>(Type.Object({}));

const coordinate = () => Type.Optional(nullable(Type.Union([Type.String(), Type.Number()])));

const location = closed({
  address1: optionalText(),
  address2: optionalText(),
  city: optionalText(),
  country: optionalText(),
  latitude: coordinate(),
  longitude: coordinate(),
  region: optionalText(),
  zip: optionalText(),
  timezone: optionalText(),
  ip: optionalText(),
});

const profileAttributes = {
  email: optionalText(),
  phone_number: optionalText(),
  external_id: optionalText(),
  first_name: optionalText(),
  last_name: optionalText(),
  organization: optionalText(),
  locale: optionalText(),
  title: optionalText(),
  image: optionalText(),
  location: Type.Optional(location),
  properties: Type.Optional(nullable(open())),
};

const meta = closed({
  patch_properties: Type.Optional(
    closed({
      append: Type.Optional(nullable(open())),
      unappend: Type.Optional(nullable(open())),
      unset: Type.Optional(nullable(Type.Union([Type.String(), Type.Array(Type.String())]))),
    }),
  ),
});

/** POST /api/profile-import */
export const ProfileUpsertQuery = closed({
  data: closed({
    type: Type.Literal("profile"),
    id: optionalText(),
    attributes: closed(profileAttributes),
    meta: Type.Optional(meta),
  }),
});

/** PATCH /api/profiles/{id} */
export const ProfilePartialUpdateQuery = closed({
  data: closed({
    type: Type.Literal("profile"),
    id: Type.String(),
    attributes: closed(profileAttributes),
    meta: Type.Optional(meta),
  }),
});

/** POST /api/events; here the profile's `meta` sits inside its attributes. */
export const EventCreateQuery = closed({
  data: closed({
    type: Type.Literal("event"),
    attributes: closed({
      properties: open(),
      time: optionalText(),
      value: Type.Optional(nullable(Type.Number())),
      value_currency: optionalText(),
      unique_id: optionalText(),
      backfill: Type.Optional(nullable(Type.Boolean())),
      metric: closed({
        data: closed({
          type: Type.Literal("metric"),
          attributes: closed({ name: Type.String(), service: optionalText() }),
        }),
      }),
      profile: closed({
        data: closed({
          type: Type.Literal("profile"),
          id: optionalText(),
          attributes: closed({ ...profileAttributes, anonymous_id: optionalText(), meta: Type.Optional(meta) }),
        }),
      }),
    }),
  }),
});

type EventAttributes = Static<typeof EventCreateQuery>["data"]["attributes"];
export type ProfileAttributes = EventAttributes["profile"]["data"]["attributes"];
export type ProfileMeta = Static<typeof meta>;
export type { EventAttributes };

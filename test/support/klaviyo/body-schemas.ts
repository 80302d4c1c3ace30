import { type Static, Type } from "@sinclair/typebox";
import { closed, document, identifier, nullable, open, optionalFlag, optionalText, resource } from "./closed-schema.ts";

/*
 * Two official names are missing on purpose. `_kx` can be resolved by Klaviyo alone, and `patch_identifiers` is not
 * modelled; refusing them is louder than ignoring them.
 */
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

const profileUpsert = closed({
  type: Type.Literal("profile"),
  id: optionalText(),
  attributes: closed(profileAttributes),
  meta: Type.Optional(meta),
});

/** POST /api/profile-import */
export const ProfileUpsertQuery = document(profileUpsert);

/** PATCH /api/profiles/{id} */
export const ProfilePartialUpdateQuery = document(
  closed({
    type: Type.Literal("profile"),
    id: Type.String(),
    attributes: closed(profileAttributes),
    meta: Type.Optional(meta),
  }),
);

/** POST /api/profile-bulk-import-jobs */
export const ProfileImportJobCreateQuery = document(
  closed({
    type: Type.Literal("profile-bulk-import-job"),
    attributes: closed({ profiles: document(Type.Array(profileUpsert)) }),
    relationships: Type.Optional(
      closed({ lists: Type.Optional(closed({ data: Type.Optional(Type.Array(identifier("list"))) })) }),
    ),
  }),
);

/** POST /api/profile-merge */
export const ProfileMergeQuery = document(
  closed({
    type: Type.Literal("profile-merge"),
    id: Type.String(),
    relationships: closed({ profiles: closed({ data: Type.Optional(Type.Array(identifier("profile"))) }) }),
  }),
);

/** POST /api/data-privacy-deletion-jobs */
export const DataPrivacyCreateDeletionJobQuery = resource(
  "data-privacy-deletion-job",
  closed({
    profile: document(
      closed({
        type: Type.Literal("profile"),
        id: optionalText(),
        attributes: closed({ email: optionalText(), phone_number: optionalText() }),
      }),
    ),
  }),
);

const eventAttributes = {
  properties: open(),
  time: optionalText(),
  value: Type.Optional(nullable(Type.Number())),
  value_currency: optionalText(),
  unique_id: optionalText(),
  backfill: optionalFlag(),
  metric: resource("metric", closed({ name: Type.String(), service: optionalText() })),
};

const eventProfileAttributes = { ...profileAttributes, anonymous_id: optionalText() };

/** POST /api/events; here the profile's `meta` sits inside its attributes. */
export const EventCreateQuery = resource(
  "event",
  closed({
    ...eventAttributes,
    profile: document(
      closed({
        type: Type.Literal("profile"),
        id: optionalText(),
        attributes: closed({ ...eventProfileAttributes, meta: Type.Optional(meta) }),
      }),
    ),
  }),
);

/** POST /api/event-bulk-create-jobs; here the profile's `meta` sits beside its attributes. */
export const EventsBulkCreateJob = resource(
  "event-bulk-create-job",
  closed({
    "events-bulk-create": document(
      Type.Array(
        closed({
          type: Type.Literal("event-bulk-create"),
          attributes: closed({
            backfill: optionalFlag(),
            profile: document(
              closed({
                type: Type.Literal("profile"),
                id: optionalText(),
                attributes: closed(eventProfileAttributes),
                meta: Type.Optional(meta),
              }),
            ),
            events: document(Type.Array(closed({ type: Type.Literal("event"), attributes: closed(eventAttributes) }))),
          }),
        }),
      ),
    ),
  }),
);

export type ProfileUpsert = Static<typeof profileUpsert>;
export type ProfileMeta = Static<typeof meta>;
export type ProfileAttributes = Static<typeof EventCreateQuery>["data"]["attributes"]["profile"]["data"]["attributes"];
/** Those of an event without its profile. */
export type EventAttributes = Omit<Static<typeof EventCreateQuery>["data"]["attributes"], "profile">;

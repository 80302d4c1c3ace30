import { Type } from "@sinclair/typebox";
import { Field } from "./fields.ts";
import { date, dictionary, flag, list, localizable, number, optional, options, text } from "./schema.ts";
import { SemanticTags } from "./semantics.ts";
import { apps } from "./top-level.ts";
import { eventUrls } from "./urls.ts";

/** Apple's limit for a picture that Wallet loads by itself. */
export const MAX_REMOTE_IMAGE_BYTES = 2_097_152;

const RemoteImage = dictionary(
  {
    URL: text("Where the picture is; https.", { missing: "APL509", value: "APL509" }, { pattern: "^https://[^\\s]+$" }),
    SHA256: text("SHA-256 of the picture.", { missing: "APL509" }, { minLength: 1 }),
    ...optional({
      scale: number("Density of the picture. Default: 1."),
      size: number("Size in bytes, at most 2,097,152.", { value: "APL509" }, { maximum: MAX_REMOTE_IMAGE_BYTES }),
    }),
  },
  "A picture in one density.",
);

const RemoteImages = (description: string) =>
  dictionary(
    optional({
      URLs: list(RemoteImage, "The picture in its densities."),
      reuseExisting: flag("Takes the picture of the pass itself."),
    }),
    description,
  );

const DateInformation = dictionary(
  optional({
    date: date("The date."),
    timeZone: text("IANA zone, such as Europe/London."),
    isAllDay: flag("The whole day is meant."),
    ignoreTimeComponents: flag("Only the day is meant."),
    isUnannounced: flag("The date will be announced later."),
    isUndetermined: flag("The date is not settled."),
  }),
  "When the event is; without it the entry reads TBD.",
);

const UpcomingPassInformationEntry = dictionary(
  {
    identifier: text("Name of the entry, unique in the pass.", { missing: "APL508" }, { minLength: 1 }),
    name: localizable("Name of the event.", { missing: "APL508" }, { minLength: 1 }),
    type: Type.Literal("event", options("Always event.", { missing: "APL508", type: "APL508", value: "APL508" })),
    ...optional({
      dateInformation: DateInformation,
      isActive: flag("It is the event that comes next. Default: false."),
      URLs: dictionary(optional(eventUrls), "Buttons of the event."),
      images: dictionary(
        optional({
          headerImage: RemoteImages("Picture at the top."),
          venueMap: RemoteImages("Map of the venue."),
        }),
        "Pictures that Wallet loads.",
      ),
      semantics: SemanticTags,
      backFields: list(Field, "Fields of the entry; without them the list is not shown."),
      additionalInfoFields: list(Field, "Fields below the entry."),
      auxiliaryStoreIdentifiers: apps.auxiliaryStoreIdentifiers,
    }),
  },
  "An event that the pass is also valid for.",
);

export const upcoming = {
  upcomingPassInformation: list(
    UpcomingPassInformationEntry,
    "Events that the pass is valid for, in their order (iOS 26).",
  ),
};

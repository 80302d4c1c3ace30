import { dictionary, list, oneOf, text, url } from "./schema.ts";

export const FEATURED_ACTION_TYPES = [
  "viewSchedule",
  "watchTrailer",
  "listenToMusic",
  "call",
  "place",
  "addToBalance",
  "order",
  "shop",
  "membershipBenefits",
  "bookAppointment",
  "bookCar",
  "bookFlight",
  "bookStay",
  "viewOffersRewards",
] as const;

const FeaturedAction = dictionary(
  {
    identifier: text("Name of the action, unique in the pass.", { missing: "APL507" }, { minLength: 1 }),
    type: oneOf(FEATURED_ACTION_TYPES, "Kind of action; Wallet has icon and label for it.", {
      missing: "APL507",
      value: "APL507",
    }),
    url: url("What is opened.", { missing: "APL507", value: "APL507" }),
  },
  "A button.",
);

export const actions = {
  featuredActions: list(
    FeaturedAction,
    "Buttons below the pass in order of importance, two at most (iOS and watchOS 27).",
    { value: "APL507" },
    { maxItems: 2 },
  ),
};

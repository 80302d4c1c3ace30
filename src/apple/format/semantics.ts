import type { Static } from "@sinclair/typebox";
import { dictionary, optional } from "./schema.ts";
import { eventTags, generalTags, sportTags, venueTags } from "./semantics-event.ts";
import { departureTags, destinationTags, flightTags, journeyTags, passengerTags } from "./semantics-transit.ts";

/** Apple: "SemanticTags". */
export const SemanticTags = dictionary(
  optional({
    ...generalTags,
    ...eventTags,
    ...venueTags,
    ...sportTags,
    ...journeyTags,
    ...flightTags,
    ...departureTags,
    ...destinationTags,
    ...passengerTags,
  }),
  "What the pass means, for the system: events, venues, journeys. A wrong type makes the phone refuse the pass.",
  { type: "APL501" },
  "SemanticTags",
);
export type SemanticTags = Static<typeof SemanticTags>;

/** Names that the preview of Pass Builder writes, and the documented ones. */
export const PASS_BUILDER_NAMES: ReadonlyMap<string, string> = new Map([
  ["departureAirportTimeZone", "departureLocationTimeZone"],
  ["destinationAirportTimeZone", "destinationLocationTimeZone"],
  ["departureAirportSecurityPrograms", "departureLocationSecurityPrograms"],
  ["destinationAirportSecurityPrograms", "destinationLocationSecurityPrograms"],
  ["airlineLoungePlaceID", "loungePlaceIDs"],
  ["urls", "URLs"],
  ["url", "URL"],
  ["sha256", "SHA256"],
]);

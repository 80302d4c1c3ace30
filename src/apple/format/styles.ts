import { ADDITIONAL_INFO, FIELD_GROUPS, FOOTER_FIELDS } from "./fields.ts";
import { constants, dictionary, oneOf, optional } from "./schema.ts";

const TRANSIT_TYPES = constants("PKTransitType", ["Air", "Boat", "Bus", "Generic", "Train"]);

const groups = optional(FIELD_GROUPS);

/** One dictionary of these holds the fields; its key is the style of the pass. */
export const styles = {
  boardingPass: dictionary(
    {
      transitType: oneOf(TRANSIT_TYPES, "Means of transport.", { missing: "APL201", type: "APL201", value: "APL201" }),
      ...groups,
    },
    "Boarding pass or ticket for a journey.",
  ),
  coupon: dictionary(groups, "Coupon or offer."),
  eventTicket: dictionary({ ...groups, ...optional(ADDITIONAL_INFO) }, "Ticket for an event."),
  generic: dictionary(groups, "Any other card, such as a membership card."),
  storeCard: dictionary(groups, "Points card, gift card or other card of a shop."),
  posterGeneric: dictionary(
    { ...groups, ...optional({ ...ADDITIONAL_INFO, ...FOOTER_FIELDS }) },
    "Card with a large picture (iOS 27); put an older style beside it for iOS 26 and earlier.",
  ),
};

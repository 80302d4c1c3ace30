import { text, url } from "./schema.ts";

const orderFoodURL = url("Ordering food: poster event tickets (iOS 18) and semantic boarding passes (iOS 26).");

/** Buttons of a poster event ticket (iOS 18). */
export const eventUrls = {
  accessibilityURL: url("What the venue offers for accessibility."),
  addOnURL: url("Extras that can be bought for the ticket."),
  bagPolicyURL: url("Which bags are allowed."),
  directionsInformationURL: url("How to get there."),
  merchandiseURL: url("Merchandise."),
  orderFoodURL,
  parkingInformationURL: url("Where to park."),
  purchaseParkingURL: url("Buying a parking space."),
  sellURL: url("Selling the ticket."),
  transferURL: url("Giving the ticket to somebody else."),
  transitInformationURL: url("Public transport to the venue."),
  contactVenueEmail: text("Email address of the venue."),
  contactVenuePhoneNumber: text("Phone number of the venue."),
  contactVenueWebsite: url("Website of the venue."),
};

/** Buttons of a semantic boarding pass (iOS 26). */
export const boardingUrls = {
  changeSeatURL: url("Changing the seat."),
  entertainmentURL: url("Entertainment on board."),
  managementURL: url("Managing the booking."),
  purchaseAdditionalBaggageURL: url("Buying more baggage."),
  purchaseLoungeAccessURL: url("Buying access to the lounge."),
  purchaseWifiURL: url("Buying Wi-Fi on board."),
  registerServiceAnimalURL: url("Registering a service animal."),
  reportLostBagURL: url("Reporting lost baggage."),
  requestWheelchairURL: url("Asking for a wheelchair."),
  trackBagsURL: url("Where the baggage is."),
  upgradeURL: url("Upgrading to another class."),
  transitProviderEmail: text("Email address of the carrier."),
  transitProviderPhoneNumber: text("Phone number of the carrier."),
  transitProviderWebsiteURL: url("Website of the carrier."),
  orderFoodURL,
  businessChatIdentifier: text("The carrier's identifier for Messages for Business."),
};

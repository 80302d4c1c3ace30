import { coordinates } from "./relevance.ts";
import { colour, date, dictionary, flag, localizable, optional, text } from "./schema.ts";

/** The objects that semantic tags are made of. */

export const CurrencyAmount = dictionary(
  optional({ amount: text("The amount as text, such as 25.90."), currencyCode: text("ISO 4217 code.") }),
  "An amount of money.",
);

export const SemanticLocation = dictionary(coordinates({ missing: "APL501" }), "Coordinates.");

export const EventDateInfo = dictionary(
  optional({
    date: date("The date."),
    timeZone: text("IANA zone, such as Europe/London."),
    ignoreTimeComponents: flag("Only the day is meant."),
    unannounced: flag("The date will be announced later."),
    undetermined: flag("The date is not settled."),
  }),
  "A date of an event that may be open (iOS 18).",
);

export const PersonNameComponents = dictionary(
  optional({
    namePrefix: text("Title before the name."),
    givenName: text("Given name."),
    middleName: text("Middle name."),
    familyName: text("Family name."),
    nameSuffix: text("What follows the name."),
    nickname: text("Nickname."),
    phoneticRepresentation: text("How the name is pronounced."),
  }),
  "A person's name in its parts.",
);

export const Seat = dictionary(
  optional({
    seatDescription: localizable("The seat in words."),
    seatIdentifier: localizable("Identifier of the seat."),
    seatNumber: localizable("Number of the seat."),
    seatRow: localizable("Row."),
    seatSection: localizable("Section."),
    seatAisle: localizable("Aisle."),
    seatLevel: localizable("Level."),
    seatType: localizable("Kind of seat."),
    seatSectionColor: colour("Colour of the section."),
  }),
  "A seat.",
);

export const WifiNetwork = dictionary(
  {
    ssid: text("Name of the network.", { missing: "APL501" }),
    password: text("Password of the network.", { missing: "APL501" }),
    ...optional({
      captiveToken: text("Token for the network's sign-in page."),
      captiveTokenAuthURL: text("Address of the network's sign-in page."),
    }),
  },
  "A Wi-Fi network that the holder may use.",
);

import { constants, date, described, flag, list, localizable, number, oneOf } from "./schema.ts";
import { CurrencyAmount, EventDateInfo, Seat, SemanticLocation, WifiNetwork } from "./semantic-objects.ts";

const EVENT_TYPES = constants("PKEventType", [
  "Generic",
  "LivePerformance",
  "Movie",
  "Sports",
  "Conference",
  "Convention",
  "Workshop",
  "SocialGathering",
]);

const musicIds = (what: string) =>
  list(localizable("An identifier."), `Apple Music identifiers of ${what}, the most important first.`);

export const generalTags = {
  totalPrice: described(CurrencyAmount, "Price of what was bought."),
  wifiAccess: list(WifiNetwork, "Wi-Fi networks that the holder may use."),
  balance: described(CurrencyAmount, "Balance of a store card."),
  duration: number("Length of the event or journey in seconds."),
  seats: list(Seat, "Seats."),
  silenceRequested: flag("The phone should be silent during the event."),
};

export const eventTags = {
  eventType: oneOf(EVENT_TYPES, "Kind of event.", { value: "APL105" }),
  eventName: localizable("Name of the event."),
  eventStartDate: date("Begin of the event."),
  eventStartDateInfo: described(EventDateInfo, "Begin of the event when it may be open (iOS 18)."),
  eventEndDate: date("End of the event."),
  attendeeName: localizable("Who attends."),
  admissionLevel: localizable("What the ticket admits to, such as General Admission."),
  admissionLevelAbbreviation: localizable("The same in short."),
  additionalTicketAttributes: localizable("What else the ticket includes."),
  entranceDescription: localizable("Which entrance to take."),
  tailgatingAllowed: flag("Tailgating is allowed."),
  genre: localizable("Genre of the performance."),
  performerNames: list(localizable("A name."), "Who performs, the most important first."),
  artistIDs: musicIds("the artists"),
  albumIDs: musicIds("albums"),
  playlistIDs: musicIds("playlists"),
};

export const venueTags = {
  venueName: localizable("Name of the venue."),
  venueRegionName: localizable("City or region of the venue."),
  venueRoom: localizable("Room or hall."),
  venuePhoneNumber: localizable("Phone number of the venue."),
  venueLocation: described(SemanticLocation, "Where the venue is."),
  venueEntrance: localizable("Entrance."),
  venueEntranceDoor: localizable("Door."),
  venueEntranceGate: localizable("Gate."),
  venueEntrancePortal: localizable("Portal."),
  venueOpenDate: date("When the venue opens."),
  venueCloseDate: date("When the venue closes."),
  venueDoorsOpenDate: date("When the doors open."),
  venueGatesOpenDate: date("When the gates open."),
  venueBoxOfficeOpenDate: date("When the box office opens."),
  venueFanZoneOpenDate: date("When the fan zone opens."),
  venueParkingLotsOpenDate: date("When the car parks open."),
};

export const sportTags = {
  sportName: localizable("Sport."),
  leagueName: localizable("League."),
  leagueAbbreviation: localizable("League in short."),
  homeTeamName: localizable("Home team."),
  homeTeamLocation: localizable("City or region of the home team."),
  homeTeamAbbreviation: localizable("Home team in short."),
  awayTeamName: localizable("Visiting team."),
  awayTeamLocation: localizable("City or region of the visiting team."),
  awayTeamAbbreviation: localizable("Visiting team in short."),
};

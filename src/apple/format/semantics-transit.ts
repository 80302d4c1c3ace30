import { constants, date, described, flag, list, localizable, number, oneOf, text } from "./schema.ts";
import { PersonNameComponents, SemanticLocation } from "./semantic-objects.ts";

const SECURITY_PROGRAMS = constants("PKTransitSecurityProgram", [
  "TSAPreCheck",
  "TSAPreCheckTouchlessID",
  "OSS",
  "ITI",
  "ITD",
  "GlobalEntry",
  "CLEAR",
]);
const PASSENGER_CAPABILITIES = constants("PKPassengerCapability", [
  "Preboarding",
  "PriorityBoarding",
  "Carryon",
  "PersonalItem",
  "LapInfant",
]);

const securityPrograms = (description: string) =>
  list(oneOf(SECURITY_PROGRAMS, "A programme.", { value: "APL105" }), description);

const specialServices = (description: string) =>
  list(text("A code of four letters, such as WCHR."), `${description} (IATA special service requests, iOS 26).`);

export const journeyTags = {
  transitProvider: localizable("Carrier."),
  transitStatus: localizable("Status of the journey, such as Delayed."),
  transitStatusReason: localizable("Why."),
  vehicleName: localizable("Name of the vehicle."),
  vehicleNumber: localizable("Number of the vehicle."),
  vehicleType: localizable("Kind of vehicle."),
  carNumber: localizable("Number of the carriage."),
  confirmationNumber: localizable("Number of the booking."),
  originalBoardingDate: date("Planned boarding."),
  originalDepartureDate: date("Planned departure."),
  originalArrivalDate: date("Planned arrival."),
  currentBoardingDate: date("Expected boarding."),
  currentDepartureDate: date("Expected departure."),
  currentArrivalDate: date("Expected arrival."),
};

export const flightTags = {
  airlineCode: localizable("IATA code of the airline."),
  flightCode: localizable("Airline code and number of the flight."),
  flightNumber: number("Number of the flight, without the airline code."),
  loungePlaceIDs: list(text("A MapKit place ID."), "Lounges."),
};

export const departureTags = {
  departureAirportCode: localizable("IATA code of the airport of departure."),
  departureAirportName: localizable("Airport of departure."),
  departureCityName: localizable("City of departure."),
  departureGate: localizable("Gate of departure."),
  departureTerminal: localizable("Terminal of departure."),
  departurePlatform: localizable("Platform of departure."),
  departureStationName: localizable("Station of departure."),
  departureLocationDescription: localizable("Place of departure in words."),
  departureLocation: described(SemanticLocation, "Where the journey begins."),
  departureLocationTimeZone: text("IANA zone of the place of departure."),
  departureLocationSecurityPrograms: securityPrograms("Security programmes of the airport of departure."),
};

export const destinationTags = {
  destinationAirportCode: localizable("IATA code of the airport of arrival."),
  destinationAirportName: localizable("Airport of arrival."),
  destinationCityName: localizable("City of arrival."),
  destinationGate: localizable("Gate of arrival."),
  destinationTerminal: localizable("Terminal of arrival."),
  destinationPlatform: localizable("Platform of arrival."),
  destinationStationName: localizable("Station of arrival."),
  destinationLocationDescription: localizable("Place of arrival in words."),
  destinationLocation: described(SemanticLocation, "Where the journey ends."),
  destinationLocationTimeZone: text("IANA zone of the place of arrival."),
  destinationLocationSecurityPrograms: securityPrograms("Security programmes of the airport of arrival."),
};

export const passengerTags = {
  passengerName: described(PersonNameComponents, "The passenger's name in its parts."),
  boardingGroup: localizable("Boarding group."),
  boardingZone: localizable("Boarding zone."),
  boardingSequenceNumber: localizable("Boarding sequence number."),
  priorityStatus: localizable("Priority of the passenger."),
  ticketFareClass: localizable("Class of the ticket."),
  securityScreening: localizable("Kind of security screening."),
  membershipProgramName: localizable("Name of the frequent flyer programme."),
  membershipProgramNumber: localizable("Number in the frequent flyer programme."),
  membershipProgramStatus: localizable("Status in the frequent flyer programme."),
  internationalDocumentsAreVerified: flag("The travel documents have been checked."),
  internationalDocumentsVerifiedDeclarationName: localizable("What is shown when they have been checked."),
  passengerCapabilities: list(
    oneOf(PASSENGER_CAPABILITIES, "A privilege.", { value: "APL105" }),
    "What the passenger may do (iOS 26).",
  ),
  passengerEligibleSecurityPrograms: securityPrograms(
    "Security programmes of the passenger; shown where an airport has the same.",
  ),
  passengerInformationSSRs: specialServices("Notes about the passenger"),
  passengerServiceSSRs: specialServices("Services for the passenger"),
  passengerAirlineSSRs: specialServices("Codes of the airline's own"),
};

import { date, dictionary, integer, list, localizable, type Marks, number, optional, text } from "./schema.ts";

/** Latitude and longitude, both required. */
export const coordinates = (marks?: Marks) => ({
  latitude: number("Latitude in degrees.", { ...marks, value: "APL307" }, { minimum: -90, maximum: 90 }),
  longitude: number("Longitude in degrees.", { ...marks, value: "APL307" }, { minimum: -180, maximum: 180 }),
});

const relevantText = localizable("Shown on the Lock Screen while the pass is relevant here.");

const Location = dictionary(
  { ...coordinates(), ...optional({ altitude: number("Altitude in metres."), relevantText }) },
  "A place at which the pass is relevant.",
);

const BeaconNumber = (which: string) =>
  integer(`${which} number of the beacon.`, { value: "APL307" }, { minimum: 0, maximum: 65_535 });

const Beacon = dictionary(
  {
    proximityUUID: text(
      "UUID of the beacon.",
      { value: "APL307" },
      { pattern: "^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$" },
    ),
    ...optional({ major: BeaconNumber("Major"), minor: BeaconNumber("Minor"), relevantText }),
  },
  "A Bluetooth beacon near which the pass is relevant.",
);

const RelevantDate = dictionary(
  optional({
    date: date("The moment."),
    relevantDate: date("The same moment under the name that iOS 18 reads."),
    startDate: date("Begin of a span; needs endDate."),
    endDate: date("End of the span."),
  }),
  "A moment (date) or a span (startDate and endDate).",
);

/** When and where the pass appears on the Lock Screen. */
export const relevance = {
  relevantDates: list(RelevantDate, "Moments and spans in which the pass is relevant (iOS 18)."),
  relevantDate: date("The moment at which the pass is relevant; deprecated, needed for iOS 17 and earlier."),
  locations: list(
    Location,
    "Places at which the pass is relevant, ten at most.",
    { value: "APL307" },
    { maxItems: 10 },
  ),
  maxDistance: number("Distance in metres from which a place counts; the system may take a smaller one.", {
    type: "APL308",
    value: "APL308",
  }),
  beacons: list(Beacon, "Beacons near which the pass is relevant, of ten different UUIDs at most."),
};

import { isObject, type JsonObject } from "../../../templates/placeholders.ts";
import { STYLE_SCHEMES } from "../../format/top-level.ts";
import type { Problem } from "../finding.ts";
import type { PassInput, PosterOrSemantic, StyleName } from "../pass-input.ts";
import { passRule } from "../rule.ts";
import { listing, show } from "../words.ts";

const EVENT_TAGS = ["eventName", "venueName", "venueRegionName", "venueRoom"];

/** Further tags by the kind of event. */
const TAGS_BY_EVENT: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["PKEventTypeSports", ["homeTeamAbbreviation", "awayTeamAbbreviation"]],
  ["PKEventTypeLivePerformance", ["performerNames"]],
]);

const BOARDING_TAGS = [
  "airlineCode",
  "flightNumber",
  "passengerName",
  "originalBoardingDate",
  "originalDepartureDate",
  "originalArrivalDate",
  ...["departure", "destination"].flatMap((end) => [`${end}AirportCode`, `${end}CityName`, `${end}LocationTimeZone`]),
];

const STYLE_OF: ReadonlyMap<unknown, StyleName> = new Map([
  ["posterEventTicket", "eventTicket"],
  ["eventTicket", "eventTicket"],
  ["semanticBoardingPass", "boardingPass"],
  ["boardingPass", "boardingPass"],
]);

/** Wallet falls back to the classic layout without a word when anything is amiss. */
export const schemeConditions = passRule({
  id: "APL502",
  severity: "warning",
  summary: "a style scheme is asked for whose conditions are not met, that is unknown, or that does not fit the style",
  effect: "classic layout",
  mark: "documented",
  *check(input) {
    const { pass, styles, scheme, shape } = input;
    for (const { path, value } of shape.get("APL502") ?? []) {
      yield { path, message: `${show(value)} is not known; there are ${STYLE_SCHEMES.join(", ")}` };
    }
    const asked = Array.isArray(pass["preferredStyleSchemes"]) ? pass["preferredStyleSchemes"] : [];
    for (const name of asked) {
      const style = STYLE_OF.get(name);
      if (style && !styles.some((one) => one.name === style)) {
        yield {
          path: "pass.preferredStyleSchemes",
          message: `has ${name}, which is a look of ${style}; this pass is ${styles[0]?.name ?? "none"}`,
        };
      }
    }
    if (scheme === "posterEventTicket" && input.classic?.name === "eventTicket") yield* posterConditions(input);
    if (scheme === "semanticBoardingPass" && input.classic?.name === "boardingPass")
      yield* boardingConditions(input, input.classic.dictionary);
  },
});

function* posterConditions(input: PassInput): Iterable<Problem> {
  const tags = tagsOf(input);
  const further = TAGS_BY_EVENT.get(tags.get("eventType")) ?? [];
  yield* missingTags(tags, [...EVENT_TAGS, ...further], "posterEventTicket");
  if (!input.images.some(({ name }) => name === "artwork" || name === "background")) {
    yield { path: "artwork@3x.png", message: "is missing: posterEventTicket needs artwork or background" };
  }
  const nfc = input.pass["nfc"];
  if (!isObject(nfc) || nfc["requiresAuthentication"] === undefined) {
    yield {
      path: isObject(nfc) ? "pass.nfc.requiresAuthentication" : "pass.nfc",
      message:
        "is missing: posterEventTicket is meant for tickets that are read by NFC, and Pass Builder takes none without",
    };
  }
}

function* boardingConditions(input: PassInput, dictionary: JsonObject): Iterable<Problem> {
  yield* missingTags(tagsOf(input), BOARDING_TAGS, "semanticBoardingPass");
  if (dictionary["transitType"] !== "PKTransitTypeAir") {
    yield { path: "pass.boardingPass.transitType", message: "must be PKTransitTypeAir for semanticBoardingPass" };
  }
}

/** Where a tag stands makes no difference; an upcoming entry speaks of another event. */
const tagsOf = ({ semantics }: PassInput): Map<string, unknown> =>
  new Map(
    semantics
      .filter(({ path }) => !path.startsWith("pass.upcomingPassInformation"))
      .flatMap(({ tags }) => Object.entries(tags)),
  );

function* missingTags(
  tags: ReadonlyMap<string, unknown>,
  needed: readonly string[],
  scheme: PosterOrSemantic,
): Iterable<Problem> {
  const missing = needed.filter((name) => !tags.has(name));
  if (missing.length > 0)
    yield { path: "pass.semantics", message: `lacks ${listing(missing)}; ${scheme} needs them all` };
}

/** What older systems show, and what every system checks. */
export const classicFields = passRule({
  id: "APL503",
  severity: "error",
  summary: "poster or semantic scheme without fields for the classic look",
  effect: "empty on older devices, or refused everywhere",
  mark: "documented",
  *check({ scheme, classic, fields }) {
    if (!scheme || !classic) return;
    const front = ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields"];
    if (!fields.some(({ style, group }) => style === classic.name && front.includes(group))) {
      yield {
        path: `pass.${classic.name}`,
        message: `has no fields on its front: without ${scheme} the pass would be empty; fill it as a classic ${classic.name}`,
      };
    }
  },
});

/** Apple gives the poster look to tickets that are read by NFC. */
export const posterBarcode = passRule({
  id: "APL504",
  severity: "warning",
  summary: "posterEventTicket with a barcode for entry",
  effect: "not supported there",
  mark: "documented",
  *check({ scheme, pass }) {
    const barcodes = pass["barcodes"];
    if (
      scheme === "posterEventTicket" &&
      ((Array.isArray(barcodes) && barcodes.length > 0) || pass["barcode"] !== undefined)
    ) {
      yield {
        path: "pass.barcodes",
        message:
          "may not be shown by posterEventTicket; take the classic look for tickets that are scanned at the door",
      };
    }
  },
});

/** Older systems do not know the style at all. */
export const posterGenericAlone = passRule({
  id: "APL505",
  severity: "error",
  summary: "posterGeneric without an older style beside it",
  effect: "cannot be added on iOS 26 and earlier",
  mark: "documented",
  *check({ styles }) {
    if (styles.length === 1 && styles[0]?.name === "posterGeneric") {
      yield {
        path: "pass.generic",
        message: "is missing beside posterGeneric: iOS 26 and earlier need an older style, such as generic",
      };
    }
  },
});

import type { LintContext } from "../../../src/apple/lint/finding.ts";
import type { Json, JsonObject } from "../../../src/templates/placeholders.ts";

/** Passes without fault, to be broken by tests in one place at a time. */

export const NOW = Date.UTC(2026, 9, 1, 12);

const IDENTITY = {
  formatVersion: 1,
  passTypeIdentifier: "pass.com.example.card",
  teamIdentifier: "A1B2C3D4E5",
  serialNumber: "k3v9x2m7q1",
  organizationName: "Osier & Pine",
  description: "A card",
  webServiceURL: "https://passes.example.com/passkit",
  authenticationToken: "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc",
};

const QR = { format: "PKBarcodeFormatQR", message: "12345", messageEncoding: "iso-8859-1" };
const START = "2026-11-21T19:30+01:00";

export const card: JsonObject = {
  ...IDENTITY,
  backgroundColor: "rgb(23, 63, 57)",
  barcodes: [QR],
  storeCard: {
    headerFields: [{ key: "level", label: "Level", value: "Gold", changeMessage: "Your level is now %@." }],
    primaryFields: [{ key: "points", label: "Points", value: 70, numberStyle: "PKNumberStyleDecimal" }],
    secondaryFields: [{ key: "since", value: "2026-01-01T00:00Z", dateStyle: "PKDateStyleMedium" }],
    backFields: [
      { key: "link", value: "Our shop", attributedValue: '<a href="https://example.com/?a=1&amp;b=2">Shop</a>' },
    ],
  },
};

export const generic: JsonObject = {
  ...IDENTITY,
  generic: { primaryFields: [{ key: "name", value: "Sarah Miller" }] },
};

export const ticket: JsonObject = {
  ...IDENTITY,
  relevantDate: START,
  relevantDates: [{ date: START }],
  barcodes: [QR],
  semantics: { eventName: "Strings after Dark", eventStartDate: START, eventEndDate: "2026-11-21T22:00+01:00" },
  eventTicket: {
    primaryFields: [{ key: "event", value: "Strings after Dark" }],
    auxiliaryFields: [{ key: "seat", value: "C 14", row: 1 }],
  },
};

export const posterTicket: JsonObject = {
  ...IDENTITY,
  preferredStyleSchemes: ["posterEventTicket", "eventTicket"],
  nfc: { message: "12345", encryptionPublicKey: await p256Key(), requiresAuthentication: false },
  semantics: {
    eventType: "PKEventTypeLivePerformance",
    eventName: "Strings after Dark",
    venueName: "Lantern Hall",
    venueRegionName: "Bristol",
    venueRoom: "Main hall",
    performerNames: ["The Quartet"],
  },
  eventTicket: { primaryFields: [{ key: "event", value: "Strings after Dark" }] },
};

export const flight: JsonObject = {
  ...IDENTITY,
  preferredStyleSchemes: ["semanticBoardingPass", "boardingPass"],
  boardingPass: {
    transitType: "PKTransitTypeAir",
    primaryFields: [
      { key: "from", value: "BRS" },
      { key: "to", value: "FCO" },
    ],
  },
  semantics: {
    airlineCode: "EX",
    flightNumber: 815,
    passengerName: { givenName: "Sarah", familyName: "Miller" },
    originalBoardingDate: START,
    originalDepartureDate: START,
    originalArrivalDate: START,
    departureAirportCode: "BRS",
    departureCityName: "Bristol",
    departureLocationTimeZone: "Europe/London",
    destinationAirportCode: "FCO",
    destinationCityName: "Rome",
    destinationLocationTimeZone: "Europe/Rome",
  },
};

export const poster: JsonObject = {
  ...generic,
  posterGeneric: {
    headerFields: [{ key: "tier", value: "Gold" }],
    primaryFields: [{ key: "who", value: "Sarah" }],
    footerFields: [{ key: "since", value: "2026" }],
  },
};

async function p256Key(): Promise<string> {
  const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  return Buffer.from(await crypto.subtle.exportKey("spki", publicKey)).toString("base64");
}

/** The icon in its three densities: what every pass has. */
export const ICONS: ReadonlyMap<string, { width: number; height: number }> = new Map([
  ["icon.png", { width: 38, height: 38 }],
  ["icon@2x.png", { width: 76, height: 76 }],
  ["icon@3x.png", { width: 114, height: 114 }],
]);

export const context = (more: Partial<LintContext> = {}): LintContext => ({
  now: NOW,
  images: ICONS,
  locales: new Map(),
  ...more,
});

/** With further images beside the icons; `undefined` for a broken one. */
export const withImages = (
  images: Readonly<Record<string, readonly [number, number] | undefined>>,
): Partial<LintContext> => ({
  images: new Map([
    ...ICONS,
    ...Object.entries(images).map(([file, size]) => [file, size && { width: size[0], height: size[1] }] as const),
  ]),
});

export const texts = (languages: Readonly<Record<string, Readonly<Record<string, string>>>>): Partial<LintContext> => ({
  locales: new Map(
    Object.entries(languages).map(([language, strings]) => [language, new Map(Object.entries(strings))]),
  ),
});

/** A copy with values at dotted paths; `undefined` takes the key away. */
export function changed(pass: JsonObject, changes: Readonly<Record<string, Json | undefined>>): JsonObject {
  const copy = structuredClone(pass) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at = copy;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy as JsonObject;
}

/** `n` fields with keys of their own. */
export const fields = (n: number, prefix = "f"): Json[] =>
  Array.from({ length: n }, (_, i) => ({ key: `${prefix}${i}`, value: "x" }));

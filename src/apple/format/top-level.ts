import { Type } from "@sinclair/typebox";
import { colour, date, flag, list, localizable, number, oneOf, options, text, url } from "./schema.ts";

/** Who made the pass and which one it is. */
export const identity = {
  formatVersion: Type.Literal(1, options("Version of the format: the number 1.", { type: "APL102", value: "APL102" })),
  passTypeIdentifier: text(
    "Kind of pass, registered with Apple; begins with pass. and equals the UID of the signing certificate.",
    { value: "APL102" },
    { minLength: 1, pattern: "^pass\\." },
  ),
  teamIdentifier: text(
    "Apple's identifier of the developer team; equals the OU of the signing certificate.",
    undefined,
    {
      minLength: 1,
    },
  ),
  serialNumber: text(
    "Which pass of its type it is. Text even when numeric; short and safe in addresses. A second pass with the same one replaces the first.",
    undefined,
    { minLength: 1 },
  ),
  organizationName: localizable("Who issued the pass; shown on the Lock Screen and in Mail.", undefined, {
    minLength: 1,
  }),
  description: localizable("What the pass is in a few words; read out by VoiceOver.", undefined, { minLength: 1 }),
};

/** How the pass is updated. */
export const service = {
  webServiceURL: url(
    "Base of the web service that phones ask for updates; https, and only together with authenticationToken.",
    { value: "APL110" },
  ),
  authenticationToken: text(
    "Secret of the pass that phones show to the web service; never changes during the life of the pass.",
    { missing: "APL109", value: "APL109" },
    { minLength: 16 },
  ),
};

/** Apps that belong to the pass. */
export const apps = {
  associatedStoreIdentifiers: list(
    number("App Store identifier of an app."),
    "Apps of the issuer; Wallet links to the first that fits the device. Not on watchOS.",
  ),
  auxiliaryStoreIdentifiers: list(
    number("App Store identifier of an app."),
    "Further apps, on poster event tickets only (iOS 18).",
  ),
  appLaunchURL: url("Given to the app when it is opened from the pass; needs associatedStoreIdentifiers."),
  userInfo: Type.Unknown(options("Anything for the issuer's own app; never shown.")),
};

/** How long the pass lives and what may be done with it. */
export const life = {
  expirationDate: date("When the pass ends; Wallet hides it afterwards."),
  voided: flag("The pass has been used up or withdrawn. Default: false."),
  groupingIdentifier: text(
    "Passes of the same type with the same identifier are shown as a group. Boarding passes and event tickets only.",
  ),
  sharingProhibited: flag("Removes the Share button; it protects nothing else."),
};

/** Colours and texts of the whole pass. */
export const appearance = {
  backgroundColor: colour("Background of the pass."),
  foregroundColor: colour("Colour of the values."),
  labelColor: colour("Colour of the labels; derived when it is missing."),
  suppressStripShine: flag("Draws the strip image without shine. Default: true."),
  logoText: localizable("Text beside the logo; not on poster event tickets."),
  footerBackgroundColor: colour("Background of the footer of a poster event ticket (iOS 18)."),
  suppressHeaderDarkening: flag("Leaves out the dark gradient at the top of a poster event ticket (iOS 18)."),
  useAutomaticColors: flag(
    "Lets Wallet choose the colours of a poster event ticket; foreground and label colour are ignored then (iOS 18).",
  ),
  eventLogoText: localizable("Text in place of the logo on a poster event ticket (iOS 18)."),
  stripColor: colour("Colour of the strip; written by Pass Builder, not documented."),
  logoSymbolName: text("SF Symbol in place of a logo; written by Pass Builder, not documented."),
};

export const STYLE_SCHEMES = ["posterEventTicket", "eventTicket", "semanticBoardingPass", "boardingPass"] as const;

/** Which of several looks Wallet takes. */
export const schemes = {
  preferredStyleSchemes: list(
    oneOf(STYLE_SCHEMES, "A look.", { value: "APL502" }),
    "Looks in order of preference: posterEventTicket before eventTicket (iOS 18), or semanticBoardingPass before boardingPass (iOS 26).",
  ),
};

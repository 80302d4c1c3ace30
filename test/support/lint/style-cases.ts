import type { Json } from "../../../src/templates/placeholders.ts";
import type { RuleCases } from "./cases.ts";
import { card, changed, fields, flight, generic, poster, posterTicket, ticket, withImages } from "./passes.ts";

const ARTWORK = withImages({ "artwork@2x.png": [716, 896] });
const action = (identifier: string, more: Readonly<Record<string, Json>> = {}) => ({
  identifier,
  type: "shop",
  url: "https://example.com",
  ...more,
});
const entry = (more: Readonly<Record<string, Json | undefined>> = {}) =>
  changed({ identifier: "a", name: "Opening night", type: "event", backFields: fields(1) }, more);
const image = (more: Readonly<Record<string, Json | undefined>>) => ({
  headerImage: { URLs: [changed({ URL: "https://example.com/a.png", SHA256: "00" }, more)] },
});

export const STYLE_CASES: readonly RuleCases[] = [
  {
    id: "APL501",
    bad: [
      {
        pass: changed(ticket, { "semantics.eventStartDateInfo": "tonight" }),
        at: "pass.semantics.eventStartDateInfo",
        says: "an object",
      },
      {
        pass: changed(flight, { "semantics.flightNumber": "815" }),
        at: "pass.semantics.flightNumber",
        says: "without quotes",
      },
      {
        pass: changed(ticket, { "semantics.performerNames": "The Quartet" }),
        at: "pass.semantics.performerNames",
        says: "a list",
      },
      {
        pass: changed(ticket, { "semantics.venueLocation": { latitude: 1 } }),
        at: "pass.semantics.venueLocation.longitude",
      },
      {
        pass: changed(card, { "storeCard.primaryFields.0.semantics": { balance: 5 } }),
        at: "pass.storeCard.primaryFields.0.semantics.balance",
      },
      { pass: changed(card, { semantics: [] }), at: "pass.semantics" },
      {
        pass: changed(card, { "semantics.totalPrice": { amount: 5 } }),
        at: "pass.semantics.totalPrice.amount",
        says: "in quotes",
      },
    ],
    good: [
      { pass: ticket },
      { pass: flight },
      { pass: changed(card, { "semantics.totalPrice": { amount: "5", currencyCode: "EUR" } }) },
    ],
  },
  {
    id: "APL502",
    bad: [
      {
        pass: changed(card, { preferredStyleSchemes: ["poster"] }),
        at: "pass.preferredStyleSchemes.0",
        says: "posterEventTicket",
      },
      {
        pass: changed(card, { preferredStyleSchemes: ["posterEventTicket"] }),
        at: "pass.preferredStyleSchemes",
        says: "storeCard",
      },
      { pass: posterTicket, at: "artwork@3x.png" },
      {
        pass: changed(posterTicket, { "semantics.venueRoom": undefined }),
        context: ARTWORK,
        at: "pass.semantics",
        says: "venueRoom",
      },
      {
        pass: changed(posterTicket, { "semantics.performerNames": undefined }),
        context: ARTWORK,
        at: "pass.semantics",
      },
      {
        pass: changed(posterTicket, { "semantics.eventType": "PKEventTypeSports" }),
        context: ARTWORK,
        at: "pass.semantics",
        says: "awayTeam",
      },
      { pass: changed(posterTicket, { nfc: undefined }), context: ARTWORK, at: "pass.nfc" },
      { pass: changed(flight, { "semantics.destinationCityName": undefined }), at: "pass.semantics" },
      {
        pass: changed(flight, { "boardingPass.transitType": "PKTransitTypeBus" }),
        at: "pass.boardingPass.transitType",
      },
    ],
    good: [
      { pass: flight },
      { pass: posterTicket, context: ARTWORK },
      {
        pass: changed(posterTicket, { "semantics.eventType": "constructor", "semantics.performerNames": undefined }),
        context: ARTWORK,
      },
      {
        pass: changed(posterTicket, {
          "semantics.venueRoom": undefined,
          "eventTicket.primaryFields.0.semantics": { venueRoom: "Hall" },
        }),
        context: ARTWORK,
      },
    ],
  },
  {
    id: "APL503",
    bad: [
      { pass: changed(posterTicket, { eventTicket: {} }), at: "pass.eventTicket" },
      { pass: changed(flight, { "boardingPass.primaryFields": [] }), at: "pass.boardingPass" },
    ],
    good: [{ pass: posterTicket }, { pass: flight }, { pass: changed(ticket, { eventTicket: {} }) }],
  },
  {
    id: "APL504",
    bad: [{ pass: changed(posterTicket, { barcodes: ticket["barcodes"] }), at: "pass.barcodes" }],
    good: [{ pass: posterTicket }, { pass: ticket }],
  },
  {
    id: "APL505",
    bad: [{ pass: changed(poster, { generic: undefined }), at: "pass.generic" }],
    good: [{ pass: poster }, { pass: generic }],
  },
  {
    id: "APL506",
    bad: [
      { pass: changed(poster, { "posterGeneric.headerFields": fields(2) }), at: "pass.posterGeneric.headerFields.1" },
      { pass: changed(poster, { "posterGeneric.primaryFields": fields(5) }), at: "pass.posterGeneric.primaryFields.4" },
      { pass: changed(poster, { "posterGeneric.footerFields": fields(2) }), at: "pass.posterGeneric.footerFields.1" },
    ],
    good: [{ pass: poster }, { pass: changed(generic, { "generic.headerFields": fields(3) }) }],
  },
  {
    id: "APL507",
    bad: [
      { pass: changed(card, { featuredActions: [action("a"), action("b"), action("c")] }), at: "pass.featuredActions" },
      { pass: changed(card, { featuredActions: [action("a"), action("a")] }), at: "pass.featuredActions.1.identifier" },
      { pass: changed(card, { featuredActions: [action("a", { type: "buy" })] }), at: "pass.featuredActions.0.type" },
      {
        pass: changed(card, { featuredActions: [{ identifier: "a", type: "shop" }] }),
        at: "pass.featuredActions.0.url",
      },
    ],
    good: [{ pass: changed(card, { featuredActions: [action("a"), action("b")] }) }],
  },
  {
    id: "APL508",
    bad: [
      {
        pass: changed(ticket, { upcomingPassInformation: [entry({ name: undefined })] }),
        at: "pass.upcomingPassInformation.0.name",
      },
      {
        pass: changed(ticket, { upcomingPassInformation: [entry({ type: "show" })] }),
        at: "pass.upcomingPassInformation.0.type",
      },
      {
        pass: changed(ticket, { upcomingPassInformation: [entry(), entry()] }),
        at: "pass.upcomingPassInformation.1.identifier",
      },
    ],
    good: [{ pass: changed(ticket, { upcomingPassInformation: [entry(), entry({ identifier: "b" })] }) }],
  },
  {
    id: "APL509",
    bad: [
      {
        pass: changed(ticket, { upcomingPassInformation: [entry({ backFields: undefined })] }),
        at: "pass.upcomingPassInformation.0.backFields",
      },
      {
        pass: changed(ticket, {
          upcomingPassInformation: [entry({ images: image({ URL: "http://example.com/a.png" }) })],
        }),
        at: "pass.upcomingPassInformation.0.images.headerImage.URLs.0.URL",
      },
      {
        pass: changed(ticket, { upcomingPassInformation: [entry({ images: image({ size: 2_097_153 }) })] }),
        at: "pass.upcomingPassInformation.0.images.headerImage.URLs.0.size",
      },
      {
        pass: changed(ticket, { upcomingPassInformation: [entry({ images: image({ SHA256: undefined }) })] }),
        at: "pass.upcomingPassInformation.0.images.headerImage.URLs.0.SHA256",
      },
    ],
    good: [
      { pass: changed(ticket, { upcomingPassInformation: [entry({ images: image({ size: 2_097_152, scale: 2 }) })] }) },
    ],
  },
  {
    id: "APL510",
    bad: [
      {
        pass: changed(ticket, { "semantics.eventEndDate": "2026-11-21T19:00+01:00" }),
        at: "pass.semantics.eventEndDate",
      },
    ],
    good: [{ pass: ticket }],
  },
];

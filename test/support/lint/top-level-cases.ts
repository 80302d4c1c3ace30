import type { RuleCases } from "./cases.ts";
import { card, changed, flight, generic, NOW, poster, posterTicket, ticket } from "./passes.ts";

const certificate = { passTypeIdentifier: "pass.com.example.card", teamIdentifier: "A1B2C3D4E5", nfc: false };

export const TOP_LEVEL_CASES: readonly RuleCases[] = [
  {
    id: "APL007",
    bad: [
      {
        pass: card,
        context: { certificate: { ...certificate, teamIdentifier: "ZZZZZZZZZZ" } },
        at: "pass.teamIdentifier",
      },
      {
        pass: card,
        context: { certificate: { ...certificate, passTypeIdentifier: undefined } },
        at: "pass.passTypeIdentifier",
      },
    ],
    good: [{ pass: card, context: { certificate } }, { pass: card }],
  },
  {
    id: "APL009",
    bad: [
      { pass: posterTicket, context: { certificate }, at: "pass.nfc" },
      { pass: card, context: { certificate, personalization: {} }, at: "personalization.json" },
    ],
    good: [
      { pass: posterTicket, context: { certificate: { ...certificate, nfc: true } } },
      { pass: card, context: { certificate } },
    ],
  },
  {
    id: "APL102",
    bad: [
      { pass: changed(card, { description: undefined }), at: "pass.description", says: "VoiceOver" },
      { pass: changed(card, { organizationName: "" }), at: "pass.organizationName", says: "is empty" },
      { pass: changed(card, { formatVersion: "1" }), at: "pass.formatVersion", says: "must be 1" },
      { pass: changed(card, { formatVersion: 2 }), at: "pass.formatVersion" },
      {
        pass: changed(card, { passTypeIdentifier: "com.example" }),
        at: "pass.passTypeIdentifier",
        says: "begins with pass.",
      },
      { pass: changed(card, { locations: [{ latitude: 1 }] }), at: "pass.locations.0.longitude" },
    ],
    good: [{ pass: card }],
  },
  {
    id: "APL103",
    bad: [
      { pass: changed(card, { storeCard: undefined }), at: "pass", says: "no style" },
      { pass: changed(card, { coupon: {} }), at: "pass", says: "coupon and storeCard" },
    ],
    good: [{ pass: card }, { pass: poster }],
  },
  {
    id: "APL104",
    bad: [
      { pass: changed(card, { serialNumber: 12345 }), at: "pass.serialNumber", says: "not the number 12345" },
      { pass: changed(card, { voided: "true" }), at: "pass.voided", says: "without quotes" },
      { pass: changed(card, { storeCard: [] }), at: "pass.storeCard" },
      { pass: changed(card, { logoText: null }), at: "pass.logoText", says: "not null" },
      { pass: changed(card, { "storeCard.primaryFields.0.value": true }), at: "pass.storeCard.primaryFields.0.value" },
      { pass: changed(posterTicket, { sellURL: "example.com" }), at: "pass.sellURL", severity: "warning" },
    ],
    good: [{ pass: card }, { pass: changed(card, { userInfo: [1, { anything: null }] }) }],
  },
  {
    id: "APL105",
    bad: [
      {
        pass: changed(card, { backgroundColour: "rgb(0, 0, 0)" }),
        at: "pass.backgroundColour",
        says: '"backgroundColor"',
      },
      { pass: changed(card, { constructor: 1 }), at: "pass.constructor" },
      { pass: changed(card, { "storeCard.primaryFields.0.lable": "x" }), at: "pass.storeCard.primaryFields.0.lable" },
      { pass: changed(ticket, { "semantics.eventNmae": "x" }), at: "pass.semantics.eventNmae" },
      {
        pass: changed(ticket, { "semantics.eventType": "Movie" }),
        at: "pass.semantics.eventType",
        says: "PKEventTypeMovie",
      },
      {
        pass: changed(flight, { "semantics.departureAirportTimeZone": "Europe/London" }),
        at: "pass.semantics.departureAirportTimeZone",
        says: "departureLocationTimeZone",
      },
      { pass: changed(card, { "storeCard.footerFields": [] }), at: "pass.storeCard.footerFields" },
      {
        pass: changed(card, { "storeCard.secondaryFields.0.textAlignment": "center" }),
        at: "pass.storeCard.secondaryFields.0.textAlignment",
      },
    ],
    good: [{ pass: card }, { pass: ticket }, { pass: flight }, { pass: poster }],
  },
  {
    id: "APL106",
    bad: [
      {
        pass: changed(card, { "storeCard.primaryFields.0.textAlignment": "PKTextAlignmentLeft" }),
        at: "pass.storeCard.primaryFields.0.textAlignment",
      },
      {
        pass: changed(card, { "storeCard.primaryFields.0.dataDetectorTypes": [] }),
        at: "pass.storeCard.primaryFields.0.dataDetectorTypes",
      },
      { pass: changed(card, { "storeCard.secondaryFields.0.row": 1 }), at: "pass.storeCard.secondaryFields.0.row" },
      {
        pass: changed(ticket, { "eventTicket.auxiliaryFields.0.row": 2 }),
        at: "pass.eventTicket.auxiliaryFields.0.row",
      },
      { pass: changed(card, { groupingIdentifier: "a" }), at: "pass.groupingIdentifier" },
      {
        pass: changed(ticket, { transferURL: "https://example.com" }),
        at: "pass.transferURL",
        says: "posterEventTicket",
      },
      { pass: changed(ticket, { auxiliaryStoreIdentifiers: [1] }), at: "pass.auxiliaryStoreIdentifiers" },
      { pass: changed(card, { appLaunchURL: "example:open" }), at: "pass.appLaunchURL" },
      { pass: changed(posterTicket, { upgradeURL: "https://example.com" }), at: "pass.upgradeURL" },
    ],
    good: [
      { pass: card },
      { pass: changed(ticket, { groupingIdentifier: "a" }) },
      { pass: changed(posterTicket, { transferURL: "https://example.com", orderFoodURL: "https://example.com" }) },
      { pass: changed(flight, { upgradeURL: "https://example.com", orderFoodURL: "https://example.com" }) },
      { pass: changed(card, { appLaunchURL: "example:open", associatedStoreIdentifiers: [1] }) },
      { pass: changed(card, { "storeCard.backFields.0.dataDetectorTypes": [] }) },
    ],
  },
  {
    id: "APL107",
    bad: [
      { pass: changed(card, { foregroundColor: "#ff8800" }), at: "pass.foregroundColor", says: "rgb(255, 136, 0)" },
      { pass: changed(card, { labelColor: "red" }), at: "pass.labelColor" },
      { pass: changed(card, { labelColor: "rgb(256, 0, 0)" }), at: "pass.labelColor" },
      {
        pass: changed(ticket, { "semantics.seats": [{ seatSectionColor: "#fff" }] }),
        at: "pass.semantics.seats.0.seatSectionColor",
      },
    ],
    good: [{ pass: card }, { pass: changed(card, { labelColor: "rgb(1,2,3)" }) }],
  },
  {
    id: "APL108",
    bad: [
      { pass: changed(card, { expirationDate: "2026-11-21" }), at: "pass.expirationDate" },
      { pass: changed(card, { expirationDate: "2026-11-21T18:30" }), at: "pass.expirationDate" },
      { pass: changed(card, { expirationDate: "2026-11-21T18:30-7:00" }), at: "pass.expirationDate" },
      { pass: changed(card, { expirationDate: "2026-02-30T18:30Z" }), at: "pass.expirationDate" },
      {
        pass: changed(ticket, { "semantics.eventStartDate": "2026-11-21T18:30+0100" }),
        at: "pass.semantics.eventStartDate",
      },
      {
        pass: changed(card, { "storeCard.secondaryFields.0.value": "2026-01-01" }),
        at: "pass.storeCard.secondaryFields.0.value",
      },
    ],
    good: [
      { pass: card },
      { pass: ticket },
      { pass: changed(card, { expirationDate: "2027-11-21T18:30:15.25-07:00" }) },
    ],
  },
  {
    id: "APL109",
    bad: [
      { pass: changed(card, { webServiceURL: undefined }), at: "pass.webServiceURL" },
      { pass: changed(card, { authenticationToken: undefined }), at: "pass.authenticationToken" },
      { pass: changed(card, { authenticationToken: "short" }), at: "pass.authenticationToken" },
      { pass: changed(card, { authenticationToken: "" }), at: "pass.authenticationToken" },
    ],
    good: [{ pass: card }, { pass: changed(card, { webServiceURL: undefined, authenticationToken: undefined }) }],
  },
  {
    id: "APL110",
    bad: [
      ...[
        "http://passes.example.com/",
        "https://localhost/",
        "https://192.168.1.4/",
        "https://[::1]/",
        "https://cards.local/",
      ],
      ...[
        "https://passes.example.com/?a=1",
        "https://passes.example.com/#a",
        "passes.example.com",
        "https://10.0.0.1:8443/x",
      ],
    ].map((webServiceURL) => ({ pass: changed(card, { webServiceURL }), at: "pass.webServiceURL" })),
    good: [
      { pass: card },
      { pass: changed(card, { webServiceURL: "http://127.0.0.1:3000/passkit" }), context: { production: false } },
      { pass: changed(card, { webServiceURL: "https://172.15.0.1/" }) },
    ],
  },
  {
    id: "APL111",
    bad: [{ pass: card, context: { serialNumberTaken: true }, at: "pass.serialNumber" }],
    good: [{ pass: card, context: { serialNumberTaken: false } }],
  },
  {
    id: "APL112",
    bad: [
      {
        pass: card,
        context: {
          previous: {
            serialNumber: "k3v9x2m7q1",
            passTypeIdentifier: "pass.com.example.card",
            authenticationToken: "another of 16 or more",
          },
        },
        at: "pass.authenticationToken",
      },
      {
        pass: card,
        context: { previous: { serialNumber: "other", passTypeIdentifier: "pass.com.example.card" } },
        at: "pass.serialNumber",
      },
    ],
    good: [
      { pass: card },
      {
        pass: card,
        context: { previous: { serialNumber: "k3v9x2m7q1", passTypeIdentifier: "pass.com.example.card" } },
      },
    ],
  },
  {
    id: "APL113",
    bad: [
      { pass: changed(card, { voided: true }), at: "pass.voided" },
      { pass: changed(card, { expirationDate: new Date(NOW - 1000).toISOString() }), at: "pass.expirationDate" },
    ],
    good: [
      { pass: changed(generic, { expirationDate: new Date(NOW + 1000).toISOString(), voided: false }) },
      {
        pass: changed(card, { voided: true }),
        context: { previous: { serialNumber: "k3v9x2m7q1", passTypeIdentifier: "pass.com.example.card" } },
      },
    ],
  },
];

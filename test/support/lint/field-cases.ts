import type { RuleCases } from "./cases.ts";
import { card, changed, fields, flight, generic, poster, texts, ticket } from "./passes.ts";

const PRIMARY = "storeCard.primaryFields.0";

export const FIELD_CASES: readonly RuleCases[] = [
  {
    id: "APL201",
    bad: [
      {
        pass: changed(flight, { "boardingPass.transitType": undefined }),
        at: "pass.boardingPass.transitType",
        says: "missing",
      },
      {
        pass: changed(flight, { "boardingPass.transitType": "air" }),
        at: "pass.boardingPass.transitType",
        says: "PKTransitTypeAir",
      },
      { pass: changed(card, { "storeCard.transitType": "PKTransitTypeAir" }), at: "pass.storeCard.transitType" },
    ],
    good: [{ pass: flight }, { pass: card }],
  },
  {
    id: "APL202",
    bad: [
      { pass: changed(card, { [`${PRIMARY}.value`]: undefined }), at: `pass.${PRIMARY}.value` },
      { pass: changed(card, { [`${PRIMARY}.key`]: undefined }), at: `pass.${PRIMARY}.key` },
      { pass: changed(card, { [`${PRIMARY}.key`]: "" }), at: `pass.${PRIMARY}.key`, says: "empty" },
    ],
    good: [{ pass: card }, { pass: changed(card, { "storeCard.headerFields.0.value": "" }) }],
  },
  {
    id: "APL203",
    bad: [
      {
        pass: changed(card, { "storeCard.backFields.0.key": "points" }),
        at: "pass.storeCard.backFields.0.key",
        says: PRIMARY,
      },
      {
        pass: changed(card, { "storeCard.backFields": [...fields(1), ...fields(1)] }),
        at: "pass.storeCard.backFields.1.key",
      },
    ],
    good: [{ pass: card }, { pass: changed(poster, { "generic.primaryFields.0.key": "who" }) }],
  },
  {
    id: "APL204",
    bad: [
      {
        pass: changed(card, { [`${PRIMARY}.changeMessage`]: "Your points changed." }),
        at: `pass.${PRIMARY}.changeMessage`,
      },
      {
        pass: changed(card, { [`${PRIMARY}.changeMessage`]: "CHANGED" }),
        context: texts({ en: { CHANGED: "Now %@" }, fr: { CHANGED: "Maintenant" } }),
        at: `pass.${PRIMARY}.changeMessage`,
      },
    ],
    good: [
      { pass: card },
      {
        pass: changed(card, { [`${PRIMARY}.changeMessage`]: "CHANGED" }),
        context: texts({ en: { CHANGED: "Now %@" } }),
      },
    ],
  },
  {
    id: "APL205",
    bad: [{ pass: changed(card, { [`${PRIMARY}.currencyCode`]: "EUR" }), at: `pass.${PRIMARY}.numberStyle` }],
    good: [
      { pass: card },
      { pass: changed(card, { [`${PRIMARY}.currencyCode`]: "EUR", [`${PRIMARY}.numberStyle`]: undefined }) },
    ],
  },
  {
    id: "APL206",
    bad: [
      {
        pass: changed(card, { [`${PRIMARY}.value`]: "70" }),
        at: `pass.${PRIMARY}.value`,
        says: "number without quotes",
      },
      { pass: changed(card, { [`${PRIMARY}.numberStyle`]: "Decimal" }), at: `pass.${PRIMARY}.numberStyle` },
      {
        pass: changed(card, { "storeCard.secondaryFields.0.value": "soon" }),
        at: "pass.storeCard.secondaryFields.0.value",
        says: "must be a date",
      },
      { pass: changed(card, { "storeCard.secondaryFields.0.value": 5 }), at: "pass.storeCard.secondaryFields.0.value" },
      {
        pass: changed(card, { "storeCard.secondaryFields.0.dateStyle": "medium" }),
        at: "pass.storeCard.secondaryFields.0.dateStyle",
      },
      {
        pass: changed(card, { [`${PRIMARY}.currencyCode`]: "Euro" }),
        at: `pass.${PRIMARY}.currencyCode`,
        says: "ISO 4217",
      },
    ],
    good: [{ pass: card }],
  },
  {
    id: "APL207",
    bad: [
      { pass: changed(card, { "storeCard.headerFields": fields(4) }), at: "pass.storeCard.headerFields.3" },
      { pass: changed(card, { "storeCard.primaryFields": fields(2) }), at: "pass.storeCard.primaryFields.1" },
      {
        pass: changed(card, { "storeCard.secondaryFields": fields(2), "storeCard.auxiliaryFields": fields(3, "a") }),
        at: "pass.storeCard.auxiliaryFields.2",
        says: "together",
      },
      { pass: changed(ticket, { "eventTicket.auxiliaryFields": fields(5) }), at: "pass.eventTicket.auxiliaryFields.4" },
      {
        pass: changed(flight, { "boardingPass.auxiliaryFields": fields(6) }),
        at: "pass.boardingPass.auxiliaryFields.5",
      },
      {
        pass: changed(generic, {
          barcodes: [{ format: "PKBarcodeFormatQR", message: "1", messageEncoding: "iso-8859-1" }],
          "generic.secondaryFields": fields(3),
          "generic.auxiliaryFields": fields(2, "a"),
        }),
        at: "pass.generic.auxiliaryFields.1",
      },
      {
        pass: changed(poster, { "posterGeneric.secondaryFields": fields(1) }),
        at: "pass.posterGeneric.secondaryFields.0",
      },
    ],
    good: [
      { pass: card },
      { pass: changed(generic, { "generic.secondaryFields": fields(4), "generic.auxiliaryFields": fields(4, "a") }) },
      { pass: changed(ticket, { "eventTicket.auxiliaryFields": [...fields(4), { key: "r", value: "x", row: 1 }] }) },
      { pass: changed(card, { "storeCard.backFields": fields(30) }) },
    ],
  },
  {
    id: "APL208",
    bad: [
      ["<b>70</b>", "not"],
      ['<a href="https://example.com/?a=1&b=2">x</a>', "bare &"],
      ["Salt & Pepper", "bare &"],
      ["a < b", "write &lt;"],
      ['<a href="https://example.com" onclick="x">x</a>', "not"],
    ].map(([attributedValue = "", says = ""]) => ({
      pass: changed(card, { "storeCard.backFields.0.attributedValue": attributedValue }),
      at: "pass.storeCard.backFields.0.attributedValue",
      says,
    })),
    good: [
      { pass: card },
      {
        pass: changed(card, {
          "storeCard.backFields.0.attributedValue": "Salt &amp; Pepper &#38; &lt;3 <A HREF='https://a.example'>x</A>",
        }),
      },
      { pass: changed(card, { "storeCard.backFields.0.attributedValue": 5 }) },
    ],
  },
];

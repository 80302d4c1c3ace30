import { generateKeyPairSync } from "node:crypto";
import type { RuleCases } from "./cases.ts";
import { card, changed, posterTicket, ticket } from "./passes.ts";

const barcode = (format: string, message: string, messageEncoding = "iso-8859-1") => ({
  format,
  message,
  messageEncoding,
});
const qr = barcode("PKBarcodeFormatQR", "12345");
const only = (...barcodes: object[]) => changed(card, { barcodes: barcodes as never });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" })
  .publicKey.export({ type: "spki", format: "der" })
  .toString("base64");
const uuid = (i: number) => `01234567-89AB-CDEF-0123-4567890000${String(i).padStart(2, "0")}`;

export const BARCODE_CASES: readonly RuleCases[] = [
  {
    id: "APL301",
    bad: [
      { pass: only(barcode("PKBarcodeFormatITF", "12")), at: "pass.barcodes.0.format", says: "PKBarcodeFormatI2of5" },
      { pass: only(barcode("PKBARCODE_FORMAT_QR", "12")), at: "pass.barcodes.0.format", says: "PKBarcodeFormatQR" },
      { pass: only({ message: "1", messageEncoding: "iso-8859-1" }), at: "pass.barcodes.0.format", says: "missing" },
      { pass: changed(card, { barcode: barcode("QR", "1") }), at: "pass.barcode.format" },
    ],
    good: [{ pass: card }, { pass: changed(card, { barcode: qr }) }],
  },
  {
    id: "APL302",
    bad: [
      { pass: changed(card, { barcodes: qr }), at: "pass.barcodes", says: "a list" },
      { pass: only({ ...qr, message: undefined }), at: "pass.barcodes.0.message" },
      { pass: only({ ...qr, message: 12345 }), at: "pass.barcodes.0.message" },
      { pass: only({ ...qr, message: "" }), at: "pass.barcodes.0.message", says: "empty" },
      { pass: only({ format: "PKBarcodeFormatQR", message: "1" }), at: "pass.barcodes.0.messageEncoding" },
      { pass: only(barcode("PKBarcodeFormatQR", "10 €")), at: "pass.barcodes.0.message", says: '"€"' },
      { pass: only(barcode("PKBarcodeFormatQR", "\ud800", "utf-8")), at: "pass.barcodes.0.message" },
      {
        pass: only(barcode("PKBarcodeFormatQR", "1", "latin-nine")),
        at: "pass.barcodes.0.messageEncoding",
        severity: "warning",
      },
    ],
    good: [
      { pass: card },
      { pass: only(barcode("PKBarcodeFormatQR", "10 €", "utf-8")) },
      { pass: only(barcode("PKBarcodeFormatQR", "é")) },
    ],
  },
  {
    id: "APL303",
    bad: [{ pass: only(barcode("PKBarcodeFormatEAN13", "4006381333931")), at: "pass.barcodes" }],
    good: [
      { pass: card },
      { pass: only(barcode("PKBarcodeFormatEAN13", "4006381333931"), qr) },
      { pass: changed(card, { barcodes: [] }) },
    ],
  },
  {
    id: "APL304",
    bad: [
      barcode("PKBarcodeFormatEAN13", "400638133393"),
      barcode("PKBarcodeFormatEAN13", "4006381333932"),
      barcode("PKBarcodeFormatI2of5", "123"),
      barcode("PKBarcodeFormatI2of5", "12ab"),
      barcode("PKBarcodeFormatCode39", "abc"),
      barcode("PKBarcodeFormatCodabar", "12X"),
      barcode("PKBarcodeFormatCode128", "é"),
    ].map((one) => ({ pass: only(one, qr), at: "pass.barcodes.0.message" })),
    good: [
      barcode("PKBarcodeFormatEAN13", "4006381333931"),
      barcode("PKBarcodeFormatI2of5", "1234"),
      barcode("PKBarcodeFormatCode39", "A-1 $/+%."),
      barcode("PKBarcodeFormatCodabar", "A12-34B"),
      barcode("PKBarcodeFormatCode128", "AUTUMN20"),
      barcode("PKBarcodeFormatQR", "é"),
    ].map((one) => ({ pass: only(one, qr) })),
  },
  {
    id: "APL305",
    bad: [
      ...["no key", "-----BEGIN PUBLIC KEY-----", "AAAA".repeat(20), p384].map((key) => ({
        pass: changed(posterTicket, { "nfc.encryptionPublicKey": key }),
        at: "pass.nfc.encryptionPublicKey",
      })),
      {
        pass: changed(posterTicket, { "nfc.encryptionPublicKey": undefined }),
        at: "pass.nfc.encryptionPublicKey",
        says: "missing",
      },
      { pass: changed(posterTicket, { "nfc.message": undefined }), at: "pass.nfc.message" },
    ],
    good: [{ pass: posterTicket }, { pass: card }],
  },
  {
    id: "APL306",
    bad: [
      { pass: changed(posterTicket, { "nfc.message": "é".repeat(33) }), at: "pass.nfc.message", says: "66 bytes" },
      { pass: changed(posterTicket, { "nfc.requiresAuthentication": true }), at: "pass.sharingProhibited" },
    ],
    good: [
      { pass: posterTicket },
      { pass: changed(posterTicket, { "nfc.requiresAuthentication": true, sharingProhibited: true }) },
    ],
  },
  {
    id: "APL307",
    bad: [
      {
        pass: changed(card, { locations: Array.from({ length: 11 }, () => ({ latitude: 1, longitude: 1 })) }),
        at: "pass.locations",
      },
      { pass: changed(card, { locations: [{ latitude: 91, longitude: 1 }] }), at: "pass.locations.0.latitude" },
      { pass: changed(card, { beacons: [{ proximityUUID: "nothing" }] }), at: "pass.beacons.0.proximityUUID" },
      { pass: changed(card, { beacons: [{ proximityUUID: uuid(1), major: 65_536 }] }), at: "pass.beacons.0.major" },
      {
        pass: changed(card, { beacons: Array.from({ length: 11 }, (_, i) => ({ proximityUUID: uuid(i) })) }),
        at: "pass.beacons",
      },
      {
        pass: changed(ticket, { "semantics.venueLocation": { latitude: 1, longitude: 181 } }),
        at: "pass.semantics.venueLocation.longitude",
      },
    ],
    good: [
      {
        pass: changed(card, {
          locations: Array.from({ length: 10 }, () => ({ latitude: -90, longitude: 180, altitude: 5 })),
        }),
      },
      {
        pass: changed(card, { beacons: Array.from({ length: 12 }, (_, minor) => ({ proximityUUID: uuid(1), minor })) }),
      },
    ],
  },
  {
    id: "APL308",
    bad: [{ pass: changed(card, { maxDistance: "100" }), at: "pass.maxDistance", says: "without quotes" }],
    good: [{ pass: changed(card, { maxDistance: 100 }) }],
  },
  {
    id: "APL309",
    bad: [
      {
        pass: changed(ticket, { relevantDates: [{ startDate: "2026-11-21T18:30Z" }] }),
        at: "pass.relevantDates.0.endDate",
      },
      {
        pass: changed(ticket, { relevantDates: [{ endDate: "2026-11-21T18:30Z" }] }),
        at: "pass.relevantDates.0.startDate",
      },
      {
        pass: changed(ticket, { relevantDates: [{ startDate: "2026-11-21T18:30Z", endDate: "2026-11-21T18:00Z" }] }),
        at: "pass.relevantDates.0.endDate",
        says: "before",
      },
      { pass: changed(ticket, { relevantDates: [{}] }), at: "pass.relevantDates.0" },
    ],
    good: [
      { pass: ticket },
      { pass: changed(ticket, { relevantDates: [{ startDate: "2026-11-21T18:30Z", endDate: "2026-11-21T19:00Z" }] }) },
    ],
  },
  {
    id: "APL310",
    bad: [
      { pass: changed(ticket, { relevantDate: undefined }), at: "pass.relevantDate" },
      { pass: changed(ticket, { relevantDates: undefined }), at: "pass.relevantDates" },
    ],
    good: [{ pass: ticket }, { pass: card }],
  },
];

import { expect, test } from "bun:test";
import { PNG } from "pngjs";
import { checkTemplate } from "../check.ts";
import { importPass } from "./import-pass.ts";

const ICON = PNG.sync.write(new PNG({ width: 1, height: 1 }));
const importJson = (pass: object) => importPass(new Map([["pass.json", Buffer.from(JSON.stringify(pass), "utf8")]]));

test("values become fields of their type, named after the field's key, with the value as the example", () => {
  const { definition, ...report } = importJson({
    formatVersion: 1,
    passTypeIdentifier: "pass.com.example",
    teamIdentifier: "ABCDE12345",
    serialNumber: "CARD-0001-9",
    organizationName: "Example",
    description: "Example card",
    foregroundColor: "rgb(1, 2, 3)",
    expirationDate: "2027-01-31T22:00+01:00",
    barcodes: [{ format: "PKBarcodeFormatQR", message: "M-4711", messageEncoding: "iso-8859-1", altText: "M-4711" }],
    storeCard: {
      headerFields: [{ key: "points", label: "Points", value: 70, changeMessage: "Now %@" }],
      primaryFields: [{ key: "balance", value: 21.5, currencyCode: "EUR" }],
      secondaryFields: [
        { key: "valid until", value: "2027-01-31T22:00+01:00", dateStyle: "PKDateStyleShort" },
        { key: "since", value: "2020-05-01", dateStyle: "PKDateStyleShort" },
        { key: "day", value: "2020-05-01" },
      ],
      backFields: [
        { key: "mail", value: "sarah@example.com" },
        { key: "site", value: "https://example.com/a?b=c", attributedValue: "<a href='https://example.com'>Shop</a>" },
        { key: "phone", value: "+4915112345678" },
        { key: "hotline", value: "+49 151 123-45678" },
        { key: "serial", value: "your card 7" },
        { key: "card", value: "CARD-0001-9" },
        { key: "terms", value: "These are the terms of the card. ".repeat(5) },
      ],
    },
  });
  expect(checkTemplate(definition, new Map([["icon.png", ICON]]))).toMatchObject({ ok: true });
  expect(definition.fields).toEqual({
    points: { type: "number", label: "Points", example: "70" },
    balance: { type: "number", example: "21.5" },
    "valid-until": { type: "date", example: "2027-01-31T22:00+01:00" },
    since: { type: "date", example: "2020-05-01" },
    day: { type: "text", example: "2020-05-01" },
    mail: { type: "email", example: "sarah@example.com" },
    site: { type: "url", example: "https://example.com/a?b=c" },
    phone: { type: "phone", example: "+4915112345678" },
    hotline: { type: "text", example: "+49 151 123-45678" },
    "serial-value": { type: "text", example: "your card 7" },
    terms: {
      type: "text",
      default: "These are the terms of the card. ".repeat(5),
      example: "These are the terms of the card. ".repeat(5),
    },
    "barcode-message": { type: "text", example: "M-4711" },
  });
  expect(definition.pass).toMatchObject({
    organizationName: "Example",
    description: "Example card",
    foregroundColor: "rgb(1, 2, 3)",
    expirationDate: "{{valid-until}}",
    barcodes: [{ message: "{{barcode-message}}", altText: "{{barcode-message}}" }],
  });
  const back = (definition.pass as { storeCard: { backFields: unknown[] } }).storeCard.backFields;
  expect(back[1]).toEqual({
    key: "site",
    value: "{{site}}",
    attributedValue: "<a href='https://example.com'>Shop</a>",
  });
  expect(back[5]).toEqual({ key: "card", value: "{{serial}}" });
  expect(report.leftOut).toEqual(["formatVersion", "passTypeIdentifier", "teamIdentifier", "serialNumber"]);
  expect(report.fields[0]).toMatchObject({ name: "points", value: 70, from: "storeCard.headerFields.0.value" });
});

test("what would belong to one customer does not come onto everybody's pass", () => {
  const { definition, ...report } = importJson({
    serialNumber: "8f14e45fceea167a",
    description: "Ticket",
    voided: true,
    nfc: { message: "secret-of-one", encryptionPublicKey: "key" },
    barcode: { format: "PKBarcodeFormatQR", message: "8f14e45fceea167a", messageEncoding: "utf-8", altText: "No. 5" },
    semantics: { attendeeName: "Sarah", seats: [{ seatNumber: "14", seatType: "balcony" }] },
    eventTicket: {
      primaryFields: [{ key: "name", value: "Sarah" }],
      auxiliaryFields: [{ key: "seat", value: "14", semantics: { seats: [{ seatNumber: "14" }] } }],
      backFields: [
        { key: "link", value: "Open", attributedValue: "<a href='https://x.example/8f14e45fceea167a'>Open</a>" },
      ],
    },
  });
  expect(definition.pass).toMatchObject({
    nfc: { message: "{{nfc-message}}", encryptionPublicKey: "key" },
    barcode: { message: "{{serial}}", altText: "{{barcode-text}}" },
    semantics: { attendeeName: "{{name}}", seats: [{ seatNumber: "{{seat}}", seatType: "balcony" }] },
    eventTicket: {
      auxiliaryFields: [{ semantics: { seats: [{ seatNumber: "{{seat}}" }] } }],
      backFields: [{ attributedValue: "<a href='https://x.example/{{serial}}'>Open</a>" }],
    },
  });
  expect(JSON.stringify(definition.pass)).not.toMatch(/8f14e45f|Sarah|secret-of-one|voided/);
  expect(report.notes).toContain(
    "semantics.attendeeName is the same as eventTicket.primaryFields.0.value and follows the field name.",
  );
  expect(report.notes).toContain("The pass is void; passes of the template will not be.");
});

test("fields that Wallet refuses are mended or left out, with a note", () => {
  const { definition, ...report } = importJson({
    organizationName: "Example",
    generic: {
      primaryFields: [{ key: "a", value: "1" }, { key: "a", value: "2" }, { value: "3" }, { key: "b" }, "c"],
      backFields: [
        { key: "名前", value: true },
        { key: "recipient.name", value: "x" },
      ],
    },
  });
  expect(checkTemplate(definition, new Map([["icon.png", ICON]]))).toMatchObject({ ok: true });
  expect(definition.pass["generic"]).toEqual({
    primaryFields: [
      { key: "a", value: "{{a}}" },
      { key: "a-2", value: "{{a-2}}" },
      { key: "field", value: "{{field}}" },
    ],
    backFields: [
      { key: "名前", value: true },
      { key: "recipient.name", value: "{{recipient.name-value}}" },
    ],
  });
  expect(definition.pass["description"]).toBe("Example");
  expect(report.notes).toHaveLength(6);
});

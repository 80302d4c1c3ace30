import type { FieldDefinition, TemplateDefinition } from "./definition.ts";
import type { JsonObject } from "./placeholders.ts";
import { plainIcon, type StarterStyle, type StarterTemplate } from "./starter.ts";

/** What a style begins with: enough to see where things stand, and as little as has to be taken away again. */
interface Beginning {
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  /** The dictionary of the style. */
  readonly front: JsonObject;
  readonly dates?: JsonObject;
}

const COLOURS = {
  backgroundColor: "rgb(38, 50, 76)",
  foregroundColor: "rgb(255, 255, 255)",
  labelColor: "rgb(190, 203, 230)",
};

const NAME = { key: "name", label: "Name", value: "{{recipient.name}}" };

/** Required is only that without which a pass of the style says nothing. */
const BEGINNINGS: Readonly<Record<StarterStyle, Beginning>> = {
  storeCard: {
    fields: { points: { type: "number", label: "Points", default: 0, example: "70" } },
    front: {
      primaryFields: [{ key: "points", label: "Points", value: "{{points}}", changeMessage: "You have %@ points." }],
      secondaryFields: [NAME],
    },
  },
  coupon: {
    fields: {
      offer: { type: "text", label: "Offer", required: true, example: "20 % off" },
      "valid-until": { type: "date", label: "Valid until", example: "2030-12-31" },
    },
    front: {
      primaryFields: [{ key: "offer", label: "Offer", value: "{{offer}}" }],
      secondaryFields: [
        { key: "valid-until", label: "Valid until", value: "{{valid-until}}", dateStyle: "PKDateStyleMedium" },
        NAME,
      ],
    },
    dates: { expirationDate: "{{valid-until}}" },
  },
  eventTicket: {
    fields: {
      event: { type: "text", label: "Event", required: true, example: "Summer concert" },
      venue: { type: "text", label: "Venue", required: true, example: "Town Hall" },
      "starts-at": { type: "date", label: "Starts at", required: true, example: "2030-06-21T19:30" },
      seat: { type: "text", label: "Seat", example: "C 14" },
    },
    front: {
      headerFields: [{ key: "seat", label: "Seat", value: "{{seat}}", changeMessage: "Your seat is now %@." }],
      primaryFields: [{ key: "event", label: "Event", value: "{{event}}" }],
      secondaryFields: [{ key: "venue", label: "Venue", value: "{{venue}}", changeMessage: "The venue is now %@." }],
      auxiliaryFields: [
        {
          ...{ key: "starts-at", label: "Starts", value: "{{starts-at}}", changeMessage: "It now starts at %@." },
          ...{ dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleShort" },
        },
        NAME,
      ],
    },
    dates: { relevantDate: "{{starts-at}}" },
  },
  generic: {
    fields: {
      number: { type: "text", label: "Number", example: "4711" },
      level: { type: "text", label: "Level", default: "Member", example: "Gold" },
    },
    front: {
      headerFields: [{ key: "number", label: "Number", value: "{{number}}" }],
      primaryFields: [NAME],
      secondaryFields: [{ key: "level", label: "Level", value: "{{level}}", changeMessage: "Your level is now %@." }],
    },
  },
  boardingPass: {
    fields: {
      from: { type: "text", label: "From", required: true, example: "BRS" },
      to: { type: "text", label: "To", required: true, example: "FCO" },
      "departs-at": { type: "date", label: "Departs at", required: true, example: "2030-06-21T18:05" },
      seat: { type: "text", label: "Seat", example: "14 C" },
    },
    front: {
      transitType: "PKTransitTypeGeneric",
      primaryFields: [
        { key: "from", label: "From", value: "{{from}}" },
        { key: "to", label: "To", value: "{{to}}" },
      ],
      auxiliaryFields: [
        {
          ...{ key: "departs-at", label: "Departs", value: "{{departs-at}}", changeMessage: "It now departs at %@." },
          ...{ dateStyle: "PKDateStyleShort", timeStyle: "PKDateStyleShort" },
        },
        { key: "seat", label: "Seat", value: "{{seat}}", changeMessage: "Your seat is now %@." },
      ],
      secondaryFields: [{ ...NAME, label: "Passenger" }],
    },
    dates: { relevantDate: "{{departs-at}}" },
  },
};

/** A template to draw on in the designer: colours, the fields that its style is made for, a barcode and a plain icon. */
export function blankTemplate(name: string, style: StarterStyle): StarterTemplate {
  const { fields, front, dates } = BEGINNINGS[style];
  const definition: TemplateDefinition = {
    name,
    style,
    fields: { ...fields },
    pass: {
      description: name,
      logoText: name,
      ...COLOURS,
      ...dates,
      barcodes: [{ format: "PKBarcodeFormatQR", message: "{{serial}}", messageEncoding: "iso-8859-1" }],
      [style]: front,
    },
  };
  return { definition, images: new Map([["icon@3x.png", plainIcon()]]) };
}

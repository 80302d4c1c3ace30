import { encodePng } from "../apple/image-png.ts";
import type { FieldDefinition, PassStyle, TemplateDefinition } from "./definition.ts";
import type { TemplateSource } from "./template-source.ts";

/** Styles that PassNinja's clients can ask for. */
export const STARTER_STYLES = [
  "boardingPass",
  "coupon",
  "eventTicket",
  "generic",
  "storeCard",
] as const satisfies readonly PassStyle[];
export type StarterStyle = (typeof STARTER_STYLES)[number];

export interface StarterTemplate extends TemplateSource {
  readonly definition: TemplateDefinition;
}

const text = (label: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  type: "text",
  label,
  ...more,
});
const colour = (label: string, value: string): FieldDefinition => ({ type: "colour", label, default: value });

/** Where values stand on the pass, under PassNinja's default names; what is left blank does not show. */
const PLACES = ["header", "primary", "secondary.0", "secondary.1", "auxiliary.0", "auxiliary.1"] as const;

/**
 * A template to start from, made of a name and a style alone: PassNinja's default fields, each of which every pass can
 * fill, and a plain icon.
 */
export function starterTemplate(name: string, style: StarterStyle): StarterTemplate {
  const fields: Record<string, FieldDefinition> = {
    "brand.text": text("Brand", { default: name }),
    "background.color": colour("Background", "#000000"),
    "foreground.color": colour("Text", "#ffffff"),
    "label.color": colour("Labels", "#ffffff"),
  };
  for (const place of PLACES) {
    fields[`${place}.label`] = text(`Label (${place})`);
    fields[`${place}.value`] = text(`Value (${place})`);
  }
  return {
    definition: {
      name,
      style,
      fields,
      pass: {
        description: name,
        logoText: "{{brand.text}}",
        backgroundColor: "{{background.color}}",
        foregroundColor: "{{foreground.color}}",
        labelColor: "{{label.color}}",
        barcodes: [{ format: "PKBarcodeFormatQR", message: "{{serial}}", messageEncoding: "iso-8859-1" }],
        [style]: {
          ...(style === "boardingPass" ? { transitType: "PKTransitTypeGeneric" } : {}),
          headerFields: fieldsAt("header"),
          primaryFields: fieldsAt("primary"),
          secondaryFields: fieldsAt("secondary"),
          auxiliaryFields: fieldsAt("auxiliary"),
        },
      },
    },
    images: new Map([["icon@3x.png", plainIcon()]]),
  };
}

const fieldsAt = (group: string) =>
  PLACES.filter((place) => place.startsWith(group)).map((place) => ({
    key: place,
    label: `{{${place}.label}}`,
    value: `{{${place}.value}}`,
    changeMessage: "%@",
  }));

/** Apple asks for 38 points: 114 pixels at three to the point; the phone rounds its corners. */
export function plainIcon(): Buffer {
  const size = 114;
  const data = new Uint8Array(size * size * 4);
  for (let at = 0; at < data.length; at += 4) data.set([60, 64, 72, 255], at);
  return encodePng({ width: size, height: size, data }, new Uint8Array());
}

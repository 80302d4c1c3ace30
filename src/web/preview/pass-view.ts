import { passDateMs } from "../../apple/format/values.ts";
import { PASS_STYLES, type PassStyle } from "../../templates/definition.ts";
import { isObject, type JsonObject } from "../../templates/placeholders.ts";
import { type Barcode, barcodeOf } from "./barcode.ts";
import { BLACK, type Colour, contrast, mix, parseColour, WHITE } from "./colours.ts";
import { type FrontLook, type FrontRows, frontRows } from "./field-rows.ts";
import type { Viewer } from "./field-value.ts";
import { type BackField, backFields } from "./pass-fields.ts";
import { dataAddress, type ImageAddress, type PassImages, passImages } from "./pass-images.ts";

/** What a pass is drawn from: the parts of its package. */
export interface PreviewSource {
  /** pass.json. What is wrong in it is left out, as it may come from a template that somebody is just writing. */
  readonly passJson: JsonObject;
  /** File name → bytes, with those in folders of languages. */
  readonly images: ReadonlyMap<string, Uint8Array>;
  /** Where browsers find them; by default within the page. */
  readonly imageAddress?: ImageAddress;
  /** The language of the pass that is shown, and what its `pass.strings` says; absent where it has none. */
  readonly language?: { readonly code: string; readonly texts: ReadonlyMap<string, string> } | undefined;
}

export interface PassColours {
  readonly background: Colour;
  readonly foreground: Colour;
  readonly label: Colour;
}

/** A pass as it is drawn: chosen, translated, formatted. */
export interface PassView extends FrontRows {
  readonly style: PassStyle;
  readonly look: FrontLook;
  /** Of its texts, where the pass says. */
  readonly language: string | undefined;
  readonly organization: string;
  readonly description: string;
  readonly logoText: string;
  readonly colours: PassColours;
  readonly images: PassImages;
  readonly transitType: string;
  readonly back: readonly BackField[];
  readonly barcode: Barcode | undefined;
  /** Why it is of no more use. */
  readonly ended: "voided" | "expired" | undefined;
}

/** Reads what is drawn of a pass. Never throws for what stands in it. */
export function passView(source: PreviewSource, viewer: Viewer): PassView {
  const { passJson, language } = source;
  const localise = (text: string) => language?.texts.get(text) ?? text;
  const textOf = (key: string) => (typeof passJson[key] === "string" ? localise(passJson[key]) : "");
  const style = styleOf(passJson);
  const dictionary = isObject(passJson[style]) ? passJson[style] : {};
  const files = passImages(source.images, language?.code, source.imageAddress ?? dataAddress);
  const images = visibleImages(style, files);
  const look = lookOf(style, images);
  const barcode = barcodeOf(passJson);
  const altText = barcode?.altText === undefined ? undefined : localise(barcode.altText);
  const fields = { dictionary, viewer, localise };
  return {
    style,
    look,
    language: language?.code,
    organization: textOf("organizationName"),
    description: textOf("description"),
    logoText: textOf("logoText"),
    colours: coloursOf(passJson),
    images,
    transitType: String(dictionary["transitType"] ?? ""),
    ...frontRows({
      ...fields,
      style,
      look,
      hasThumbnail: images.thumbnail !== undefined,
      hasSquareBarcode: barcode?.square === true,
    }),
    back: backFields(fields),
    barcode: barcode && { ...barcode, altText },
    ended: endOfPass(passJson, viewer.now),
  };
}

/** A poster stands beside an older style for phones without iOS 27; where it can be shown, Wallet prefers it. */
function styleOf(passJson: JsonObject): PassStyle {
  if (isObject(passJson["posterGeneric"])) return "posterGeneric";
  return PASS_STYLES.find((name) => isObject(passJson[name])) ?? "generic";
}

function lookOf(style: PassStyle, images: PassImages): FrontLook {
  if (style === "boardingPass") return "journey";
  if (style === "posterGeneric") return "poster";
  return images.strip || style === "coupon" || style === "storeCard" ? "strip" : "lead";
}

/** White where there is no background, and what can be read on it; labels are a little nearer to the background. */
function coloursOf(passJson: JsonObject): PassColours {
  const background = parseColour(passJson["backgroundColor"]) ?? WHITE;
  const readable = contrast(background, WHITE) > contrast(background, BLACK) ? WHITE : BLACK;
  const foreground = parseColour(passJson["foregroundColor"]) ?? readable;
  return { background, foreground, label: parseColour(passJson["labelColor"]) ?? mix(foreground, background, 0.25) };
}

/** Where each is drawn (Apple: "Pass design and creation"). */
const IMAGES: Readonly<Record<PassStyle, readonly (keyof PassImages)[]>> = {
  boardingPass: ["logo", "footer"],
  coupon: ["logo", "strip"],
  eventTicket: ["logo", "strip", "background", "thumbnail"],
  generic: ["logo", "thumbnail"],
  storeCard: ["logo", "strip"],
  posterGeneric: ["primaryLogo", "artwork", "background"],
};

function visibleImages(style: PassStyle, images: PassImages): PassImages {
  const shown = IMAGES[style].filter(
    (name) => !(style === "eventTicket" && images.strip && (name === "background" || name === "thumbnail")),
  );
  return Object.fromEntries(shown.flatMap((name) => (images[name] ? [[name, images[name]]] : [])));
}

/** Why a pass is of no more use at a time in milliseconds; nothing while it is. */
export function endOfPass(passJson: JsonObject, now: number): PassView["ended"] {
  if (passJson["voided"] === true) return "voided";
  const end = passDateMs(passJson["expirationDate"]);
  return end !== undefined && end <= now ? "expired" : undefined;
}

import type { PassStyle } from "../../../../templates/definition.ts";
import { AREAS, type Area } from "../../../../templates/design/design.ts";
import { capitalised, STYLE_WORDS } from "../../words.ts";

export interface AreaWords {
  readonly title: string;
  readonly about: string;
}

const HEADER = { title: "At the top", about: "Seen also when passes lie stacked. Up to three short ones." };
const BACK = { title: "On the back", about: "Room for long texts, terms and links." };
const LARGE = { title: "Large", about: "What the pass is about. One is shown." };
const BELOW = { title: "Below the pass", about: "Event tickets from iOS 18." };
const ROW_OF_FOUR = "Up to four are shown.";
const SHARED = {
  secondaryFields: { title: "Row of facts", about: "Up to four are shown, with those that follow." },
  auxiliaryFields: { title: "Row of facts, continued", about: "In the same row, after the others." },
};

/** The areas of a style, as people call them. */
const AREAS_OF: Readonly<Record<PassStyle, Readonly<Partial<Record<Area, AreaWords>>>>> = {
  storeCard: { headerFields: HEADER, primaryFields: LARGE, ...SHARED, backFields: BACK },
  coupon: { headerFields: HEADER, primaryFields: LARGE, ...SHARED, backFields: BACK },
  eventTicket: {
    headerFields: HEADER,
    primaryFields: LARGE,
    secondaryFields: { title: "Second row", about: ROW_OF_FOUR },
    auxiliaryFields: {
      title: "Third row",
      about: `${ROW_OF_FOUR} More stand in a row of their own where a field says so.`,
    },
    backFields: BACK,
    additionalInfoFields: BELOW,
  },
  generic: {
    headerFields: HEADER,
    primaryFields: LARGE,
    secondaryFields: { title: "Second row", about: ROW_OF_FOUR },
    auxiliaryFields: { title: "Third row", about: "With a square barcode these stand in the second row: four in all." },
    backFields: BACK,
  },
  boardingPass: {
    headerFields: HEADER,
    primaryFields: { title: "From and to", about: "Two, with the means of transport between them." },
    auxiliaryFields: { title: "Second row", about: "Up to five are shown." },
    secondaryFields: { title: "Third row", about: ROW_OF_FOUR },
    backFields: BACK,
  },
  posterGeneric: {
    headerFields: { title: "At the top", about: "One is shown." },
    primaryFields: { title: "Large", about: "Up to four lines, the first one larger." },
    footerFields: { title: "At the foot", about: "One is shown." },
    backFields: BACK,
    additionalInfoFields: { title: "Below the pass", about: "From iOS 27." },
  },
};

/** What another style brought, which this one does not show. */
const ELSEWHERE: Readonly<Record<Area, string>> = {
  headerFields: "At the top",
  primaryFields: "Large",
  secondaryFields: "Second row",
  auxiliaryFields: "Third row",
  backFields: "On the back",
  additionalInfoFields: "Below the pass",
  footerFields: "At the foot",
};

export const areaWords = (style: PassStyle, area: Area): AreaWords =>
  AREAS_OF[style][area] ?? { title: ELSEWHERE[area], about: "This style does not show them." };

/** A finding that names styles and areas as pass.json does, in the words of the form. */
export const inFormWords = (message: string, style: PassStyle): string =>
  message
    .replace(/\b\w+Fields\b/g, (key) => {
      const area = AREAS.find((one) => one === key);
      return area ? `“${areaWords(style, area).title}”` : key;
    })
    .replace(new RegExp(`\\b${style}(?= shows)`), STYLE_WORDS[style].name);

const WORDS: Readonly<Record<string, string>> = {
  rest: "For experts",
  languages: "Languages",
  name: "Name",
  style: "Style",
  timeZone: "Time zone",
  repeat: "Repeated deliveries",
  profilePropertyPrefix: "Profile properties",
  passTypeIdentifier: "Pass Type ID",
  "front.transitType": "Means of transport",
  "pass.description": "Description",
  "pass.organizationName": "Organisation",
  "pass.logoText": "Text beside the logo",
  "pass.backgroundColor": "Background colour",
  "pass.foregroundColor": "Colour of values",
  "pass.labelColor": "Colour of labels",
  "pass.expirationDate": "Valid until",
  "pass.relevantDate": "On the lock screen at",
  "pass.maxDistance": "How near",
  "pass.sharingProhibited": "Sharing",
};

/** One of a list. */
const LISTS: Readonly<Record<string, string>> = {
  fields: "Value asked for",
  "pass.barcodes": "Barcode",
  "pass.locations": "Place",
  "pass.featuredActions": "Button",
  translations: "Text",
};

/** Inputs of an item, as their labels name them. */
const KEYS: Readonly<Record<string, string>> = {
  changeMessage: "message when it changes",
  textAlignment: "alignment",
  dateStyle: "day",
  timeStyle: "time",
  numberStyle: "number",
  currencyCode: "currency",
  attributedValue: "value with links",
  more: "other keys",
  format: "kind",
  message: "what it says",
  messageEncoding: "encoding",
  altText: "text under it",
  relevantText: "said there",
  url: "where it leads",
  default: "where nothing is given",
};

/** What people call an input; `path` is where template.json has what it is about. */
export function inputWords(input: string, path: string, style: PassStyle): string {
  const [, list = "", place = "", key = ""] = /^(.+)\.(\d+)\.([\w-]+)$/.exec(input) ?? [];
  const area = AREAS.find((one) => list === `front.${one}`);
  const name = area ? `${areaWords(style, area).title}, field` : LISTS[list];
  if (name !== undefined) return `${name} ${Number(place) + 1}: ${KEYS[key] ?? key}`;
  if (input.startsWith("images.")) return `${imageWords(input.slice("images.".length)).title} (image)`;
  const words = WORDS[input] ?? capitalised(input);
  return input === "rest" && path !== "rest" ? `${words}: ${path}` : words;
}

const IMAGES: Readonly<Partial<Record<string, readonly [title: string, about: string]>>> = {
  icon: ["Icon", "Beside notifications and in mail. Every pass needs it."],
  logo: ["Logo", "At the top left."],
  strip: ["Strip", "Behind the large field."],
  thumbnail: ["Thumbnail", "At the right."],
  background: ["Background", "Behind everything, blurred on event tickets."],
  footer: ["Footer", "Above the barcode."],
  artwork: ["Artwork", "Fills the poster."],
  primaryLogo: ["Logo of the poster", "At the top of a poster."],
  secondaryLogo: ["Second logo of the poster", "Beside the first."],
  personalizationLogo: ["Logo of the sign-up", "Where a phone asks the customer for a name."],
};

export function imageWords(name: string): { title: string; about: string } {
  const [title, about] = IMAGES[name] ?? [capitalised(name), ""];
  return { title, about };
}

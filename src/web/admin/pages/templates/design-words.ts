import { AREAS, type Area } from "../../../../templates/design/design.ts";
import { capitalised } from "../../words.ts";

export const AREA_WORDS: Readonly<Record<Area, { title: string; about: string }>> = {
  headerFields: { title: "At the top", about: "Seen also when passes lie stacked. Up to three short ones." },
  primaryFields: { title: "Large", about: "What the pass is about." },
  secondaryFields: { title: "Second row", about: "Below the large one." },
  auxiliaryFields: { title: "Third row", about: "Further facts." },
  backFields: { title: "On the back", about: "Room for long texts, terms and links." },
  additionalInfoFields: { title: "Below the pass", about: "Event tickets from iOS 18." },
  footerFields: { title: "At the foot", about: "Posters from iOS 27; the first is shown." },
};

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
const LISTS: Readonly<Record<string, string>> = {
  fields: "Value asked for",
  "pass.barcodes": "Barcode",
  "pass.locations": "Place",
  "pass.featuredActions": "Button",
  translations: "Text",
};

/** What people call an input; `path` is where template.json has what it is about. */
export function inputWords(input: string, path: string): string {
  const [, list = "", place = "", key = ""] = /^(.+)\.(\d+)\.([\w-]+)$/.exec(input) ?? [];
  const area = AREAS.find((one) => list === `front.${one}`);
  const name = area ? AREA_WORDS[area].title : LISTS[list];
  if (name !== undefined) return `${name}, ${Number(place) + 1}, ${key}`;
  if (input.startsWith("images.")) return `Image ${input.slice("images.".length)}`;
  const words = WORDS[input] ?? capitalised(input);
  return input === "rest" && path !== "rest" ? `${words}: ${path}` : words;
}

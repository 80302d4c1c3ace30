import { PNG } from "pngjs";
import { readGalleryTemplate } from "../../../src/templates/folder.ts";
import { GALLERY } from "../../../src/templates/gallery/index.ts";
import { pointsCard } from "../../../src/templates/gallery/points-card.ts";
import type { TestApp } from "../app.ts";

export interface StyledPass {
  /** `points-card`, or the style itself where the gallery has none of it. */
  readonly name: string;
  readonly serial: string;
}

/** What its barcode says, in every one. */
export const BARCODE = "PASS-0815";

const COLOURS = {
  foregroundColor: "rgb(255, 255, 255)",
  backgroundColor: "rgb(32, 60, 120)",
  labelColor: "rgb(190, 210, 255)",
};
const barcode = (format: string) => [
  { format: `PKBarcodeFormat${format}`, message: BARCODE, messageEncoding: "iso-8859-1", altText: BARCODE },
];
const field = (key: string, label: string, value: string) => ({ key, label, value });

/** The styles that the gallery does not show, with as many fields as fit. */
const OTHERS: Readonly<Record<string, object>> = {
  posterGeneric: {
    organizationName: "Harbour Gym",
    description: "Membership card",
    ...COLOURS,
    barcodes: barcode("QR"),
    posterGeneric: {
      headerFields: [field("level", "Level", "Gold")],
      primaryFields: [field("club", "Harbour Gym", "Sarah Miller"), field("since", "Since", "2019")],
      footerFields: [field("number", "Number", "4711")],
      backFields: [field("hours", "Open", "Every day from six to eleven.")],
    },
    generic: { primaryFields: [field("name", "Member", "Sarah Miller")] },
  },
  boardingPass: {
    organizationName: "Skylark Air",
    description: "Boarding pass",
    logoText: "Skylark",
    ...COLOURS,
    barcodes: barcode("PDF417"),
    boardingPass: {
      transitType: "PKTransitTypeAir",
      headerFields: [field("gate", "Gate", "B 23")],
      primaryFields: [field("from", "Bristol", "BRS"), field("to", "Rome", "FCO")],
      secondaryFields: [field("passenger", "Passenger", "Sarah Miller"), field("class", "Class", "Economy")],
      auxiliaryFields: [
        field("boards", "Boards", "18:05"),
        field("seat", "Seat", "14 C"),
        field("group", "Group", "2"),
      ],
      backFields: [field("bag", "Bags", "One bag of 23 kg is included.")],
    },
  },
  generic: {
    organizationName: "Municipal Library",
    description: "Library card",
    logoText: "Library",
    ...COLOURS,
    barcodes: barcode("Code128"),
    generic: {
      headerFields: [field("number", "Number", "4711")],
      primaryFields: [field("name", "Reader", "Sarah Miller")],
      secondaryFields: [field("since", "Member since", "2019"), field("branch", "Branch", "Harbourside")],
      auxiliaryFields: [field("books", "Books at once", "20")],
      backFields: [field("rules", "Rules", "Books come back after four weeks.")],
    },
  },
};

/** From light to dark, as large as Apple says. */
function artwork(): Buffer {
  const picture = new PNG({ width: 358, height: 448 });
  for (let at = 0; at < picture.data.length; at += 4) {
    const down = at / picture.data.length;
    picture.data.set([250 - 120 * down, 190 - 130 * down, 90 + 60 * down, 255], at);
  }
  return PNG.sync.write(picture);
}

/** Issues a pass of every gallery template and of every other style, with the values that the templates show as examples. */
export async function issueStyledPasses(shop: TestApp): Promise<StyledPass[]> {
  const issued: StyledPass[] = [];
  const issue = async (name: string, passTemplate: string, pass: Readonly<Record<string, string>> = {}) => {
    const recipient = { name: "Sarah Miller", email: `${name}@example.com` };
    const { serialNumber: serial } = await shop.issue({ passTemplate, pass, recipient });
    issued.push({ name, serial });
  };
  for (const gallery of GALLERY) {
    const source = await readGalleryTemplate(gallery);
    const { fields } = gallery.definition as { fields: Readonly<Record<string, { readonly example?: string }>> };
    const examples = Object.entries(fields).flatMap(([key, { example }]) =>
      example === undefined ? [] : [[key, example]],
    );
    const { pass, ...rest } = source.definition as { pass: { barcodes: readonly object[] } };
    const definition = {
      ...rest,
      pass: { ...pass, barcodes: pass.barcodes.map((one) => ({ ...one, message: BARCODE })) },
    };
    await issue(gallery.name, await shop.pushTemplate({ ...source, definition }), Object.fromEntries(examples));
  }
  for (const [style, pass] of Object.entries(OTHERS)) {
    const definition = { name: style, style, fields: {}, pass };
    const { images } = await readGalleryTemplate(pointsCard);
    const withArtwork = new Map([...images].filter(([name]) => name.startsWith("icon"))).set("artwork.png", artwork());
    await issue(
      style,
      await shop.pushTemplate({ definition, images: style === "posterGeneric" ? withArtwork : images }),
    );
  }
  return issued;
}

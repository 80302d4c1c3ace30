import { describe, expect, test } from "bun:test";
import { images as imagesTable } from "../src/db/schema.ts";
import { AppError } from "../src/errors.ts";
import { checkTemplate } from "../src/templates/check.ts";
import { readGalleryTemplate } from "../src/templates/folder.ts";
import { GALLERY } from "../src/templates/gallery/index.ts";
import type { JsonObject } from "../src/templates/placeholders.ts";
import { startTestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

const [first] = GALLERY;
const art = first ? (await readGalleryTemplate(first)).images : new Map<string, Buffer>();
const icon = art.get("icon.png") ?? Buffer.alloc(0);
const ICON = new Map([["icon.png", icon]]);

const FIELDS = { points: { type: "number" }, "member-name": { type: "text" } } as const;
const GOOD = cardWith(FIELDS) as JsonObject & { pass: JsonObject };
const withPass = (more: object) => ({ ...GOOD, pass: { ...GOOD.pass, ...more } });
const fields = (...backFields: readonly object[]) => withPass({ generic: { backFields } });

function problemsOf(definition: unknown, images: ReadonlyMap<string, Uint8Array> = ICON): Record<string, string> {
  const checked = checkTemplate(definition, images);
  return checked.ok ? {} : Object.fromEntries(checked.problems.map(({ path, message }) => [path, message]));
}

/** A PNG whose header promises a picture of that size. */
function pngOf(width: number, height: number): Buffer {
  const bytes = Buffer.from(icon);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

const PROBLEMS: readonly [string, unknown, string, RegExp][] = [
  ["no object", "text", "", /must be object/],
  ["no name", { ...GOOD, name: undefined }, "name", /is missing/],
  ["an unknown style", { ...GOOD, style: "poster" }, "style", /must be one of boardingPass, coupon/],
  ["a misspelt key", { ...GOOD, timezone: "UTC" }, "timezone", /did you mean "timeZone"/],
  [
    "an unknown type",
    { ...GOOD, fields: { points: { type: "integer" } } },
    "fields.points.type",
    /must be one of text, number/,
  ],
  [
    "a misspelt key of a field",
    { ...GOOD, fields: { points: { type: "number", requird: true } } },
    "fields.points.requird",
    /did you mean "required"/,
  ],
  [
    "a field name with a space",
    { ...GOOD, fields: { "member name": { type: "text" } } },
    "fields.member name",
    /not a usable field name/,
  ],
  [
    "a field with a built-in name",
    { ...GOOD, fields: { ...FIELDS, serial: { type: "text" } } },
    "fields.serial",
    /built-in/,
  ],
  [
    "a default that is none of its type",
    { ...GOOD, fields: { ...FIELDS, points: { type: "number", default: "many" } } },
    "fields.points.default",
    /must be a number/,
  ],
  [
    "an example that is none of its type",
    { ...GOOD, fields: { ...FIELDS, points: { type: "number", example: "many" } } },
    "fields.points.example",
    /must be a number/,
  ],
  ["a zone that there is not", { ...GOOD, timeZone: "Europe/Atlantis" }, "timeZone", /not an IANA time zone/],
  ["a bad prefix", { ...GOOD, profilePropertyPrefix: "Wallet Pass" }, "profilePropertyPrefix", /must match/],
  ["no dictionary for its style", withPass({ generic: undefined }), "pass.generic", /is missing: the style is generic/],
  ["the dictionary of another style", withPass({ coupon: {} }), "pass.coupon", /does not belong here/],
  ["no description", withPass({ description: " " }), "pass.description", /VoiceOver/],
  ...[
    "serialNumber",
    "teamIdentifier",
    "passTypeIdentifier",
    "webServiceURL",
    "authenticationToken",
    "formatVersion",
  ].map((key): [string, unknown, string, RegExp] => [
    `its own ${key}`,
    withPass({ [key]: "x" }),
    `pass.${key}`,
    /filled in by Passhook/,
  ]),
  [
    "a misspelt placeholder",
    withPass({ logoText: "{{member_name}}" }),
    "pass.logoText",
    /\{\{member_name\}\} .*did you mean "member-name"/,
  ],
  [
    "a placeholder inside text, in a list",
    withPass({ barcodes: [{ message: "No. {{serail}}" }] }),
    "pass.barcodes.0.message",
    /did you mean "serial"/,
  ],
  ["an empty placeholder", withPass({ logoText: "{{}}" }), "pass.logoText", /neither a field/],
  [
    "a field key twice",
    fields({ key: "a", value: "1" }, { key: "a", value: "2" }),
    "pass.generic.backFields.1.key",
    /"a" is used twice/,
  ],
  ["a field without a key", fields({ value: "1" }), "pass.generic.backFields.0.key", /is missing/],
  ["a field without a value", fields({ key: "a" }), "pass.generic.backFields.0.value", /is missing/],
  ["a field that is text", fields("a" as unknown as object), "pass.generic.backFields.0", /must be an object/],
];

const IMAGES: readonly [string, ReadonlyMap<string, Uint8Array>, string, RegExp][] = [
  ["no icon", new Map(), "images/icon.png", /is missing: an iPhone refuses/],
  [
    "a name that means nothing",
    new Map([...ICON, ["icn@2x.png", icon]]),
    "images/icn@2x.png",
    /did you mean "icon@2x\.png"/,
  ],
  ["a JPEG", new Map([["icon.png", Buffer.from([0xff, 0xd8, 0xff, 0xe0])]]), "images/icon.png", /is not a PNG file/],
  ["an empty file", new Map([["icon.png", Buffer.alloc(0)]]), "images/icon.png", /is not a PNG file/],
  [
    "a PNG that ends too early",
    new Map([["icon.png", icon.subarray(0, icon.length / 2)]]),
    "images/icon.png",
    /is a broken PNG/,
  ],
  [
    "a small file that asks for a gigabyte",
    new Map([["icon.png", pngOf(65_535, 65_535)]]),
    "images/icon.png",
    /65535 × 65535 pixels/,
  ],
  ["sizes that overflow", new Map([["icon.png", pngOf(0xffffffff, 0xffffffff)]]), "images/icon.png", /pixels/],
  ["a picture without width", new Map([["icon.png", pngOf(0, 16)]]), "images/icon.png", /broken PNG/],
  [
    "5 MB",
    new Map([["icon.png", Buffer.concat([icon, Buffer.alloc(5 * 1024 * 1024)])]]),
    "images/icon.png",
    /MB; at most 4 MB/,
  ],
];

describe("a problem is named by its place", () => {
  test("and a good template has none", () => expect(problemsOf(GOOD)).toEqual({}));

  test.each(PROBLEMS)("%s", (_, definition, path, message) => {
    const problems = problemsOf(JSON.parse(JSON.stringify(definition)));
    expect(Object.keys(problems)).toContain(path);
    expect(problems[path]).toMatch(message);
  });

  test.each(IMAGES)("%s", (_, images, path, message) => {
    const problems = problemsOf(GOOD, images);
    expect(Object.keys(problems)).toEqual([path]);
    expect(problems[path]).toMatch(message);
  });

  test("and all of them come at once", () => {
    const definition = {
      ...withPass({
        description: undefined,
        logoText: "{{nobody}}",
        teamIdentifier: "x",
        generic: { backFields: [{ key: "a" }] },
      }),
      timeZone: "Mars",
      tmplate: true,
      fields: { points: { type: "integer" }, url: { type: "text" } },
    };
    expect(Object.keys(problemsOf(definition, new Map([["logo.png", Buffer.from("x")]]))).sort()).toEqual([
      "fields.points.type",
      "images/icon.png",
      "images/logo.png",
      "pass.description",
      "pass.generic.backFields.0.value",
      "pass.logoText",
      "pass.teamIdentifier",
      "tmplate",
    ]);
  });

  test("what is wrong is not stored", async () => {
    await using shop = await startTestApp();
    const failure = await shop
      .pushTemplate({ definition: { ...GOOD, style: "poster" } })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect((await shop.app.templates.list(shop.accountId, { limit: 9 })).items).toEqual([]);
  });
});

describe("versions", () => {
  test("each push is one more, the last is current, and images are kept once for all", async () => {
    await using shop = await startTestApp();
    const push = (name: string, id?: string) =>
      shop.app.templates.push(shop.accountId, {
        ...(id === undefined ? {} : { id }),
        definition: { ...GOOD, name },
        images: art,
      });
    const { id, version } = await push("One");
    expect(version).toBe(1);
    const before = await shop.app.db.read.select({ sha256: imagesTable.sha256 }).from(imagesTable);
    expect(await push("Two", id)).toMatchObject({ id, version: 2 });
    expect(await push("Three", id.toUpperCase().replace("PTK_0X", "PTK_0x000"))).toMatchObject({ id, version: 3 });
    expect((await push("Another")).id).not.toBe(id);
    expect((await shop.app.templates.current(shop.accountId, id)).definition.name).toBe("Three");
    expect(await shop.app.db.read.select({ sha256: imagesTable.sha256 }).from(imagesTable)).toEqual(before);
    expect(before.length).toBe(new Set([...art.values()].map((bytes) => bytes.toString("base64"))).size);
  });

  test("an id from another server is kept; one of another account, or of no form, is refused", async () => {
    await using shop = await startTestApp();
    const source = { id: "ptk_0x14", definition: GOOD, images: ICON };
    expect(await shop.app.templates.push(shop.accountId, source)).toMatchObject({ id: "ptk_0x14", version: 1 });
    const other = await shop.app.accounts.create("Another shop");
    const taken = shop.app.templates.push(other.id, source);
    await expect(taken).rejects.toMatchObject({ code: "conflict" });
    const nonsense = shop.app.templates.push(shop.accountId, { ...source, id: "14" });
    await expect(nonsense).rejects.toMatchObject({ code: "invalid", details: [{ path: "id" }] });
  });
});

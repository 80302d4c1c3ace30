import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pngSize } from "../src/apple/image-png.ts";
import { parseStrings } from "../src/apple/strings-file.ts";
import { runCli } from "../src/cli/program.ts";
import { readGalleryTemplate, readTemplateFolder } from "../src/templates/folder.ts";
import { GALLERY } from "../src/templates/gallery/index.ts";
import type { TemplateSource } from "../src/templates/template-source.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { expectedManifest, jsonFile, readPackage } from "./support/read-package.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const DEFINITION = {
  name: "Card",
  style: "storeCard",
  fields: { "points-balance": { type: "number", default: 0 }, level: { type: "text" } },
  pass: {
    organizationName: "Example",
    description: "A card",
    storeCard: {
      primaryFields: [{ key: "points", label: "Points", value: "You have {{points-balance}} points" }],
      secondaryFields: [{ key: "level", label: "Level", value: "{{level}}" }],
    },
  },
};

const LOCALES = new Map([
  [
    "fr",
    {
      Points: "Points",
      Gold: "Or",
      "You have {{points-balance}} points": "Vous avez {{points-balance}} points, {{recipient.name}}",
    },
  ],
  ["de", { Points: "Punkte", Gold: "Gold", "You have {{points-balance}} points": "Du hast Punkte" }],
  ["es", { Gold: "Oro", Points: "Puntos", "You have {{points-balance}} points": "Tienes {{points-balance}} puntos" }],
]);

const gallery = GALLERY.find(({ name }) => name === "points-card");
const art = (gallery && (await readGalleryTemplate(gallery)).images) ?? new Map<string, Buffer>();
const largest = (name: string) => art.get(`${name}@3x.png`) ?? Buffer.alloc(0);

const SOURCE: TemplateSource = {
  definition: DEFINITION,
  images: new Map([
    ["de.lproj/logo@3x.png", largest("logo")],
    ["es.lproj/logo@3x.png", largest("logo")],
    ["fr.lproj/logo@3x.png", largest("logo")],
    ["icon@3x.png", largest("icon")],
  ]),
  locales: LOCALES,
};

async function packageOf(shop: TestApp, serial: string): Promise<ReadonlyMap<string, Buffer>> {
  return readPackage(await (await shop.request(`/p/${serial}.pkpass`)).bytes());
}

const textsIn = (files: ReadonlyMap<string, Buffer>, language: string) =>
  Object.fromEntries(parseStrings(files.get(`${language}.lproj/pass.strings`) ?? Buffer.alloc(0)));

test("a pass speaks each of its languages, with its own values", async () => {
  await using shop = await startTestApp();
  const passTemplate = await shop.pushTemplate(SOURCE);
  const sarah = { name: 'Sarah "S" Miller', email: "sarah@example.com" };
  const { serialNumber } = await shop.issue({
    passTemplate,
    pass: { "points-balance": "70.0", level: "Gold" },
    recipient: sarah,
  });
  const files = await packageOf(shop, serialNumber);

  const storeCard = jsonFile(files, "pass.json")["storeCard"];
  expect(storeCard).toMatchObject({ primaryFields: [{ label: "Points", value: "You have 70 points" }] });
  // The key of a line is what stands in pass.json: phones look it up there.
  expect(textsIn(files, "fr")).toEqual({
    Points: "Points",
    Gold: "Or",
    "You have 70 points": 'Vous avez 70 points, Sarah "S" Miller',
  });
  expect(textsIn(files, "es")["You have 70 points"]).toBe("Tienes 70 puntos");
  expect(textsIn(files, "de")).toEqual({ Points: "Punkte", Gold: "Gold", "You have 70 points": "Du hast Punkte" });
  expect(jsonFile(files, "manifest.json")).toEqual(expectedManifest(files));
  expect([...files.keys()].sort()).toEqual(
    [
      ...["manifest.json", "pass.json", "signature", "icon.png", "icon@2x.png", "icon@3x.png"],
      ...["de", "es", "fr"].flatMap((language) =>
        ["logo.png", "logo@2x.png", "logo@3x.png", "pass.strings"].map((file) => `${language}.lproj/${file}`),
      ),
    ].sort(),
  );
  expect(pngSize(files.get("icon@2x.png") ?? Buffer.alloc(0))).toEqual({ width: 76, height: 76 });

  await shop.issue({ passTemplate, pass: { "points-balance": "71" }, recipient: sarah });
  expect(textsIn(await packageOf(shop, serialNumber), "es")["You have 71 points"]).toBe("Tienes 71 puntos");
});

test("pull writes what was pushed, not what was made of it; pushed again, it is the same template", async () => {
  await using shop = await startTestApp();
  using folder = temporaryFolder();
  const [first, second] = [join(folder.path, "first"), join(folder.path, "second")];
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(first, name)), { recursive: true });
    writeFileSync(join(first, name), content);
  };
  write("template.json", `${JSON.stringify({ id: "ptk_0x1", ...DEFINITION }, undefined, 2)}\n`);
  for (const [language, texts] of LOCALES)
    write(`locales/${language}.json`, `${JSON.stringify(texts, undefined, 2)}\n`);
  for (const [name, bytes] of SOURCE.images) write(`images/${name}`, bytes);

  const cli = async (...args: readonly string[]) => {
    const errors: string[] = [];
    const io = { stdout: () => {}, stderr: (text: string) => errors.push(text), env: {}, stderrIsTty: false };
    expect([await runCli(["template", ...args, "--data", shop.dataDir], io), errors.join("")]).toEqual([0, ""]);
  };
  await cli("push", first);
  await cli("pull", "ptk_0x1", second);

  const contents = (dir: string) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(dir.length), readFileSync(path)] as const);
  expect(contents(second)).toEqual(contents(first));
  expect(readTemplateFolder(second)).toEqual({ id: "ptk_0x1", ...SOURCE });

  const before = await shop.app.templates.current(shop.accountId, "ptk_0x1");
  await shop.app.templates.push(shop.accountId, readTemplateFolder(second));
  const { version, createdAt, author, ...after } = await shop.app.templates.current(shop.accountId, "ptk_0x1");
  expect(version).toBe(2);
  expect(before).toMatchObject(after);
});

test("a folder with something wrong in a language says where", async () => {
  using folder = temporaryFolder();
  const put = (name: string, content: string) => {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), content);
  };
  put("template.json", JSON.stringify(DEFINITION));
  put("locales/fr.json", '{"Points": ');
  expect(() => readTemplateFolder(folder.path)).toThrow("locales/fr.json is not JSON: ");
  put("locales/fr.json", "{}");
  put("locales/fr.strings", "");
  expect(() => readTemplateFolder(folder.path)).toThrow("locales/fr.strings does not belong there");
});

test("a template with unequal languages or images is not pushed", async () => {
  await using shop = await startTestApp();
  const locales = new Map<string, unknown>([...LOCALES, ["it", { Points: "Punti" }]]);
  const push = shop.pushTemplate({ ...SOURCE, locales });
  expect(await push.catch((error) => error.details.map(({ path }: { path: string }) => path))).toEqual([
    "locales/it.json",
    "locales/it.json",
    "images/it.lproj/logo@3x.png",
  ]);
});

import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeStrings } from "../src/apple/strings-file.ts";
import { zipEntry, zipStored } from "../src/apple/zip.ts";
import { runCli } from "../src/cli/program.ts";
import type { FieldDefinition, TemplateDefinition } from "../src/templates/definition.ts";
import { readGalleryTemplate, readTemplateFolder } from "../src/templates/folder.ts";
import { GALLERY } from "../src/templates/gallery/index.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { jsonFile, readPackage } from "./support/read-package.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const points = GALLERY.find(({ name }) => name === "points-card");
const ICON = (points && (await readGalleryTemplate(points)).images.get("icon.png")) ?? Buffer.alloc(0);

interface Report {
  readonly languages: readonly string[];
  readonly images: readonly string[];
  readonly notes: readonly string[];
  readonly problems: readonly { path: string; message: string }[];
}

/** `passhook template import FILE DIR`, and what it wrote and said. */
async function importInto(dir: string, file: string) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runCli(["template", "import", file, dir, "--json"], {
    stdout: (text) => stdout.push(text),
    stderr: (text) => stderr.push(text),
    env: {},
    stderrIsTty: false,
  });
  if (status !== 0) throw new Error(stderr.join(""));
  const source = readTemplateFolder(dir);
  return { report: JSON.parse(stdout.join("")) as Report, definition: source.definition as TemplateDefinition, source };
}

/** A pass as files, imported. */
async function importFiles(files: Readonly<Record<string, Buffer | object>>) {
  using folder = temporaryFolder();
  const path = join(folder.path, "some.pkpass");
  const bytes = (content: Buffer | object) =>
    Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content), "utf8");
  writeFileSync(path, zipStored(Object.entries(files).map(([name, content]) => zipEntry(name, bytes(content)))));
  return await importInto(join(folder.path, "template"), path);
}

const exampleValues = (fields: Readonly<Record<string, FieldDefinition>>) =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, { example }]) => (example ? [[name, example]] : [])));

/** A pass of the template with the example values: its package. */
async function build(shop: TestApp, passTemplate: string): Promise<ReadonlyMap<string, Buffer>> {
  const { definition } = await shop.app.templates.current(shop.accountId, passTemplate);
  const { serialNumber } = await shop.issue({
    passTemplate,
    pass: exampleValues(definition.fields),
    recipient: { name: "Sarah Miller", email: "sarah@example.com" },
  });
  const answer = await shop.request(`/p/${serialNumber}.pkpass`);
  return readPackage(await answer.bytes());
}

/** pass.json without what is another one on each pass. */
function comparable(files: ReadonlyMap<string, Buffer>): unknown {
  const pass = jsonFile(files, "pass.json");
  const text = JSON.stringify({ ...pass, authenticationToken: "" });
  return JSON.parse(text.replaceAll(String(pass["serialNumber"]), "SERIAL"));
}

for (const gallery of GALLERY) {
  test(`${gallery.name}: a pass, imported and issued with the values that it had, is the same pass`, async () => {
    await using shop = await startTestApp();
    using folder = temporaryFolder();
    const original = await build(shop, await shop.pushGallery(gallery.name));
    const file = join(folder.path, "original.pkpass");
    writeFileSync(file, zipStored([...original].map(([name, bytes]) => zipEntry(name, bytes))));

    const { source, report } = await importInto(join(folder.path, "imported"), file);
    expect(report.problems).toEqual([]);
    expect(source.images).toEqual((await readGalleryTemplate(gallery)).images);
    const { id } = await shop.app.templates.push(shop.accountId, source);
    const again = await build(shop, id);

    expect(comparable(again)).toEqual(comparable(original));
    expect([...again.keys()].sort()).toEqual([...original.keys()].sort());
  });
}

test("the sign-up of a rewards card is taken over", async () => {
  const pass = { description: "Rewards", storeCard: {} };
  const asked = ["PKPassPersonalizationFieldName", "PKPassPersonalizationFieldEmailAddress"];
  const files = { "pass.json": pass, "icon.png": ICON };
  const personalization = { description: "Join us", requiredPersonalizationFields: asked };
  const { definition, report } = await importFiles({ ...files, "personalization.json": personalization });
  expect(definition.personalization).toEqual({ description: "Join us", fields: { Name: "", EmailAddress: "" } });
  expect(report.problems).toEqual([]);
  const broken = await importFiles({ ...files, "personalization.json": Buffer.from("{") });
  expect(broken.definition.personalization).toBeUndefined();
  expect(broken.report.notes).toEqual([
    "personalization.json was left out: it has no description, or asks for nothing.",
  ]);
});

test("a folder with languages in every encoding becomes locales and localised images", async () => {
  using folder = temporaryFolder();
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder.path, "Card.pass", name)), { recursive: true });
    writeFileSync(join(folder.path, "Card.pass", name), content);
  };
  const pass = {
    serialNumber: "1",
    description: "card",
    generic: { primaryFields: [{ key: "hello", label: "name", value: "greeting" }] },
  };
  write("pass.json", `\ufeff${JSON.stringify(pass)}`);
  write("icon@2x.png", ICON);
  write(
    "fr.lproj/pass.strings",
    writeStrings([
      ["greeting", 'Dis "bonjour"'],
      ["name", "Nom"],
    ]),
  );
  write("de.lproj/pass.strings", '/* German */\n"greeting" = "Grüß Gott";\n');
  write("en_GB.lproj/pass.strings", '"greeting" = "Hello"; "name" = "Name";');
  write("it.lproj/pass.strings", '"greeting" = "Ciao;');
  for (const language of ["fr", "de", "en_GB"]) write(`${language}.lproj/logo@2x.png`, ICON);
  write("Base.lproj/logo.png", ICON);
  write("notes.txt", "x");
  write(".DS_Store", "x");
  symlinkSync("/etc/hostname", join(folder.path, "Card.pass", "thumbnail.png"));

  const dir = join(folder.path, "template");
  const { report, source, definition } = await importInto(dir, join(folder.path, "Card.pass"));
  expect(report.problems).toEqual([]);
  expect(definition.fields).toEqual({});
  expect(source.locales).toEqual(
    new Map([
      ["de", { greeting: "Grüß Gott", name: "name" }],
      ["en-GB", { greeting: "Hello", name: "Name" }],
      ["fr", { greeting: 'Dis "bonjour"', name: "Nom" }],
    ]),
  );
  expect([...source.images.keys()].sort()).toEqual([
    "de.lproj/logo@2x.png",
    "en-GB.lproj/logo@2x.png",
    "fr.lproj/logo@2x.png",
    "icon@2x.png",
  ]);
  expect([...report.notes].sort()).toEqual([
    "Base.lproj/logo.png was left out: Base is not a language code.",
    'de lacked "name": each is its own text now.',
    "generic.primaryFields.0.value is translated and was kept; give it placeholders, here and in locales/, where it varies.",
    "it.lproj/pass.strings was left out: line 1: a quote is not closed",
    "notes.txt was left out: a template has no place for it.",
  ]);
  expect(readdirSync(join(dir, "locales")).sort()).toEqual(["de.json", "en-GB.json", "fr.json"]);
  expect(JSON.parse(readFileSync(join(dir, "locales/fr.json"), "utf8"))).toEqual({
    greeting: 'Dis "bonjour"',
    name: "Nom",
  });
});

test("what is no pass is refused with what is wrong, and writes nothing", async () => {
  const refused = (files: Readonly<Record<string, Buffer | object>>) => importFiles(files).then(() => "taken", String);
  expect(await refused({ "icon.png": ICON })).toContain("holds no pass.json");
  expect(await refused({ "a.pkpass": ICON, "b.pkpass": ICON })).toContain("holds several passes");
  expect(await refused({ "pass.json": Buffer.from("{,}") })).toContain("pass.json is not JSON: ");
  expect(await refused({ "pass.json": { description: "x" } })).toContain("pass.json has none of the styles");
  expect(await refused({ "../pass.json": { generic: {} } })).toContain("../pass.json");
  using folder = temporaryFolder();
  const file = join(folder.path, "not-a.pkpass");
  writeFileSync(file, "<html>");
  await expect(importInto(join(folder.path, "out"), file)).rejects.toThrow("zip");
  await expect(importInto(join(folder.path, "out"), join(folder.path, "missing"))).rejects.toThrow(
    "missing does not exist",
  );
  expect(readdirSync(folder.path)).toEqual(["not-a.pkpass"]);
});

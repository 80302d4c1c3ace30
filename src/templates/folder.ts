import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError, messageOf } from "../errors.ts";
import type { TemplateDefinition } from "./definition.ts";
import type { GalleryTemplate } from "./gallery/index.ts";
import type { LocaleSource, Locales } from "./locales.ts";
import { isObject } from "./placeholders.ts";
import type { TemplateSource } from "./template-source.ts";

const DEFINITION_FILE = "template.json";
const IMAGE_FOLDER = "images";
const LOCALE_FOLDER = "locales";

/**
 * Reads a template folder: `template.json`, `images/` with its `fr.lproj/` and the like, and `locales/`. Throws
 * `invalid` when there is none or something is not JSON.
 */
export function readTemplateFolder(dir: string): TemplateSource {
  const path = join(dir, DEFINITION_FILE);
  if (!existsSync(path)) {
    throw new AppError("invalid", `${path} does not exist. Begin with: passhook template init points-card ${dir}`);
  }
  // Editors read the schema's name from the file; it says nothing about the template.
  const { id, $schema: _, ...definition } = parseObject(path);
  const imageDir = join(dir, IMAGE_FOLDER);
  return {
    ...(id === undefined ? {} : { id: String(id) }),
    definition,
    images: new Map(filesIn(imageDir).map((name) => [name, readFileSync(join(imageDir, name))])),
    locales: readLocales(join(dir, LOCALE_FOLDER)),
  };
}

/** What a folder is written from. Images that were made from larger ones stay out: they are made again. */
export interface WritableTemplate {
  readonly id?: string;
  readonly definition: TemplateDefinition;
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly madeImages?: readonly string[];
  readonly locales?: Locales;
}

/** Writes a template as a folder. Throws `conflict` when the folder already holds one. */
export function writeTemplateFolder(dir: string, template: WritableTemplate): void {
  const { id, definition, images, madeImages = [], locales = {} } = template;
  const path = join(dir, DEFINITION_FILE);
  if (existsSync(path)) throw new AppError("conflict", `${path} exists already; name an empty folder.`);
  mkdirSync(join(dir, IMAGE_FOLDER), { recursive: true });
  for (const [name, bytes] of images) {
    if (!madeImages.includes(name)) writeIn(join(dir, IMAGE_FOLDER, name), bytes);
  }
  for (const [language, texts] of Object.entries(locales)) {
    writeIn(join(dir, LOCALE_FOLDER, `${language}.json`), asJson(texts));
  }
  writeDefinition(path, id, definition);
}

/** Notes the id that a first push gave, so that the next push makes a new version of it. */
export function writeTemplateId(dir: string, id: string): void {
  const path = join(dir, DEFINITION_FILE);
  writeDefinition(path, id, parseObject(path));
}

/** A gallery template, ready to be pushed or written. */
export async function readGalleryTemplate(template: GalleryTemplate): Promise<TemplateSource> {
  const images = new Map<string, Buffer>();
  for (const [name, path] of Object.entries(template.images))
    images.set(name, Buffer.from(await Bun.file(path).bytes()));
  return { definition: template.definition, images };
}

/** File names below a folder, with `/`, but nothing hidden; none where there is no such folder. */
function filesIn(dir: string, prefix = ""): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => !name.startsWith("."))
    .sort()
    .flatMap((name) =>
      statSync(join(dir, name)).isDirectory() ? filesIn(join(dir, name), `${prefix}${name}/`) : [`${prefix}${name}`],
    );
}

function readLocales(dir: string): LocaleSource {
  const locales = new Map<string, unknown>();
  for (const name of filesIn(dir)) {
    const language = /^([^/]+)\.json$/.exec(name)?.[1];
    if (language === undefined) {
      throw new AppError("invalid", `${join(dir, name)} does not belong there: texts are in fr.json and the like.`);
    }
    locales.set(language, parseObject(join(dir, name)));
  }
  return locales;
}

function writeIn(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function parseObject(path: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isObject(parsed)) return { ...parsed };
    throw new Error("must hold an object");
  } catch (error) {
    throw new AppError("invalid", `${path} is not JSON: ${messageOf(error)}`);
  }
}

function writeDefinition(path: string, id: string | undefined, definition: object): void {
  writeFileSync(path, asJson(id === undefined ? definition : { id, ...definition }));
}

const asJson = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

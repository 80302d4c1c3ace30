import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, messageOf } from "../errors.ts";
import type { TemplateDefinition } from "./definition.ts";
import type { GalleryTemplate } from "./gallery/index.ts";
import { isObject } from "./placeholders.ts";
import type { TemplateSource } from "./templates.ts";

const DEFINITION_FILE = "template.json";
const IMAGE_FOLDER = "images";

/** Reads a template folder: `template.json` and `images/`. Throws `invalid` when there is none or it is not JSON. */
export function readTemplateFolder(dir: string): TemplateSource {
  const path = join(dir, DEFINITION_FILE);
  if (!existsSync(path)) {
    throw new AppError("invalid", `${path} does not exist. Begin with: passhook template init points-card ${dir}`);
  }
  const { id, ...definition } = parseDefinition(path);
  const imageDir = join(dir, IMAGE_FOLDER);
  const names = existsSync(imageDir)
    ? readdirSync(imageDir)
        .filter((name) => !name.startsWith("."))
        .sort()
    : [];
  return {
    ...(id === undefined ? {} : { id: String(id) }),
    definition,
    images: new Map(names.map((name) => [name, readFileSync(join(imageDir, name))])),
  };
}

/** Writes a template as a folder. Throws `conflict` when the folder already holds one. */
export function writeTemplateFolder(
  dir: string,
  template: { id?: string; definition: TemplateDefinition; images: ReadonlyMap<string, Uint8Array> },
): void {
  const path = join(dir, DEFINITION_FILE);
  if (existsSync(path)) throw new AppError("conflict", `${path} exists already; name an empty folder.`);
  mkdirSync(join(dir, IMAGE_FOLDER), { recursive: true });
  for (const [name, bytes] of template.images) writeFileSync(join(dir, IMAGE_FOLDER, name), bytes);
  writeDefinition(path, template.id, template.definition);
}

/** Notes the id that a first push gave, so that the next push makes a new version of it. */
export function writeTemplateId(dir: string, id: string): void {
  const path = join(dir, DEFINITION_FILE);
  writeDefinition(path, id, parseDefinition(path));
}

/** A gallery template, ready to be pushed or written. */
export async function readGalleryTemplate(template: GalleryTemplate): Promise<TemplateSource> {
  const images = new Map<string, Buffer>();
  for (const [name, path] of Object.entries(template.images))
    images.set(name, Buffer.from(await Bun.file(path).bytes()));
  return { definition: template.definition, images };
}

function parseDefinition(path: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isObject(parsed)) return { ...parsed };
    throw new Error("must hold an object");
  } catch (error) {
    throw new AppError("invalid", `${path} is not JSON: ${messageOf(error)}`);
  }
}

function writeDefinition(path: string, id: string | undefined, definition: object): void {
  writeFileSync(path, `${JSON.stringify(id === undefined ? definition : { id, ...definition }, undefined, 2)}\n`);
}

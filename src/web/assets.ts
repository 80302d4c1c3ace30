import { createHash } from "node:crypto";
import { ADMIN_SCRIPTS } from "./admin/scripts/scripts.ts";
import { ADMIN_STYLES } from "./admin/styles/styles.ts";
import docsCss from "./docs/docs.css" with { type: "text" };
import docsScript from "./docs/docs.js" with { type: "text" };
import icon from "./icon.svg" with { type: "text" };
import { PREVIEW_CSS } from "./preview/preview-style.ts";
import tokens from "./tokens.css" with { type: "text" };

/** Every file that pages refer to, by its name; scripts import each other as `./name.js`. */
const FILES = {
  "icon.svg": icon,
  "admin.css": tokens + ADMIN_STYLES + PREVIEW_CSS,
  "docs.css": tokens + docsCss,
  "docs.js": docsScript,
  ...ADMIN_SCRIPTS,
} as const;

export type AssetName = keyof typeof FILES;

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** One name for the content of all files, so that scripts can import each other and browsers keep them for ever. */
const EDITION = createHash("sha256").update(JSON.stringify(FILES)).digest("hex").slice(0, 12);

export const assetUrl = (name: AssetName): string => `/assets/${EDITION}/${name}`;

/** The content of a file and its media type; nothing for one that is not there, or not in this edition. */
export function findAsset(edition: string, name: string): { text: string; type: string } | undefined {
  const text = edition === EDITION && Object.hasOwn(FILES, name) ? FILES[name as AssetName] : undefined;
  const type = TYPES[name.split(".").at(-1) ?? ""];
  return text === undefined || type === undefined ? undefined : { text, type };
}

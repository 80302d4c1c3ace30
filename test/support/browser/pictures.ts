import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { ROOT } from "../server-process.ts";

const FOLDER = join(ROOT, "test", "browser", "pictures");

/** Of 255, in a colour of a pixel: what another processor makes of an edge or a gradient stays below. */
const VISIBLE = 40;
/** Of all pixels. A letter that is another is more, on pictures of this size. */
const TOLERATED = 0.0005;

/**
 * How a picture differs from the one that is kept for it; nothing when nobody would see a difference. Where none is kept
 * it is written, for whoever looks at it and commits it. So after a change that is meant: remove the old one, run the
 * test twice.
 */
export function differenceFromKept(name: string, picture: Uint8Array): string | undefined {
  const path = join(FOLDER, `${name}.png`);
  if (!existsSync(path)) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, picture);
    return `There was no ${path}. Now there is: look at it, and run the test again.`;
  }
  const [kept, now] = [PNG.sync.read(readFileSync(path)), PNG.sync.read(Buffer.from(picture))];
  if (kept.width !== now.width || kept.height !== now.height) {
    return `It is ${now.width} × ${now.height} pixels, not ${kept.width} × ${kept.height} as ${path}.`;
  }
  const rows = new Set<number>();
  let different = 0;
  for (let at = 0; at < kept.data.length; at += 4) {
    const isVisible = [0, 1, 2].some((i) => Math.abs((kept.data[at + i] ?? 0) - (now.data[at + i] ?? 0)) > VISIBLE);
    if (!isVisible) continue;
    different++;
    rows.add(Math.floor(at / 4 / kept.width));
  }
  if (different <= TOLERATED * kept.width * kept.height) return undefined;
  return `${different} pixels differ from ${path}, between the rows ${Math.min(...rows)} and ${Math.max(...rows)}.`;
}

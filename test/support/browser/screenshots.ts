import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ROOT } from "../server-process.ts";

const FOLDER = join(ROOT, "test", "screenshots");

/** Keeps a picture of the page for whoever wants to look through them; git does not. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true, scale: "css", animations: "disabled" });
}

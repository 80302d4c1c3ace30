import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync, createBrotliDecompress } from "node:zlib";
import { type Browser, chromium } from "playwright-core";
import { ROOT } from "../server-process.ts";

/**
 * The browser of the tests comes with the npm packages: `@sparticuz/chromium` holds a Chromium without window, the
 * libraries that it needs beside the C library, and the font Open Sans. So nothing must be installed on the machine, and
 * letters have the same width everywhere.
 */

/** Why there is no browser on this machine; nothing where there is. */
export const noChromium: string | undefined = reasonAgainst();

if (noChromium !== undefined) console.warn(`The tests in a browser are left out: ${noChromium}.`);

function reasonAgainst(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "their Chromium is for Linux on x64 only";
  if (!existsSync("/lib64/ld-linux-x86-64.so.2")) return "their Chromium takes the GNU C library, which is not here";
  return undefined;
}

export interface ChromiumOptions {
  /** A host, and the port on this machine that it leads to instead. */
  readonly host?: { readonly name: string; readonly port: number };
}

/** Starts a browser that reaches this machine alone. Close it with `close()`. */
export async function launchChromium({ host }: ChromiumOptions = {}): Promise<Browser> {
  const folder = await unpacked();
  const rules = [
    ...(host ? [`MAP ${host.name}:443 127.0.0.1:${host.port}`] : []),
    "MAP * ~NOTFOUND",
    "EXCLUDE 127.0.0.1",
    "EXCLUDE localhost",
  ];
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: [
      `--host-resolver-rules=${rules.join(", ")}`,
      // The outlines of letters as they are, not fitted to pixels in the machine's own way.
      "--font-render-hinting=none",
    ],
    env: {
      HOME: folder,
      PATH: process.env["PATH"] ?? "",
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  });
}

/** The folder that the package was unpacked into, which takes two seconds once. */
async function unpacked(): Promise<string> {
  const packed = dirname(Bun.fileURLToPath(import.meta.resolve("@sparticuz/chromium/package.json")));
  const { version } = (await Bun.file(join(packed, "package.json")).json()) as { version: string };
  const cache = join(ROOT, "node_modules", ".cache");
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, "chromium-"));
  const part = (name: string) => join(packed, "bin", `${name}.br`);
  await pipeline(
    createReadStream(part("chromium")),
    createBrotliDecompress({ chunkSize: 2 ** 21 }),
    createWriteStream(join(unfinished, "chromium"), { mode: 0o755 }),
  );
  for (const name of ["al2023", "fonts"]) {
    const archive = new Bun.Archive(brotliDecompressSync(readFileSync(part(`${name}.tar`))));
    await archive.extract(join(unfinished, name));
  }
  // Only the font that came along: what the machine has would make other pictures.
  await Bun.write(
    join(unfinished, "fonts.conf"),
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>`,
  );
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run was faster.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

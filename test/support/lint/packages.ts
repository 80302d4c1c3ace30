import { createHash } from "node:crypto";
import { PNG } from "pngjs";
import { createDevelopmentChain } from "../../../src/apple/development-chain.ts";
import { lintPackage } from "../../../src/apple/lint/lint-package.ts";
import { buildPackage, prepareFiles } from "../../../src/apple/package.ts";
import { createSigner } from "../../../src/apple/signer.ts";
import { zipEntry, zipStored } from "../../../src/apple/zip.ts";
import type { JsonObject } from "../../../src/templates/placeholders.ts";
import type { Chain } from "./chains.ts";
import { card, NOW } from "./passes.ts";

/** What the server itself signs with until Apple's certificate is there. */
export const DEVELOPMENT: Chain = createDevelopmentChain({
  passTypeIdentifier: "pass.com.example.card",
  teamIdentifier: "A1B2C3D4E5",
  now: NOW,
});

export const png = (width: number, height = width): Buffer => PNG.sync.write(new PNG({ width, height }));

export const ICON_FILES: ReadonlyMap<string, Buffer> = new Map([
  ["icon.png", png(38)],
  ["icon@2x.png", png(76)],
  ["icon@3x.png", png(114)],
]);

/** A package by the server's own builder. */
export async function built(
  options: { pass?: JsonObject; files?: Readonly<Record<string, Uint8Array>>; chain?: Chain; signedAt?: number } = {},
): Promise<Buffer> {
  const { pass = card, files = {}, chain = DEVELOPMENT, signedAt = NOW } = options;
  const all = new Map<string, Uint8Array>([...ICON_FILES, ...Object.entries(files)]);
  return buildPackage(pass, prepareFiles(all), await createSigner(chain), signedAt);
}

/** A package of files as they are given, without manifest and signature of its own making. */
export const packed = (files: Iterable<readonly [name: string, content: Uint8Array]>): Buffer =>
  zipStored([...files].map(([name, content]) => zipEntry(name, content)));

/** The same with a manifest that fits, signed: what is wrong then is in the files. */
export async function signed(
  files: Readonly<Record<string, Uint8Array>>,
  manifest?: Uint8Array,
): Promise<Map<string, Uint8Array>> {
  const hashes = Object.entries(files).map(([name, content]) => [
    name,
    createHash("sha1").update(content).digest("hex"),
  ]);
  const list = manifest ?? Buffer.from(JSON.stringify(Object.fromEntries(hashes)));
  const signature = await (await createSigner(DEVELOPMENT)).sign(list, NOW);
  return new Map([...Object.entries(files), ["manifest.json", list], ["signature", signature]]);
}

export const lint = (bytes: Uint8Array, now = NOW) => lintPackage(bytes, { now });

/** `APL002 pass.json` of each error. */
export async function errorsOf(bytes: Uint8Array, now = NOW): Promise<string[]> {
  const { ok, findings } = await lint(bytes, now);
  const errors = findings.filter(({ severity }) => severity === "error").map(({ id, path }) => `${id} ${path}`);
  if (ok !== (errors.length === 0)) throw new Error("ok does not say what the findings do");
  return errors;
}

/** Findings other than that the development certificate is not Apple's. */
export async function findingsOf(bytes: Uint8Array, now = NOW): Promise<string[]> {
  const { findings } = await lint(bytes, now);
  return findings
    .filter(({ id, severity }) => id !== "APL006" || severity === "error")
    .map(({ id, path }) => `${id} ${path}`);
}

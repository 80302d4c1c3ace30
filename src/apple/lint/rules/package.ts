import { createHash } from "node:crypto";
import { packageRule } from "../rule.ts";
import { show } from "../words.ts";
import { isForeign } from "../zip-entry.ts";

/** The two files that the manifest cannot speak of. */
const UNLISTED = ["manifest.json", "signature"];

/** The manifest vouches for every file. */
export const manifestComplete = packageRule({
  id: "APL001",
  severity: "error",
  summary: "a file of the package is not in manifest.json, or the reverse; pass.json or manifest.json is missing",
  effect: "pass refused",
  mark: "documented",
  *check({ names, manifest, pass, zipProblems }) {
    // What is no archive at all has been said to be none.
    if (names.size === 0 && zipProblems.length > 0) return;
    if (!names.has("pass.json")) yield { path: "pass.json", message: "is missing; it is the pass" };
    if (!names.has("manifest.json")) {
      yield { path: "manifest.json", message: "is missing; it lists every file with its SHA-1" };
      return;
    }
    if (!manifest) {
      yield { path: "manifest.json", message: 'must be an object of file names and hashes: {"icon.png": "…"}' };
      return;
    }
    if (names.has("pass.json") && !pass) yield { path: "pass.json", message: "must be an object { … }" };
    for (const name of names) {
      if (!UNLISTED.includes(name) && !isForeign(name) && !Object.hasOwn(manifest, name)) {
        yield {
          path: name,
          message: "is in the package, but not in manifest.json; add it there and sign again, or leave it out",
        };
      }
    }
    for (const name of Object.keys(manifest)) {
      if (UNLISTED.includes(name)) yield { path: "manifest.json", message: `lists ${name}, which it cannot` };
      else if (!names.has(name))
        yield { path: "manifest.json", message: `lists ${show(name)}, which is not in the package` };
    }
  },
});

/** SHA-1 in lower case, of the bytes as they are stored. */
export const manifestHashes = packageRule({
  id: "APL002",
  severity: "error",
  summary: "a hash of manifest.json is wrong, in upper case, or not SHA-1",
  effect: "pass refused",
  deviceMessage: "For file X, manifest's listed SHA1 hash A doesn't match computed hash B",
  mark: "community",
  *check({ files, manifest }) {
    for (const [name, stated] of Object.entries(manifest ?? {})) {
      if (UNLISTED.includes(name)) continue;
      const form = hashFault(stated);
      if (form) {
        yield { path: name, message: form };
        continue;
      }
      const content = files.get(name);
      const computed = content && createHash("sha1").update(content).digest("hex");
      if (computed !== undefined && computed !== stated) {
        yield {
          path: name,
          message: `was changed after manifest.json was written: its SHA-1 is ${computed}, the manifest says ${stated}`,
          deviceMessage: `For file ${name}, manifest's listed SHA1 hash ${stated} doesn't match computed hash ${computed}`,
        };
      }
    }
  },
});

function hashFault(stated: unknown): string | undefined {
  if (typeof stated !== "string") return "has no hash in manifest.json; it must be SHA-1 as text";
  if (/^[0-9a-f]{40}$/.test(stated)) return undefined;
  if (/^[0-9A-F]{40}$/i.test(stated)) return "has its hash in upper case in manifest.json; write it in lower case";
  return /^[0-9a-f]{64}$/i.test(stated)
    ? "has a SHA-256 hash in manifest.json; Wallet's manifest has SHA-1"
    : `has ${show(stated)} in manifest.json, which is no SHA-1 hash`;
}

/** An archive that another reader could understand differently is none to be signed. */
export const plainArchive = packageRule({
  id: "APL012",
  severity: "error",
  summary:
    "enclosing folder, unsafe path, encryption, zip64, repeated entry, foreign metadata, damaged or oversized archive",
  effect: "pass refused",
  mark: "inferred",
  check: ({ zipProblems }) => zipProblems,
});

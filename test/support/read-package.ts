import { createHash } from "node:crypto";
import { fromBuffer } from "yauzl";

/** The files of a zip, read by a library that no package is written with. */
export function readPackage(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, Buffer>>();
  const files = new Map<string, Buffer>();
  fromBuffer(Buffer.from(bytes), { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
    if (error) return reject(error);
    zip.on("error", reject);
    zip.on("end", () => resolve(files));
    zip.on("entry", (entry) => {
      zip.openReadStream(entry, (failure, stream) => {
        if (failure) return reject(failure);
        const chunks: Buffer[] = [];
        stream.on("error", reject);
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          files.set(entry.fileName, Buffer.concat(chunks));
          zip.readEntry();
        });
      });
    });
    zip.readEntry();
  });
  return promise;
}

/** One JSON file of a package. */
export function jsonFile(files: ReadonlyMap<string, Buffer>, name: string): Record<string, unknown> {
  return JSON.parse(files.get(name)?.toString("utf8") ?? "null");
}

/** `file → SHA-1` as Apple wants the manifest to be: every file but the manifest and its signature. */
export function expectedManifest(files: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries(
    [...files]
      .filter(([name]) => name !== "manifest.json" && name !== "signature")
      .map(([name, bytes]) => [name, createHash("sha1").update(bytes).digest("hex")]),
  );
}

interface PassField {
  readonly key: string;
  readonly value: unknown;
}

/** The value that a pass shows in the field with that key, in whatever part of the pass the field stands. */
export function shownValue(files: ReadonlyMap<string, Buffer>, style: string, key: string): unknown {
  const parts = jsonFile(files, "pass.json")[style];
  const fields = Object.values(parts ?? {}).flat() as PassField[];
  return fields.find((field) => field.key === key)?.value;
}

import { expect, test } from "bun:test";
import { deflateRawSync } from "node:zlib";
import type { AppError } from "../errors.ts";
import { PASS_LIMITS, readZip } from "./read-zip.ts";
import { zipEntry, zipStored } from "./zip.ts";

const stored = (files: Readonly<Record<string, string>>) =>
  zipStored(Object.entries(files).map(([name, text]) => zipEntry(name, Buffer.from(text))));

/** Offsets in the one central directory record of a zip with one entry. */
const CENTRAL = { flags: 8, method: 10, unpacked: 24, attributes: 38 } as const;
const centralOf = (zip: Buffer) => zip.indexOf("PK\x01\x02", 0, "latin1");

/** A zip of one deflated file that claims to unpack to `claimed` bytes. */
function deflated(content: Buffer, claimed = content.length): Buffer {
  const zip = zipStored([{ ...zipEntry("a", deflateRawSync(content)), crc: Bun.hash.crc32(content) }]);
  for (const at of [6 + 2, centralOf(zip) + CENTRAL.method]) zip.writeUInt16LE(8, at);
  for (const at of [22, centralOf(zip) + CENTRAL.unpacked]) zip.writeUInt32LE(claimed, at);
  return zip;
}

const LIMITS = { archiveBytes: 100_000, entries: 3, entryBytes: 1_000, totalBytes: 1_500 };

/** `path: what is wrong` of each problem, or that there is none. */
const problemsOf = (zip: Uint8Array, limits = PASS_LIMITS) =>
  readZip(zip, limits).then(
    () => ["taken"],
    (error: AppError) => error.details.map(({ path, message }) => `${path}: ${message}`),
  );

test("stored and deflated files, without folders and what file managers add, in their order", async () => {
  const files = await readZip(
    stored({ "pass.json": "{}", "fr.lproj/": "", "fr.lproj/pass.strings": "é", ".DS_Store": "x", "__MACOSX/._a": "x" }),
  );
  expect([...files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
    ["pass.json", "{}"],
    ["fr.lproj/pass.strings", "é"],
  ]);
  const unpacked = await readZip(deflated(Buffer.alloc(900, "x")), LIMITS);
  expect(unpacked.get("a")?.length).toBe(900);
});

test("a zip bomb is not unpacked, whatever it says of its size", async () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const [honest, lying] = [deflated(zeros), deflated(zeros, 10)];
  expect(honest.length).toBeLessThan(LIMITS.archiveBytes);
  const before = process.memoryUsage.rss();
  expect(await problemsOf(honest, LIMITS)).toEqual([expect.stringContaining("a: unpacks to more than is read")]);
  expect(await problemsOf(lying, LIMITS)).toEqual([expect.stringContaining("a: cannot be unpacked")]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 1024 * 1024);
});

test("limits hold for all files together, for their number and for the archive", async () => {
  const [large, small] = ["x".repeat(900), "x".repeat(700)];
  expect(await problemsOf(stored({ a: large, b: small }), LIMITS)).toEqual([
    expect.stringContaining("b: unpacks to more than is read"),
  ]);
  expect(await problemsOf(stored({ a: "", b: "", c: "", d: "" }), LIMITS)).toEqual([
    ": has more than 3 entries; the others were not read",
  ]);
  expect(await problemsOf(Buffer.alloc(LIMITS.archiveBytes + 1), LIMITS)).toHaveLength(1);
});

test("names that lead out of the archive, or are none, are refused", async () => {
  for (const name of ["../a", "a/../../b", "/etc/passwd", "C:/a", "a\\b", "x/a", "./a", "a\u0000b"]) {
    expect([name, await problemsOf(stored({ [name]: "x" }))]).not.toEqual([name, ["taken"]]);
  }
  const twice = zipStored([zipEntry("a", Buffer.from("1")), zipEntry("a", Buffer.from("2"))]);
  expect(await problemsOf(twice)).toEqual([expect.stringContaining("a: is in the archive twice")]);
});

test("symbolic links, encryption and damage are refused", async () => {
  const changed = (change: (zip: Buffer, central: number) => void) => {
    const zip = stored({ "icon.png": "pixels" });
    change(zip, centralOf(zip));
    return problemsOf(zip);
  };
  const has = (text: string) => [expect.stringContaining(text)];
  expect(await changed((zip, at) => zip.writeUInt32LE(0xa1ff0000, at + CENTRAL.attributes))).toEqual(
    has("symbolic link"),
  );
  expect(await changed((zip, at) => zip.writeUInt16LE(0x0801, at + CENTRAL.flags))).toEqual(has("is encrypted"));
  expect(await changed((zip) => zip.write("PIXELS", 38))).toEqual(has("icon.png: is damaged"));
  expect(await problemsOf(Buffer.from("no zip at all"))).toEqual(has("is not a zip archive"));
  expect(await problemsOf(stored({ a: "x" }).subarray(0, 40))).toEqual(has("is not a zip archive"));
});

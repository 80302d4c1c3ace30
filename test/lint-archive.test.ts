import { describe, expect, test } from "bun:test";
import { crc32, deflateRawSync } from "node:zlib";
import { lintPackage } from "../src/apple/lint/lint-package.ts";
import { readZip, ZIP_LIMITS } from "../src/apple/lint/read-zip.ts";
import { built, errorsOf, findingsOf, lint, packed, signed } from "./support/lint/packages.ts";
import { NOW } from "./support/lint/passes.ts";
import { readPackage } from "./support/read-package.ts";

const good = await readPackage(await built());
const text = (content: string) => Buffer.from(content);

/** The good package with further files; what is said about them, not that the manifest does not know them. */
async function saysOf(...files: (readonly [name: string, content: Uint8Array])[]): Promise<string[]> {
  const { findings } = await lint(packed([...good, ...files]));
  return findings.filter(({ id }) => id === "APL012").map(({ path, message }) => `${path} ${message}`);
}

/** Offsets in a central directory record. */
const CENTRAL = { flags: 8, method: 10, unpacked: 24, attributes: 38, local: 42 } as const;
const centralOf = (zip: Buffer, name: string) => zip.lastIndexOf(name) - 46;

/** The good package with one record of its directory changed. */
function patched(name: string, change: (zip: Buffer, central: number) => void): Buffer {
  const zip = packed(good);
  change(zip, centralOf(zip, name));
  return zip;
}

describe("names", () => {
  test.each([
    ["../pass.json", "leads out"],
    ["fr.lproj/../../x", "leads out"],
    ["/etc/passwd", "absolute"],
    ["C:/x", "absolute"],
    ["fr.lproj\\pass.strings", "backslash"],
    ["images/logo.png", "lies in a folder"],
    ["fr.lproj/deep/logo.png", "lies in a folder"],
    ["a\0b", "not plain text"],
  ])("%s", async (name, says) => {
    expect(await saysOf([name, text("x")])).toEqual([expect.stringContaining(says)]);
  });

  test("what file managers leave behind is one finding each, not a matter of the manifest", async () => {
    const files = [".DS_Store", "__MACOSX/._icon.png", "fr.lproj/._pass.strings", "Thumbs.db"];
    expect(await errorsOf(packed([...good, ...files.map((name) => [name, text("x")] as const)]))).toEqual(
      files.map((name) => `APL012 ${name}`),
    );
  });

  test("folder entries of languages are harmless", async () => {
    expect(await findingsOf(packed([...good, ["fr.lproj/", text("")]]))).toEqual([]);
  });

  test("a folder around everything is said once, and the pass in it is looked at", async () => {
    const wrapped = [...good].map(([name, content]) => [`card/${name}`, content] as const);
    expect(await errorsOf(packed(wrapped))).toEqual(["APL012 card/"]);
  });

  test("the same name twice", async () => {
    expect(await saysOf(["icon.png", text("other")])).toEqual([
      expect.stringContaining("icon.png is in the archive twice"),
    ]);
  });
});

describe("records", () => {
  test("encryption", async () => {
    const zip = patched("icon.png", (bytes, at) => bytes.writeUInt16LE(0x0801, at + CENTRAL.flags));
    expect(await errorsOf(zip)).toContain("APL012 icon.png");
  });

  test("a method that phones do not know", async () => {
    const zip = patched("icon.png", (bytes, at) => bytes.writeUInt16LE(12, at + CENTRAL.method));
    expect((await lint(zip)).findings.find(({ id }) => id === "APL012")?.message).toContain("(12)");
  });

  test("a symbolic link", async () => {
    const zip = patched("icon.png", (bytes, at) => bytes.writeUInt32LE((0xa1ff << 16) >>> 0, at + CENTRAL.attributes));
    expect((await lint(zip)).findings.find(({ id }) => id === "APL012")?.message).toContain("symbolic link");
  });

  test("two headers that do not agree", async () => {
    const zip = patched("icon.png", (bytes, at) =>
      bytes.write("ikon.png", bytes.readUInt32LE(at + CENTRAL.local) + 30),
    );
    expect((await lint(zip)).findings.find(({ id }) => id === "APL012")?.message).toContain("do not agree");
  });

  test("zip64", async () => {
    const zip = packed(good);
    const end = zip.length - 22;
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50);
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50);
    record.writeBigUInt64LE(BigInt(good.size), 32);
    record.writeBigUInt64LE(BigInt(zip.readUInt32LE(end + 16)), 48);
    locator.writeBigUInt64LE(BigInt(end), 8);
    const bytes = Buffer.concat([zip.subarray(0, end), record, locator, zip.subarray(end)]);
    expect((await lint(bytes)).findings.find(({ id }) => id === "APL012")?.message).toContain("zip64");
  });

  test("a truncated archive, an empty file, and no archive at all", async () => {
    const zip = packed(good);
    expect(await errorsOf(zip.subarray(0, zip.length - 30))).toEqual(["APL012 "]);
    expect(await errorsOf(Buffer.alloc(0))).toEqual(["APL012 "]);
    expect(await errorsOf(text("<html>Not found</html>"))).toEqual(["APL012 "]);
    expect(await errorsOf(packed([]))).toEqual(["APL001 pass.json", "APL001 manifest.json"]);
  });
});

describe("size", () => {
  /** One deflated file of zeros that says it unpacks to `claimed` bytes. */
  function bomb(size: number, claimed = size): Buffer {
    const zeros = Buffer.alloc(size);
    const zip = packed([["pass.json", deflateRawSync(zeros)]]);
    const central = centralOf(zip, "pass.json");
    for (const [at, unpacked] of [
      [8, 22],
      [central + CENTRAL.method, central + CENTRAL.unpacked],
    ] as const) {
      zip.writeUInt16LE(8, at);
      zip.writeUInt32LE(claimed, unpacked);
    }
    for (const at of [14, central + 16]) zip.writeUInt32LE(crc32(zeros), at);
    return zip;
  }

  test.each([
    ["honest", bomb(200 * 1024 * 1024)],
    ["lying", bomb(200 * 1024 * 1024, 1_000)],
  ])("a zip bomb is not unpacked: %s", async (_, bytes) => {
    const before = process.memoryUsage.rss();
    expect(await errorsOf(bytes)).toContain("APL012 pass.json");
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  });

  test("all entries together, also when they share their bytes", async () => {
    const one = bomb(20 * 1024 * 1024);
    const central = centralOf(one, "pass.json");
    const directory = one.subarray(central, one.length - 22);
    const records = Array.from({ length: 10 }, (_, i) => {
      const record = Buffer.from(directory);
      record.write(`${i}`, 46);
      return record;
    });
    const end = Buffer.from(one.subarray(one.length - 22));
    end.writeUInt16LE(10, 10);
    const { files, problems } = await readZip(Buffer.concat([one.subarray(0, central), ...records, end]));
    const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    expect(total).toBeLessThanOrEqual(ZIP_LIMITS.totalBytes);
    expect(problems.filter(({ message }) => message.includes("more than is read")).length).toBe(4);
  });

  test("more entries than a pass has", async () => {
    const files = Array.from({ length: 1_200 }, (_, i) => [`f${i}`, text("")] as const);
    const { names, problems } = await readZip(packed(files));
    expect(names.size).toBe(1_000);
    expect(problems).toEqual([expect.objectContaining({ message: expect.stringContaining("more than 1000 entries") })]);
  });

  test("the archive itself", async () => {
    const { problems } = await readZip(Buffer.alloc(11), { ...ZIP_LIMITS, archiveBytes: 10 });
    expect(problems).toHaveLength(1);
  });
});

test("a manifest that speaks of prototypes is only a manifest", async () => {
  const manifest = text('{"__proto__": "x", "constructor": "y", "toString": 5}');
  expect(await errorsOf(packed(await signed({}, manifest)))).toContain("APL001 pass.json");
  expect(
    (await lintPackage(packed(await signed({ "pass.json": text('{"__proto__":{"a":1}}') })), { now: NOW })).ok,
  ).toBe(false);
});

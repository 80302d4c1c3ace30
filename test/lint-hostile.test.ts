import { expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { filesContext, lintPackage } from "../src/apple/lint/lint-package.ts";
import { lintPass } from "../src/apple/lint/lint-pass.ts";
import { zipEntry, zipStored } from "../src/apple/zip.ts";
import { built, packed, signed } from "./support/lint/packages.ts";
import { card, context, flight, NOW, posterTicket, ticket } from "./support/lint/passes.ts";
import { readPackage } from "./support/read-package.ts";

/** Nothing may throw, hang, or fill memory, whatever the bytes are. */

const good = await built({ files: { "fr.lproj/pass.strings": Buffer.from('"A" = "b";\n') } });
const MOST_FINDINGS = 3_000;

async function survives(bytes: Uint8Array): Promise<void> {
  const { ok, findings } = await lintPackage(bytes, { now: NOW });
  expect(ok).toBe(!findings.some(({ severity }) => severity === "error"));
  expect(findings.length).toBeLessThan(MOST_FINDINGS);
  for (const { path, message } of findings) expect(path.length + message.length).toBeLessThan(2_000);
}

/** Longer than any of them takes on a busy machine, and far shorter than a hang. */
async function inTime(work: () => Promise<unknown> | unknown, ms = 5_000): Promise<void> {
  const before = performance.now();
  await work();
  expect(performance.now() - before).toBeLessThan(ms);
}

test("random bytes", () => fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), survives), { numRuns: 300 }));

test("random bytes as each of the files", () =>
  fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.constantFrom(
          "pass.json",
          "manifest.json",
          "signature",
          "icon.png",
          "fr.lproj/pass.strings",
          "personalization.json",
        ),
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
      ),
      (files) => survives(packed(Object.entries(files))),
    ),
    { numRuns: 300 },
  ));

test("a changed byte anywhere in the archive", async () => {
  for (let at = 0; at < good.length; at += 7) {
    const broken = Buffer.from(good);
    broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
    await survives(broken);
  }
}, 60_000);

test("cut off, doubled, and sewn together from parts", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length), fc.nat(400)), { minLength: 1, maxLength: 30 }),
      fc.nat(good.length),
      async (parts, from) => {
        const pieces = parts.map(([at, length]) => good.subarray(at, at + length));
        await survives(Buffer.concat([...pieces, good.subarray(from)]));
      },
    ),
    { numRuns: 150 },
  ));

test("any bytes as a signature, and a signature with a changed byte anywhere", async () => {
  const files = await readPackage(good);
  const signature = files.get("signature") ?? Buffer.alloc(0);
  for (let at = 0; at < signature.length; at += 3) {
    const broken = Buffer.from(signature);
    broken[at] = (broken[at] ?? 0) ^ (1 << (at % 8));
    await survives(packed(new Map([...files, ["signature", broken]])));
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) =>
      survives(packed(new Map<string, Uint8Array>([...files, ["signature", bytes]]))),
    ),
    { numRuns: 200 },
  );
}, 60_000);

test("any JSON as a pass, and any JSON in any place of one", () => {
  const images = context();
  fc.assert(
    fc.property(fc.jsonValue(), (value) => void lintPass(value, images)),
    { numRuns: 500 },
  );
  for (const pass of [card, ticket, flight, posterTicket]) {
    const paths = pathsOf(pass);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        for (const { message, path: at } of lintPass(withValue(pass, path, value), images)) {
          expect(message).not.toContain("undefined");
          expect(at).not.toBe("");
        }
      }),
      { numRuns: 400 },
    );
  }
});

test("nested a million deep", () =>
  inTime(async () => {
    for (const deep of ["[".repeat(1_000_000), '{"a":'.repeat(500_000), `${"[".repeat(20_000)}${"]".repeat(20_000)}`]) {
      await survives(packed(await signed({ "pass.json": Buffer.from(deep) })));
    }
    const der = Buffer.from("30800000".slice(0, 4).repeat(100_000), "hex");
    await survives(
      packed([
        ["manifest.json", Buffer.from("{}")],
        ["signature", der],
      ]),
    );
  }));

test("keys, texts and lists of a megabyte", () =>
  inTime(async () => {
    const long = "x".repeat(1_000_000);
    await survives(
      packed(
        await signed({
          "pass.json": Buffer.from(JSON.stringify({ ...card, [long]: long, serialNumber: long, labelColor: long })),
        }),
      ),
    );
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`unknown${i}`, i]));
    await survives(packed(await signed({ "pass.json": Buffer.from(JSON.stringify({ ...card, ...many })) })));
    const attributed = `<a href="${"<a    href=".repeat(50_000)}&${" ".repeat(100_000)}`;
    const fields = Array.from({ length: 100 }, (_, i) => ({
      key: `${i}`,
      value: long.slice(0, 5_000),
      attributedValue: attributed.slice(0, 20_000),
    }));
    await survives(
      packed(
        await signed({ "pass.json": Buffer.from(JSON.stringify({ ...card, storeCard: { backFields: fields } })) }),
      ),
    );
  }));

test("a language that never ends, and many of them", () =>
  inTime(async () => {
    const strings = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `"k${i}"="";`).join(""));
    const languages = Array.from({ length: 60 }, (_, i) => [`l${i}.lproj/pass.strings`, strings] as const);
    await survives(packed([...languages, ["fr.lproj/pass.strings", Buffer.from(`/*${"*".repeat(900_000)}`)]]));
    await survives(packed([["fr.lproj/pass.strings", Buffer.from(`"${"\\".repeat(900_001)}`)]]));
  }));

test("images that unpack to gigabytes", () =>
  inTime(() => {
    const image = pngOf(4_096, 4_096, deflateSync(Buffer.alloc(4_096 * (4_096 * 4 + 1))));
    const { images } = filesContext(new Map(Array.from({ length: 60 }, (_, i) => [`strip${i}.png`, image] as const)));
    expect(images.get("strip0.png")).toEqual({ width: 4_096, height: 4_096 });
    const before = process.memoryUsage.rss();
    const lying = pngOf(100, 100, deflateSync(Buffer.alloc(200_000_000)));
    filesContext(new Map([["strip.png", lying]]));
    expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
    expect(
      filesContext(new Map([["strip.png", pngOf(100_000, 100_000, Buffer.alloc(0))]])).images.get("strip.png"),
    ).toBeUndefined();
  }));

/** A PNG in true colour with transparency, whose pixels are given packed. */
function pngOf(width: number, height: number, packedPixels: Buffer): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const { content, crc } = zipEntry("", Buffer.concat([Buffer.from(type, "latin1"), data]));
    const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    checksum.writeUInt32BE(crc);
    return Buffer.concat([length, content, checksum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", packedPixels), chunk("IEND", Buffer.alloc(0))]);
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))].filter(
    (one) => one.length > 0,
  );
}

function withValue(pass: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(pass) as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) ?? ""] = value;
  return copy;
}

test("the archive of one file is also only bytes", () =>
  survives(zipStored([zipEntry("pass.json", Buffer.from("{}"))])));

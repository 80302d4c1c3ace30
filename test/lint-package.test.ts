import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { ZipArchive } from "archiver";
import { PKPass } from "passkit-generator";
import {
  built,
  DEVELOPMENT,
  errorsOf,
  findingsOf,
  ICON_FILES,
  lint,
  packed,
  png,
  signed,
} from "./support/lint/packages.ts";
import { card, changed, NOW } from "./support/lint/passes.ts";
import { readPackage } from "./support/read-package.ts";

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const FILES = { "pass.json": json(card), ...Object.fromEntries(ICON_FILES) };

describe("a package without fault", () => {
  test("by the server's own builder: only that it is not Apple's", async () => {
    const { ok, findings } = await lint(await built());
    expect(ok).toBe(true);
    expect(findings).toEqual([
      expect.objectContaining({
        id: "APL006",
        severity: "warning",
        message: expect.stringContaining("not issued by Apple"),
      }),
    ]);
  });

  test("with languages and images of their own", async () => {
    const strings = (text: string) => Buffer.from(`\ufeff/* Texts */\n"LEVEL" = "${text}";\n`, "utf16le");
    const bytes = await built({
      files: {
        "en.lproj/pass.strings": strings("Level"),
        "fr.lproj/pass.strings": strings("Niveau"),
        "en.lproj/logo.png": png(160, 50),
        "fr.lproj/logo.png": png(160, 50),
      },
    });
    expect(await findingsOf(bytes)).toEqual([]);
  });

  test("whatever the order of its files", async () => {
    expect(await findingsOf(packed([...(await readPackage(await built()))].reverse()))).toEqual([]);
  });

  test("compressed, with data descriptors and folder entries, as other programs write", async () => {
    const zip = new ZipArchive();
    const chunks: Buffer[] = [];
    zip.on("data", (chunk: Buffer) => chunks.push(chunk));
    for (const [name, content] of await readPackage(await built())) zip.append(Buffer.from(content), { name });
    zip.append("", { name: "fr.lproj/" });
    await zip.finalize();
    expect(await findingsOf(Buffer.concat(chunks))).toEqual([]);
  });

  test("by another library, whose signature has its attributes in another order", async () => {
    const pass = new PKPass(Object.fromEntries([...ICON_FILES, ["pass.json", json(card)]]), {
      wwdr: DEVELOPMENT.intermediatePem,
      signerCert: DEVELOPMENT.certificatePem,
      signerKey: DEVELOPMENT.privateKeyPem,
    });
    expect(await errorsOf(pass.getAsBuffer())).toEqual([]);
  });
});

describe("manifest", () => {
  test("a changed byte in any file is found by its hash", async () => {
    const files = await readPackage(await built());
    for (const [name, content] of files) {
      if (name === "manifest.json" || name === "signature") continue;
      const broken = Buffer.from(content);
      broken[content.length >> 1] = (broken[content.length >> 1] ?? 0) ^ 1;
      expect(
        await errorsOf(
          packed([...files, [name, broken] as const].filter(([other], i) => other !== name || i === files.size)),
        ),
      ).toContain(`APL002 ${name}`);
    }
  });

  test("says both hashes, as the phone does", async () => {
    const files = await signed(FILES);
    files.set("pass.json", json(changed(card, { voided: false })));
    const { findings } = await lint(packed(files));
    const hash = (content: Buffer) => createHash("sha1").update(content).digest("hex");
    expect(findings.find(({ id }) => id === "APL002")?.deviceMessage).toBe(
      `For file pass.json, manifest's listed SHA1 hash ${hash(FILES["pass.json"])} doesn't match computed hash ${hash(json(changed(card, { voided: false })))}`,
    );
  });

  test("every missing file is missed", async () => {
    const files = await readPackage(await built());
    const without = (name: string) => errorsOf(packed([...files].filter(([other]) => other !== name)));
    expect(await without("pass.json")).toEqual(["APL001 pass.json", "APL001 manifest.json"]);
    expect(await without("manifest.json")).toEqual(["APL001 manifest.json", "APL004 signature"]);
    expect(await without("signature")).toEqual(["APL003 signature"]);
    expect(await without("icon.png")).toEqual(["APL001 manifest.json"]);
  });

  test("a file that nobody vouches for", async () => {
    const files = await signed(FILES);
    files.set("logo.png", png(160, 50));
    expect(await errorsOf(packed(files))).toEqual(["APL001 logo.png"]);
  });

  test.each([
    ["upper case", (hash: string) => hash.toUpperCase(), "upper case"],
    ["SHA-256", () => "0".repeat(64), "SHA-256"],
    ["no text", () => 5, "SHA-1 as text"],
    ["anything", () => "hash", "no SHA-1"],
  ])("%s instead of SHA-1 in lower case", async (_, hashOf, says) => {
    const manifest = Object.fromEntries(
      Object.entries(FILES).map(([name, content]) => [name, createHash("sha1").update(content).digest("hex")]),
    );
    const files = await signed(FILES, json({ ...manifest, "icon.png": hashOf(manifest["icon.png"] ?? "") }));
    const { findings } = await lint(packed(files));
    const found = findings.filter(({ severity }) => severity === "error");
    expect(found).toEqual([
      expect.objectContaining({ id: "APL002", path: "icon.png", message: expect.stringContaining(says) }),
    ]);
  });

  test("that is no object, or speaks of itself", async () => {
    expect(await errorsOf(packed(await signed(FILES, json([]))))).toEqual(["APL001 manifest.json"]);
    const hashes = Object.entries(FILES).map(([name, content]) => [
      name,
      createHash("sha1").update(content).digest("hex"),
    ]);
    const own = json({ ...Object.fromEntries(hashes), signature: "0".repeat(40) });
    expect(await errorsOf(packed(await signed(FILES, own)))).toEqual(["APL001 manifest.json"]);
  });
});

describe("JSON to the letter", () => {
  const text = JSON.stringify(card);
  test.each([
    ["a comment", text.replace("{", "{ /* card */"), "a comment"],
    ["a comma too many", text.replace(/\}$/, ",}"), "a comma too many"],
    ["a line break in a text", text.replace("Osier", "Osi\ner"), "does not end in its line"],
    ["a missing quote", text.replace('"description"', "description"), "not in quotes"],
    ["nothing", "", "a value is missing"],
  ])("%s", async (_, broken, says) => {
    const { findings } = await lint(packed(await signed({ ...FILES, "pass.json": Buffer.from(broken) })));
    expect(findings.find(({ id }) => id === "APL101")).toMatchObject({ severity: "error", path: "pass.json" });
    expect(findings.find(({ id }) => id === "APL101")?.message).toContain(says);
  });

  test("the place of the fault, and what else is wrong behind it", async () => {
    const broken = JSON.stringify(changed(card, { serialNumber: 5 }), undefined, 2).replace(
      '"Osier & Pine",',
      '"Osier & Pine",,',
    );
    const { findings } = await lint(packed(await signed({ ...FILES, "pass.json": Buffer.from(broken) })));
    expect(findings.find(({ id }) => id === "APL101")?.message).toContain("line 6, column 38");
    expect(findings.map(({ id }) => id)).toContain("APL104");
  });

  test("a repeated key, with its path", async () => {
    const broken = text.replace('"key":"points"', '"key":"points","key":"other"');
    const errors = await errorsOf(packed(await signed({ ...FILES, "pass.json": Buffer.from(broken) })));
    expect(errors).toContain("APL101 pass.storeCard.primaryFields.0.key");
  });

  test("text that is not UTF-8, and nothing but a list", async () => {
    const latin = Buffer.from(text.replace("Osier", "Örtel"), "latin1");
    expect(await errorsOf(packed(await signed({ ...FILES, "pass.json": latin })))).toContain("APL101 pass.json");
    expect(await errorsOf(packed(await signed({ ...FILES, "pass.json": json([]) })))).toEqual(["APL001 pass.json"]);
  });
});

test("what is in the package is looked at too", async () => {
  const found = async (files: Readonly<Record<string, Uint8Array>>) =>
    findingsOf(packed(await signed({ ...FILES, ...files })));
  expect(await found({ "strip.png": Buffer.from("\xff\xd8\xff JPEG", "latin1") })).toEqual(["APL403 strip.png"]);
  expect(await found({ "strip.png": png(375, 144).subarray(0, 60) })).toEqual(["APL403 strip.png"]);
  expect(await found({ "strip.png": png(300, 100) })).toEqual(["APL404 strip.png"]);
  expect(await found({ "fr.lproj/pass.strings": Buffer.from('"A" = "b"') })).toEqual(["APL407 fr.lproj/pass.strings"]);
  expect(await found({ "personalization.json": json({}) })).toContain("APL601 personalization.description");
  expect(
    await found({ "pass.json": json(changed(card, { expirationDate: new Date(NOW - 1).toISOString() })) }),
  ).toEqual(["APL113 pass.expirationDate"]);
});

import { buffer } from "node:stream/consumers";
import { ZipArchive, type ZipOptions } from "archiver";
import { buildPackage, prepareFiles } from "../src/apple/package.ts";
import { createSigner } from "../src/apple/signer.ts";
import { zipEntry, zipStored } from "../src/apple/zip.ts";
import type { Bench, Figure } from "./figure.ts";
import { interleave, perSecond, ratio } from "./measure.ts";
import { loadSampleCard } from "./sample-card.ts";
import { unzip } from "./verify-package.ts";

const ROUNDS = 5;
const SLOT_MS = 800;

type Files = ReadonlyMap<string, Buffer>;

/** Zipping the files of one pass: the few lines in src/apple/zip.ts against a general library. */
export const zipBench: Bench = {
  name: "zip",
  title: "zipping the nine files of one pass, one after the other",
  async run(): Promise<Figure[]> {
    const { passJson, images, material } = await loadSampleCard();
    const signed = await buildPackage(passJson(1), prepareFiles(images), await createSigner(material), Date.now());
    const files: Files = await unzip(signed);

    const prepared = [...images].map(([name, content]) => zipEntry(name, content));
    const varying = [...files].filter(([name]) => !images.has(name));
    const entriesOf = (some: Iterable<[string, Buffer]>) => [...some].map(([name, content]) => zipEntry(name, content));
    const zips = {
      prepared: () => zipStored([...entriesOf(varying), ...prepared]),
      unprepared: () => zipStored(entriesOf(files)),
      store: () => archive(files, { store: true }),
      deflate: () => archive(files, {}),
    };
    for (const zip of Object.values(zips)) {
      if (!Bun.deepEquals(sorted(await unzip(await zip())), sorted(files))) throw new Error("A zip lost something.");
    }

    const stored = zips.unprepared().length;
    const saved = (1 - (await zips.deflate()).length / stored) * 100;

    const slot = (zip: () => Buffer | Promise<Buffer>) => () => perSecond(SLOT_MS, 1, zip);
    const measured = await interleave(ROUNDS, {
      prepared: slot(zips.prepared),
      unprepared: slot(zips.unprepared),
      store: slot(zips.store),
      deflate: slot(zips.deflate),
    });
    return [
      { name: "Passhook, images prepared (as it is used)", unit: "packages/s", rounds: measured.prepared },
      { name: "Passhook, nothing prepared", unit: "packages/s", rounds: measured.unprepared },
      { name: "archiver, store mode", unit: "packages/s", rounds: measured.store },
      { name: "archiver, as it comes (deflate)", unit: "packages/s", rounds: measured.deflate },
      { name: "ratio, prepared to store mode", unit: "×", rounds: ratio(measured.prepared, measured.store) },
      { name: "ratio, nothing prepared to store mode", unit: "×", rounds: ratio(measured.unprepared, measured.store) },
      { name: "ratio, prepared to deflate", unit: "×", rounds: ratio(measured.prepared, measured.deflate) },
      { name: "size that deflating would save", unit: "%", rounds: [saved] },
    ];
  },
};

function archive(files: Files, options: ZipOptions): Promise<Buffer> {
  const zip = new ZipArchive(options);
  for (const [name, content] of files) zip.append(content, { name });
  const whole = buffer(zip);
  void zip.finalize();
  return whole;
}

const sorted = (files: Files) => [...files].sort(([a], [b]) => (a < b ? -1 : 1));

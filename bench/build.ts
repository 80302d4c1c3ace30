import { createPrivateKey, randomBytes } from "node:crypto";
import { PKPass } from "passkit-generator";
import { buildPackage, prepareFiles } from "../src/apple/package.ts";
import { createSigner } from "../src/apple/signer.ts";
import type { Bench, Figure } from "./figure.ts";
import { interleave, perSecond, ratio } from "./measure.ts";
import { loadSampleCard, type SampleCard } from "./sample-card.ts";
import { verifyPackage } from "./verify-package.ts";

const ROUNDS = 5;
const SLOT_MS = 1_000;
const IN_FLIGHT = 8;

/** Builds the nth card from its values to a signed package. */
type Builder = (n: number) => Promise<Buffer>;

/** Building passes: this program's way, without its cache, against the usual library and against bare RSA. */
export const buildBench: Bench = {
  name: "build",
  title: "building and signing passes in one process",
  async run(): Promise<Figure[]> {
    const card = await loadSampleCard();
    const ours = await passhookBuilder(card);
    const theirs = passkitBuilder(card);
    await assertSamePass(card, ours, theirs);

    let n = 0;
    const slot = (build: Builder, inFlight: number) => () => perSecond(SLOT_MS, inFlight, () => build(n++));
    const sign = await rawSigner(card);
    const measured = await interleave(ROUNDS, {
      ours: slot(ours, 1),
      theirs: slot(theirs, 1),
      oursTogether: slot(ours, IN_FLIGHT),
      theirsTogether: slot(theirs, IN_FLIGHT),
      // So many in flight that no core ever waits for the next.
      rsa: () => perSecond(SLOT_MS, navigator.hardwareConcurrency * 32, sign),
    });
    const share = ratio(measured.oursTogether, measured.rsa).map((value) => value * 100);
    return [
      { name: "Passhook, one at a time", unit: "passes/s", rounds: measured.ours },
      { name: "passkit-generator, one at a time", unit: "passes/s", rounds: measured.theirs },
      {
        name: "ratio, one at a time",
        unit: "×",
        rounds: ratio(measured.ours, measured.theirs),
        expected: { least: 60 },
      },
      { name: `Passhook, ${IN_FLIGHT} in flight`, unit: "passes/s", rounds: measured.oursTogether },
      { name: `passkit-generator, ${IN_FLIGHT} in flight`, unit: "passes/s", rounds: measured.theirsTogether },
      {
        name: `ratio, ${IN_FLIGHT} in flight`,
        unit: "×",
        rounds: ratio(measured.oursTogether, measured.theirsTogether),
        expected: { least: 60 },
      },
      { name: "bare RSA-2048 signatures, all cores", unit: "/s", rounds: measured.rsa },
      { name: `Passhook, ${IN_FLIGHT} in flight, of bare RSA`, unit: "%", rounds: share, expected: { least: 80 } },
    ];
  },
};

async function passhookBuilder({ images, material, passJson }: SampleCard): Promise<Builder> {
  const files = prepareFiles(images);
  const signer = await createSigner(material);
  return (n) => buildPackage(passJson(n), files, signer, Date.now());
}

/** With everything in memory, and pass.json filled by the same function, so that only the building differs. */
function passkitBuilder({ images, material, privateKeyPem, passJson }: SampleCard): Builder {
  const model = Object.fromEntries(images);
  const certificates = {
    wwdr: material.intermediatePem,
    signerCert: material.certificatePem,
    signerKey: privateKeyPem,
  };
  return async (n) =>
    new PKPass({ ...model, "pass.json": Buffer.from(JSON.stringify(passJson(n))) }, certificates).getAsBuffer();
}

/** A faster builder of something else would prove nothing. */
async function assertSamePass(card: SampleCard, ours: Builder, theirs: Builder): Promise<void> {
  for (const build of [ours, theirs]) {
    const { passJson, images } = await verifyPackage(await build(1), card.material.certificatePem);
    const isSame = Bun.deepEquals(
      [withoutEmptyLists(passJson), images],
      [withoutEmptyLists(JSON.stringify(card.passJson(1))), card.images],
    );
    if (!isSame) throw new Error("The two builders do not build the same pass.");
  }
}

/** The library adds an empty list for a group of fields that the card does not have. */
const withoutEmptyLists = (passJson: string): unknown =>
  JSON.parse(passJson, (_, value: unknown) => (Array.isArray(value) && value.length === 0 ? undefined : value));

/** The runtime's own RSA over as many bytes as a signature covers. */
async function rawSigner({ material }: SampleCard): Promise<() => Promise<ArrayBuffer>> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const pkcs8 = createPrivateKey(material.privateKeyPem).export({ type: "pkcs8", format: "der" });
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const attributes = new Uint8Array(randomBytes(107));
  return () => crypto.subtle.sign(algorithm.name, key, attributes);
}

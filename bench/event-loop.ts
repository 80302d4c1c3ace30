import { buildPackage, prepareFiles } from "../src/apple/package.ts";
import { createPackageCache } from "../src/apple/package-cache.ts";
import { createSigner } from "../src/apple/signer.ts";
import type { Bench, Figure } from "./figure.ts";
import { perSecond } from "./measure.ts";
import { loadSampleCard } from "./sample-card.ts";

const ROUNDS = 5;
const SLOT_MS = 1_500;
/** Fetches that come in at once; the server lets as many through as keep the cores busy. */
const IN_FLIGHT = 64;
const MAX_BUILDING = 2 * navigator.hardwareConcurrency;

/** How long nothing else runs while passes are built and signed as fast as they can be. */
export const eventLoopBench: Bench = {
  name: "event-loop",
  title: `the event loop while ${IN_FLIGHT} passes are being built and signed at once`,
  async run(): Promise<Figure[]> {
    const { images, material, passJson } = await loadSampleCard();
    const files = prepareFiles(images);
    const signer = await createSigner(material);
    let n = 0;
    const cache = createPackageCache(0, MAX_BUILDING);
    const build = () => {
      const serial = n++;
      return cache.get(String(serial), () => buildPackage(passJson(serial), files, signer, Date.now()));
    };
    await perSecond(500, IN_FLIGHT, build);

    const longest: number[] = [];
    const usual: number[] = [];
    const idle: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      Bun.gc(true);
      idle.push((await blocksWhile(() => Bun.sleep(SLOT_MS))).at(-1) ?? 0);
      const blocks = await blocksWhile(() => perSecond(SLOT_MS, IN_FLIGHT, build));
      longest.push(blocks.at(-1) ?? 0);
      usual.push(blocks[Math.floor(blocks.length * 0.99)] ?? 0);
    }
    return [
      { name: "longest turn of an idle loop (this machine's own noise)", unit: "ms", rounds: idle },
      { name: "longest turn while signing", unit: "ms", rounds: longest },
      { name: "99 of 100 turns while signing are shorter than", unit: "ms", rounds: usual },
    ];
  },
};

/** Times between two turns of the event loop while `work` goes on, sorted. */
async function blocksWhile(work: () => Promise<unknown>): Promise<number[]> {
  const turns: number[] = [];
  let running = true;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    turns.push(now - last);
    last = now;
    if (running) setImmediate(look);
  };
  setImmediate(look);
  await work();
  running = false;
  return turns.sort((a, b) => a - b);
}
